"""Traces: what a request and the stages of its answer took, as OpenTelemetry tells it.

Spans hold names, statuses and counts: no address that was asked for, no question, no message of an
error. Names are those of OpenTelemetry's semantic conventions for HTTP where there is one.
"""

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

from opentelemetry.context import Context
from opentelemetry.trace import (
    NoOpTracer,
    Span,
    SpanKind,
    StatusCode,
    Tracer,
    set_span_in_context,
)
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from qa.answer import Answer
from qa.operations.traces import open_exporter
from qa.telemetry_settings import TelemetrySettings

if TYPE_CHECKING:
    from opentelemetry.sdk.trace.export import SpanExporter

_HEADERS = ("traceparent", "tracestate")
"""W3C Trace Context; baggage is not taken, which could hold anything."""

_NS_PER_MS = 1_000_000


@dataclass(frozen=True, slots=True)
class Traces:
    """Tells *tracer* of requests and answers; safe to use from several threads."""

    tracer: Tracer

    def begun(self, method: str, route: str | None, headers: Mapping[str, str]) -> Span:
        """Return the span of a request that begins, part of the trace that its *headers* name."""
        given = {name.lower(): value for name, value in headers.items()}
        carried = {name: given[name] for name in _HEADERS if name in given}
        context = TraceContextTextMapPropagator().extract(carried, Context())
        attributes = {"http.request.method": method}
        if route:
            attributes["http.route"] = route
        name = f"{method} {route}" if route else method
        return self.tracer.start_span(name, context, SpanKind.SERVER, attributes)

    def answered(self, answer: Answer, k: int) -> None:
        """Tell of an answer made from at most *k* passages, and its stages, which have just ended.

        They belong to the request at hand, if there is one.
        """
        end = time.time_ns()
        times_ms = answer.timings_ms
        span = self.tracer.start_span(
            "answer",
            attributes={
                "dateline.answer_id": answer.answer_id,
                "dateline.status": answer.status,
                "dateline.band": answer.confidence.band,
                "dateline.reason": answer.abstention.reason if answer.abstention else "none",
                "dateline.passages_at_most": k,
                "dateline.citations": len(answer.citations),
            },
            start_time=end - int(times_ms.get("total", 0.0) * _NS_PER_MS),
        )
        inside = set_span_in_context(span)
        until = end
        for stage in reversed([stage for stage in times_ms if stage != "total"]):
            began = until - int(times_ms[stage] * _NS_PER_MS)
            self.tracer.start_span(stage, inside, start_time=began).end(until)
            until = began
        span.end(end)


def ended(span: Span, status: int) -> None:
    """End the span of a request that was answered with *status*."""
    span.set_attribute("http.response.status_code", status)
    if status >= 500:
        span.set_status(StatusCode.ERROR)
    span.end()


def no_traces() -> Traces:
    """Return what tells nobody, and lets a request's own trace id pass into the log."""
    return Traces(NoOpTracer())


def open_traces(telemetry: TelemetrySettings) -> Traces:
    """Return what traces as the settings say; raise `MissingExtra`."""
    exporter = open_exporter(telemetry)
    return traces_to(exporter, telemetry.trace_share) if exporter else no_traces()


def traces_to(exporter: "SpanExporter", share: float) -> Traces:
    """Return what gives *share* of all traces to *exporter*, some seconds later and at the end."""
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor
    from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased

    named = os.environ.get("OTEL_SERVICE_NAME", "dateline")
    ours = version("dateline")
    provider = TracerProvider(
        sampler=ParentBased(TraceIdRatioBased(share)),
        resource=Resource.create({"service.name": named, "service.version": ours}),
    )
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return Traces(provider.get_tracer("dateline", ours))
