"""Settings of what operators hear from a server: logs and traces."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class TelemetrySettings(BaseModel):
    """What the server tells its operators, beside the numbers and the page that they ask for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    log_format: Literal["text", "json"] = Field(
        default="text",
        description="How the server writes its log to standard error: `json` is an object a line.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info",
        description="From which level on the server logs. Only `debug` shows the messages of "
        "unforeseen errors, which can hold what people asked.",
    )
    traces: str | None = Field(
        default=None,
        pattern=r"^https?://",
        description="Where traces are sent, by OTLP over HTTP, such as "
        "`http://127.0.0.1:4318/v1/traces`; needs the extra `telemetry`. Empty sends none.",
    )
    trace_share: float = Field(
        default=1.0,
        ge=0,
        le=1,
        description="Share of requests that are traced, of those that are part of no trace yet.",
    )
