"""The server's log: text or JSON, a line a record, without what people asked.

What Dateline itself logs names answers by their ids and views by their names. What others log is
rewritten here: gunicorn's lines lose what follows the question mark of an address, and unforeseen
errors their messages, which can quote what was being worked on.
"""

import json
import logging
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime

from corpus.errors import CorpusError
from embeddings.errors import SearchError
from qa.errors import QAError
from qa.telemetry_settings import TelemetrySettings
from web.operating.requests import the_exchange

_OF_A_REQUEST = ("request_id", "trace_id")
_TOLD = ("method", "view", "status", "ms", *_OF_A_REQUEST)
MOST_ERRORS = 20
"""Errors that are told of one record, with their causes."""


def set_up_logs(telemetry: TelemetrySettings) -> None:
    """Have everything in this process logged to standard error as the settings say."""
    formatter = Lines(telemetry)
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    logging.basicConfig(level=telemetry.log_level.upper(), handlers=[handler])
    logging.getLogger("mcp").setLevel(logging.WARNING)  # it tells of every request's beginning
    for name in ("gunicorn.error", "gunicorn.access"):
        gunicorn = logging.getLogger(name)
        if telemetry.log_level != "debug":
            gunicorn.addFilter(without_words)
        for writing in gunicorn.handlers:
            writing.setFormatter(formatter)


class Lines(logging.Formatter):
    """Writes records as *telemetry* says: lines of text or JSON, errors with or without words."""

    def __init__(self, telemetry: TelemetrySettings) -> None:
        super().__init__()
        self._json = telemetry.log_format == "json"
        self._words = telemetry.log_level == "debug"

    def format(self, record: logging.LogRecord) -> str:
        """Return *record* as one line, in text with the lines of its traceback."""
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        told = {
            "time": moment,
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **_about(record),
        }
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            told["error"] = type(error).__name__
            told["traceback"] = "".join(_lines_of(error, words=self._words))
        if self._json:
            return json.dumps(told, ensure_ascii=False)
        return _as_text(told)


def _about(record: logging.LogRecord) -> dict[str, object]:
    """Return what is known of the request that *record* is about."""
    exchange = the_exchange()
    told = {name: getattr(exchange, name) for name in _OF_A_REQUEST} if exchange else {}
    told |= {name: getattr(record, name) for name in _TOLD if hasattr(record, name)}
    return {name: value for name, value in told.items() if value is not None}


def _as_text(told: dict[str, object]) -> str:
    ids = "".join(f" {name}={told[name]}" for name in _OF_A_REQUEST if name in told)
    message = str(told["message"]).replace("\n", "\\n")
    line = f"{told['time']} {told['level']} {told['logger']} {message}{ids}"
    return f"{line}\n{told['traceback']}".rstrip() if "traceback" in told else line


def _lines_of(error: BaseException, *, words: bool) -> Iterator[str]:
    """Yield where *error* and what led to it were raised, the first cause first."""
    if words:
        yield from traceback.format_exception(error)
        return
    for one in reversed(_chain(error)):
        yield from traceback.format_tb(one.__traceback__)
        yield f"{_named(one)}\n"


def _chain(error: BaseException) -> list[BaseException]:
    """Return *error* with its causes and, of a group, its members."""
    found: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting and len(found) < MOST_ERRORS:
        one = waiting.pop()
        if one is None or any(one is other for other in found):
            continue
        found.append(one)
        if isinstance(one, BaseExceptionGroup):
            waiting.extend(one.exceptions)
        waiting.append(one.__cause__ or (None if one.__suppress_context__ else one.__context__))
    return found


def _named(error: BaseException) -> str:
    """Return the error's name; with its message, where that is known to be for operators."""
    name = type(error).__name__
    if isinstance(error, (CorpusError, SearchError, QAError)):
        return f"{name}: {error}"
    if isinstance(error, OSError) and error.strerror and not error.args[2:]:
        return f"{name}: {error.strerror}"
    return name


def without_words(record: logging.LogRecord) -> bool:
    """Take out of gunicorn's *record* what can be users' words: queries, lines it can't read."""
    if isinstance(record.args, dict):
        for name, value in record.args.items():
            record.args[name] = _cut(name, value)
        return True
    if isinstance(record.args, tuple):
        record.args = tuple(_cut("", value) for value in record.args)
    if isinstance(record.msg, str):
        told, refused, _ = record.msg.partition("Invalid request from ip=")
        if refused:
            address = record.msg.removeprefix(told + refused).partition(": ")[0]
            record.msg, record.args = f"{told}{refused}{address}", ()
    return True


def _cut(name: str, value: object) -> object:
    if name in ("q", "{query_string}e"):
        return "-"
    return value.partition("?")[0] if isinstance(value, str) else value
