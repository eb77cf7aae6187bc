"""What operators measure, as Prometheus reads it at `/metrics`."""

from typing import get_args

from flask import Flask, Response, current_app
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)

from qa.answer import Answer, Reason
from qa.assistant import Assistant
from qa.conversation import Verdict
from qa.operations.following import open_intake_log
from qa.settings import Settings
from web.operating.recent import Recent, band_of
from web.operating.store_numbers import StoreNumbers
from web.operating.watchers import only_watchers

STAGE_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
REQUEST_SECONDS = (*STAGE_SECONDS, 5.0, 10.0, 30.0)


class Metrics:
    """Counts answers and requests; holds no word of what anybody asked.

    Safe to use from several threads.
    """

    def __init__(self) -> None:
        self.recent = Recent()
        self.registry = CollectorRegistry()
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=self.registry)
        self._answers = self._counter("answers", "Answers, by what became of them", "status band")
        self._abstentions = self._counter("abstentions", "Answers withheld, by reason", "reason")
        self._feedback = self._counter("feedback", "What people thought of answers", "verdict")
        # Prometheus sees a rise only from a number that it has seen.
        for reason in get_args(Reason):
            self._abstentions.labels(reason)
        for verdict in get_args(Verdict):
            self._feedback.labels(verdict)
        self._stages = Histogram(
            "dateline_stage_seconds",
            "Seconds of each stage of an answer",
            ["stage"],
            buckets=STAGE_SECONDS,
            registry=self.registry,
        )
        self._requests = Histogram(
            "dateline_request_seconds",
            "Seconds of each request, by the view that answered it",
            ["view", "method", "status"],
            buckets=REQUEST_SECONDS,
            registry=self.registry,
        )
        self._in_flight = Gauge(
            "dateline_requests_in_flight", "Requests being answered", registry=self.registry
        )

    def _counter(self, name: str, told: str, labels: str) -> Counter:
        return Counter(f"dateline_{name}", told, labels.split(), registry=self.registry)

    def answered(self, answer: Answer) -> None:
        """Count an answer, with the seconds of its stages."""
        self.recent.answered(answer)
        self._answers.labels(answer.status, band_of(answer)).inc()
        if answer.abstention:
            self._abstentions.labels(answer.abstention.reason).inc()
        for stage, milliseconds in answer.timings_ms.items():
            self._stages.labels(stage).observe(milliseconds / 1000)

    def judged(self, verdict: str) -> None:
        """Count a verdict on an answer."""
        self.recent.judged(verdict)
        self._feedback.labels(verdict).inc()

    def begun(self) -> None:
        """Count a request that begins."""
        self._in_flight.inc()

    def ended(self, view: str, method: str, status: int, seconds: float) -> None:
        """Count a request that ended."""
        self.recent.requested(status)
        self._in_flight.dec()
        self._requests.labels(view, method, str(status)).observe(seconds)


def the_metrics() -> Metrics:
    """Return what this app counts with."""
    metrics: Metrics = current_app.extensions["metrics"]
    return metrics


def register(app: Flask, metrics: Metrics, assistant: Assistant, settings: Settings) -> None:
    """Tell those who may watch *app* what is counted, at `/metrics`."""
    app.extensions["metrics"] = metrics
    numbers = CollectorRegistry()
    numbers.register(StoreNumbers(assistant, open_intake_log(settings)))

    @app.get("/metrics")
    @only_watchers(settings.web.metrics)
    def tell_metrics() -> Response:
        text = generate_latest(metrics.registry) + generate_latest(numbers)
        return Response(text, content_type=CONTENT_TYPE_LATEST)
