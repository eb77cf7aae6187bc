"""The server's log: its two forms, and that nobody's words are in it."""

import json
import logging
import sys
from collections.abc import Iterator
from io import StringIO
from typing import cast

import pytest
from flask import Flask
from gunicorn.glogging import SafeAtoms

from corpus.errors import StoreDamaged
from qa.assistant import Assistant
from qa.conversations.sql_conversations import SqlConversations
from qa.settings import Settings
from qa.telemetry_settings import TelemetrySettings
from tests.fakes import MAYOR_QUESTION, FakeAssistant
from web import create_app
from web.operating.logs import Lines, without_words
from web.operating.requests import REQUEST_ID

WORD = "Xanthippe"


@pytest.fixture
def written() -> Iterator[StringIO]:
    """Everything from INFO on that the server would write, as JSON."""
    stream, root = StringIO(), logging.getLogger()
    handler, level = logging.StreamHandler(stream), root.level
    handler.setFormatter(Lines(TelemetrySettings(log_format="json")))
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture
def served(assistant: FakeAssistant, conversations: SqlConversations) -> Flask:
    app = create_app(Settings(), cast(Assistant, assistant), conversations)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


def line_of(error: BaseException, **telemetry: str) -> str:
    try:
        raise error
    except type(error):
        failed = sys.exc_info()
    record = logging.LogRecord("web", logging.ERROR, __file__, 1, "it broke", (), failed)
    return Lines(TelemetrySettings.model_validate(telemetry)).format(record)


def test_nobodys_words_are_in_the_log(served: Flask, written: StringIO) -> None:
    client = served.test_client()
    asked = {"question": f"{WORD}?", "filters": {"publisher": WORD}}
    answer = client.post("/v1/ask", json=asked).get_json()
    begun = client.post("/v1/conversations").get_json()["id"]
    client.post("/v1/ask", json={"question": WORD, "conversation_id": begun})
    said = {"conversation_id": begun, "turn": 1, "verdict": "down", "comment": WORD}
    assert client.post("/v1/feedback", json=said).status_code == 204
    client.get(f"/?q={WORD}&publisher={WORD}")
    client.post("/ask", data={"q": WORD, "conversation": begun})
    client.post("/ask", data={"q": WORD}, headers={"Accept": "text/event-stream"}).close()
    client.get(f"/stories?words={WORD}")
    client.get(f"/{WORD}/{WORD}", headers={"Referer": f"http://localhost/?q={WORD}"})
    client.post("/v1/ask", json={"question": [WORD], WORD: WORD})
    client.get("/", headers={REQUEST_ID: f"{WORD} {WORD}", "User-Agent": WORD})

    assert answer["status"] == "abstained"
    assert written.getvalue().count("web.operating.requests") >= 10
    assert WORD not in written.getvalue()
    assert begun not in written.getvalue()


@pytest.mark.parametrize("how", ["application/json", "text/event-stream"])
def test_a_view_that_breaks_is_logged_without_them(
    served: Flask, assistant: FakeAssistant, written: StringIO, how: str
) -> None:
    assistant.failure = KeyError(f"{WORD} was asked")
    asked = {"question": MAYOR_QUESTION}
    response = served.test_client().post(
        f"/v1/ask?{WORD}", json=asked, headers={"Accept": how, REQUEST_ID: "id-7"}
    )
    assert "went wrong" in response.text
    response.close()
    assert WORD not in written.getvalue()
    told = [json.loads(line) for line in written.getvalue().splitlines()]
    [broken] = [line for line in told if "traceback" in line]
    assert broken["request_id"] == "id-7"
    assert broken["error"] == "KeyError"
    assert "in ask" in broken["traceback"]
    assert broken["traceback"].endswith("KeyError\n")


def test_a_line_of_json_names_the_request_and_its_trace(served: Flask, written: StringIO) -> None:
    trace = "0af7651916cd43dd8448eb211c80319c"
    caller = {"traceparent": f"00-{trace}-b7ad6b7169203331-01", REQUEST_ID: "id-8"}
    served.test_client().get("/healthz", headers=caller)
    told = json.loads(written.getvalue().splitlines()[-1])

    assert told.pop("ms") >= 0
    assert told.pop("time").endswith("+00:00")
    assert told.pop("message").startswith("GET v1_health.alive 200 in ")
    assert told == {
        "level": "INFO",
        "logger": "web.operating.requests",
        "method": "GET",
        "view": "v1_health.alive",
        "status": 200,
        "request_id": "id-8",
        "trace_id": trace,
    }


def test_an_error_is_told_with_where_it_was_raised_and_not_with_its_words() -> None:
    error = ValueError(WORD)
    error.__cause__ = ExceptionGroup(WORD, [KeyError(WORD), OSError(28, "No space left")])
    line = line_of(error)
    assert WORD not in line
    assert "ERROR web it broke\n" in line
    assert "in line_of" in line
    for name in ("ValueError", "ExceptionGroup", "KeyError", "OSError: No space left"):
        assert name in line


def test_errors_of_dateline_and_all_errors_at_debug_keep_their_words() -> None:
    assert "stories.sqlite is damaged" in line_of(StoreDamaged("stories.sqlite is damaged"))
    assert WORD in line_of(ValueError(WORD), log_level="debug")


def test_errors_that_cause_each_other_end() -> None:
    first, second = ValueError("1"), KeyError("2")
    first.__cause__, second.__cause__ = second, first
    assert line_of(first).count("KeyError") == 1


def test_a_text_line_stays_one_line() -> None:
    record = logging.LogRecord("web", logging.INFO, __file__, 1, "a\nINFO b", (), None)
    assert Lines(TelemetrySettings()).format(record).count("\n") == 0


@pytest.mark.parametrize(
    ("msg", "args", "told"),
    [
        ("Error handling request %s %s", ("GET", f"/?q={WORD}"), "Error handling request GET /"),
        (
            f"Invalid request from ip=::1: Invalid HTTP request line: 'GET {WORD}'",
            (),
            "Invalid request from ip=::1",
        ),
        ("Booting worker with pid: %s", (7,), "Booting worker with pid: 7"),
        ("100 % of it", (), "100 % of it"),
    ],
)
def test_lines_of_gunicorn_lose_what_was_asked(
    msg: str, args: tuple[object, ...], told: str
) -> None:
    record = logging.LogRecord("gunicorn.error", logging.ERROR, __file__, 1, msg, args, None)
    assert without_words(record)
    assert record.getMessage() == told


def test_an_access_line_of_gunicorn_loses_what_was_asked() -> None:
    atoms = SafeAtoms(
        {"r": f"GET /?q={WORD} HTTP/1.1", "q": f"q={WORD}", "f": f"http://x/?q={WORD}", "s": "200"}
    )
    line = "%(r)s %(q)s %(s)s %(f)s %({missing}i)s"
    record = logging.LogRecord("gunicorn.access", logging.INFO, __file__, 1, line, (atoms,), None)
    assert without_words(record)
    assert record.getMessage() == "GET / - 200 http://x/ -"
