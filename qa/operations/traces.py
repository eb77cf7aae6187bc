"""Where traces are sent: OpenTelemetry's own exporter, if it is installed."""

from typing import TYPE_CHECKING

from embeddings.errors import MissingExtra
from qa.telemetry_settings import TelemetrySettings

if TYPE_CHECKING:
    from opentelemetry.sdk.trace.export import SpanExporter


def open_exporter(telemetry: TelemetrySettings) -> "SpanExporter | None":
    """Return what sends spans where the settings say, None if nowhere; raise `MissingExtra`.

    Headers, certificates and timeouts are read from OpenTelemetry's own variables, such as
    OTEL_EXPORTER_OTLP_HEADERS.
    """
    if telemetry.traces is None:
        return None
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    except ImportError as error:
        raise MissingExtra("telemetry.traces (OpenTelemetry)", "telemetry") from error
    return OTLPSpanExporter(endpoint=telemetry.traces)
