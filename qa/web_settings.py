"""Settings of the web server: to whom it answers, and how often."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints

Rate = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,6}/(second|minute|hour|day)$")]
"""How often something may be done, such as 120/minute."""

Watchers = Literal["loopback", "private", "everyone", "nobody"]
"""From which addresses the numbers for operators may be read."""


class LimitSettings(BaseModel):
    """How often one client may ask: a network address, or an API key."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    enabled: bool | None = Field(
        default=None,
        description="Whether requests are limited; empty means only where others can send any: "
        "when `web.host` is not this machine's own address, or `web.proxies` is set.",
    )
    asking: Rate = Field(
        default="120/minute",
        description="Questions and searches; a key may have a rate of its own.",
    )
    pages: Rate = Field(default="600/minute", description="Everything else that is shown.")
    feedback: Rate = Field(default="10/minute", description="Verdicts on answers.")
    storage: SecretStr | None = Field(
        default=None,
        description="Where requests are counted, as the package `limits` names it, such as "
        "`redis://:password@host:6379` for several servers that count together; empty means in the "
        "memory of this process.",
    )


class WebSettings(BaseModel):
    """How the chat is served, and to whom."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = Field(default="127.0.0.1", description="Address the server listens on.")
    port: int = Field(default=8000, ge=1, le=65535, description="Port the server listens on.")
    threads: int | None = Field(
        default=None,
        ge=1,
        le=64,
        description="Questions that are answered side by side; empty means one for each core that "
        "Dateline may use, at least two, and no more than its memory has room for. Health, pages "
        "and refusals have threads of their own.",
    )
    waiting: int | None = Field(
        default=None,
        ge=0,
        le=1000,
        description="Questions that wait for those; what comes beyond is refused at once with 503 "
        "and `Retry-After`. Empty means three for each that is answered.",
    )
    wait_seconds: float = Field(
        default=10.0, gt=0, le=3600, description="A question that waited so long is refused, too."
    )
    deadline_seconds: float = Field(
        default=30.0,
        gt=0,
        le=3600,
        description="Work on a request ends with 503 after this time, between two stages of it.",
    )
    stop_seconds: int = Field(
        default=30,
        ge=1,
        le=3600,
        description="Seconds that requests at hand have to end in when the server stops.",
    )
    max_body_bytes: int = Field(
        default=65536, ge=1024, description="A larger request body is refused with 413."
    )
    trusted_hosts: str | None = Field(
        default=None,
        description="Names that Dateline is reached under, separated by commas; one that opens "
        "with a dot stands for all that end so. Other names are refused. Empty means any, but on "
        "this machine's own address `localhost` alone, so that no site can pass itself off as it.",
    )
    proxies: int = Field(
        default=0,
        ge=0,
        le=9,
        description="How many proxies of yours stand in front and set the X-Forwarded headers: "
        "only theirs are believed.",
    )
    api_keys: Path | None = Field(
        default=None,
        description="File of the API keys that `dateline keys` makes; empty means "
        "`api-keys.json` in the data folder. Where it exists, `/v1/` and `/mcp` need a key.",
    )
    metrics: Watchers = Field(
        default="private",
        description="Who may see `/metrics` and `/status`: `loopback` is this machine, `private` "
        "its network as well; others are told that there is nothing.",
    )
    limits: LimitSettings = LimitSettings()
