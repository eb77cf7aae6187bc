"""Every request from its beginning to its last byte: its id, its span, its line in the log."""

import logging
import re
import secrets
from contextvars import Token
from dataclasses import dataclass
from functools import partial
from time import perf_counter

from flask import Flask, Response, g, has_request_context, request
from opentelemetry.context import Context, attach, detach
from opentelemetry.trace import Span, format_trace_id, set_span_in_context

from web.operating.metrics import Metrics
from web.operating.traces import Traces, ended

logger = logging.getLogger(__name__)

REQUEST_ID = "X-Request-ID"
_GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


@dataclass(slots=True, kw_only=True)
class Exchange:
    """A request that is being answered.

    *request_id* is the client's, where it gave one that is safe to write down. *view* names what
    answers: an address can hold what was asked.
    """

    request_id: str
    method: str
    view: str
    span: Span
    began: float
    status: int = 500
    streamed: bool = False

    @property
    def trace_id(self) -> str | None:
        """The id of the trace that the request is part of, if it is part of one."""
        context = self.span.get_span_context()
        return format_trace_id(context.trace_id) if context.is_valid else None


def the_exchange() -> Exchange | None:
    """Return the request that this thread is at work for, if it is for one."""
    exchange: Exchange | None = g.get("exchange") if has_request_context() else None
    return exchange


def register(app: Flask, metrics: Metrics, traces: Traces) -> None:
    """Count, trace and log every request of *app*; must come before what refuses requests."""
    desk = _Desk(metrics, traces)
    app.before_request(desk.begin)
    app.after_request(desk.note)
    app.teardown_request(desk.end)
    app.logger.addFilter(_name_the_view)


@dataclass(frozen=True, slots=True)
class _Desk:
    """Where requests are written down as they come and go."""

    metrics: Metrics
    traces: Traces

    def begin(self) -> None:
        exchange = _begun(self.traces)
        g.exchange = exchange
        g.attached = attach(set_span_in_context(exchange.span))
        self.metrics.begun()

    def note(self, response: Response) -> Response:
        if exchange := the_exchange():
            exchange.status = response.status_code
            response.headers[REQUEST_ID] = exchange.request_id
            if response.is_streamed:
                # What is sent bit by bit ends after the view does, and with a broken connection.
                exchange.streamed = True
                response.call_on_close(partial(self._finish, exchange))
        return response

    def end(self, error: BaseException | None) -> None:
        attached: Token[Context] | None = g.pop("attached", None)
        exchange = the_exchange()
        if exchange is None or attached is None:
            return
        detach(attached)
        if not exchange.streamed:
            self._finish(exchange)

    def _finish(self, exchange: Exchange) -> None:
        seconds = perf_counter() - exchange.began
        self.metrics.ended(exchange.view, exchange.method, exchange.status, seconds)
        ended(exchange.span, exchange.status)
        _log(exchange, seconds)


def _begun(traces: Traces) -> Exchange:
    given = request.headers.get(REQUEST_ID, "")
    method = request.method if request.method in _METHODS else "other"
    route = request.url_rule.rule if request.url_rule else None
    return Exchange(
        request_id=given if _GIVEN_ID.fullmatch(given) else secrets.token_hex(8),
        method=method,
        view=request.endpoint or "none",
        span=traces.begun(method, route, dict(request.headers)),
        began=perf_counter(),
    )


def _log(exchange: Exchange, seconds: float) -> None:
    told = {
        "method": exchange.method,
        "view": exchange.view,
        "status": exchange.status,
        "ms": round(seconds * 1000, 1),
        "request_id": exchange.request_id,
        "trace_id": exchange.trace_id,
    }
    line = "%s %s %d in %.1f ms"
    logger.info(line, *(told[name] for name in ("method", "view", "status", "ms")), extra=told)


def _name_the_view(record: logging.LogRecord) -> bool:
    """Have Flask's own line about a view that broke name the view, not the address."""
    if record.exc_info and (exchange := the_exchange()):
        record.msg, record.args = "Exception in %s [%s]", (exchange.view, exchange.method)
    return True
