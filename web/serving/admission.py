"""Puts the gate before what asks, a deadline on every request, and both into the numbers."""

import socket
from collections.abc import Callable, Iterator
from contextvars import copy_context
from typing import ParamSpec, TypeVar

from flask import Flask, current_app, g, request
from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from qa.deadline import Deadline, set_deadline, stays
from qa.web_settings import WebSettings
from web.limits import kind
from web.serving.capacity import capacity_of
from web.serving.gate import REASONS, Gate
from web.serving.standing import Standing

_ASKS_AGAIN = "/v1/feedback"
_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")


def register(app: Flask, web: WebSettings, registry: CollectorRegistry) -> None:
    """Have *app* answer as many questions at a time as *web* says, and count in *registry*.

    What is refused for other reasons should be before: it takes no place.
    """
    capacity = capacity_of(web)
    gate = Gate(capacity.at_once, capacity.waiting, web.wait_seconds)
    app.extensions["gate"] = gate
    app.extensions["standing"] = Standing(gate, web.deadline_seconds)
    registry.register(GateCollector(gate))

    @app.before_request
    def begin() -> None:
        deadline = Deadline(web.deadline_seconds, gone=_gone())
        set_deadline(deadline)
        if _asks():
            request.get_data()  # who sends slowly waits before the gate
            g.place = gate.enter(deadline)

    @app.teardown_request
    def end(error: BaseException | None) -> None:
        set_deadline(None)
        if place := g.pop("place", None):
            gate.leave(place)


def the_gate() -> Gate:
    """Return the gate of this app."""
    gate: Gate = current_app.extensions["gate"]
    return gate


def carried_on(work: Callable[_Given, _Result]) -> Callable[_Given, _Result]:
    """Return *work* for another thread, which has this request's deadline and gives up its place.

    It must be called, once.
    """
    gate, place, context = the_gate(), g.pop("place", None), copy_context()

    def carry_on(*given: _Given.args, **named: _Given.kwargs) -> _Result:
        try:
            return context.run(work, *given, **named)
        finally:
            if place:
                gate.leave(place)

    return carry_on


def _asks() -> bool:
    asks_again = request.path == _ASKS_AGAIN and request.method == "POST"
    return kind() == "asking" or asks_again


def _gone() -> Callable[[], bool]:
    """Return what says whether the client has closed the connection that gunicorn got this from."""
    client = request.environ.get("gunicorn.socket")
    if type(client) is not socket.socket:  # TLS has a state of its own that a look would disturb
        return stays

    def gone() -> bool:
        try:
            return not client.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return False
        except OSError:
            return True

    return gone


class GateCollector(Collector):
    """How it is at a gate when Prometheus asks."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def collect(self) -> Iterator[GaugeMetricFamily | CounterMetricFamily]:
        """Yield the numbers of the moment."""
        counts = self._gate.counts
        yield GaugeMetricFamily(
            "dateline_questions_in_flight", "Questions being answered", value=counts.inside
        )
        yield GaugeMetricFamily(
            "dateline_questions_waiting", "Questions that wait to be answered", value=counts.waiting
        )
        refused = CounterMetricFamily(
            "dateline_questions_refused", "Questions not answered, by reason", labels=["reason"]
        )
        # A count that begins at 0 is seen to rise by the first.
        for reason in REASONS:
            refused.add_metric([reason], counts.refused.get(reason, 0))
        yield refused
