"""Traces: which spans there are, whose they are, and that they hold nobody's words."""

import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from corpus.passages import split_story
from corpus.store import StoryStore
from embeddings.errors import MissingExtra
from qa.answer import Answer
from qa.conversations.sql_conversations import SqlConversations
from qa.operations.traces import open_exporter
from qa.settings import Settings
from qa.telemetry_settings import TelemetrySettings
from tests.fakes import assistant_of_words, mayor_story
from tests.otlp import Received, attributes_of, receiver
from web import create_app
from web.operating.traces import Traces, no_traces, open_traces, traces_to

ASKED = "Was Xanthippe elected mayor of Springfield?"
TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
CALLER = {"traceparent": f"00-{TRACE}-{PARENT}-01"}


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Send spans at once, and give up at once, by OpenTelemetry's own variables."""
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "100")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "1")


@pytest.fixture
def received() -> Iterator[Received]:
    with receiver() as received:
        yield received


def client_of(traces: Traces, path: Path, conversations: SqlConversations) -> Iterator[FlaskClient]:
    with closing(StoryStore(path / "stories.sqlite")) as store:
        store.put([(mayor_story(), split_story(mayor_story()))])
        assistant = assistant_of_words(store)

        def observe(answer: Answer) -> None:
            traces.answered(answer, assistant.passages_read)

        watched = replace(assistant, observe=observe)
        settings = Settings(data=path)
        app = create_app(settings, watched, conversations, traces=traces)
        app.config["PROPAGATE_EXCEPTIONS"] = False
        yield app.test_client()


@pytest.fixture
def traced(
    received: Received, tmp_path: Path, conversations: SqlConversations
) -> Iterator[FlaskClient]:
    traces = open_traces(TelemetrySettings(traces=received.url))
    yield from client_of(traces, tmp_path, conversations)


def test_a_question_is_a_trace_of_its_stages(traced: FlaskClient, received: Received) -> None:
    traced.post("/v1/ask", json={"question": ASKED}, headers=CALLER)
    request = received.wait_for("POST /v1/ask")
    [answer] = received.named("answer")
    stages = {name: received.wait_for(name) for name in ("retrieve", "read", "compose")}

    assert received.services == {"dateline"}
    assert request.trace_id.hex() == TRACE
    assert request.parent_span_id.hex() == PARENT
    assert answer.parent_span_id == request.span_id
    assert all(stage.parent_span_id == answer.span_id for stage in stages.values())
    assert all(span.trace_id.hex() == TRACE for span in received.spans)
    times = [(span.start_time_unix_nano, span.end_time_unix_nano) for span in stages.values()]
    assert times == sorted(times)
    assert answer.start_time_unix_nano <= times[0][0] + 20_000
    assert times[-1][1] == answer.end_time_unix_nano <= request.end_time_unix_nano


def test_spans_tell_what_became_of_it_without_words(
    traced: FlaskClient, received: Received
) -> None:
    traced.post("/v1/ask?q=Xanthippe", json={"question": ASKED})
    traced.get("/story/Xanthippe?h=Xanthippe")
    told = attributes_of(received.wait_for("answer"))
    request = attributes_of(received.wait_for("POST /v1/ask"))

    assert told["dateline.status"] in ("answered", "abstained")
    assert told["dateline.passages_at_most"] == 5
    assert set(told) == {
        f"dateline.{name}"
        for name in ("answer_id", "status", "band", "reason", "passages_at_most", "citations")
    }
    assert request["http.response.status_code"] == 200
    assert received.wait_for("GET /story/<story_id>")
    assert b"Xanthippe" not in b"".join(received.raw)
    assert b"Springfield" not in b"".join(received.raw)


def test_an_answer_that_is_streamed_belongs_to_its_request(
    traced: FlaskClient, received: Received
) -> None:
    wanted = {"Accept": "text/event-stream", **CALLER}
    response = traced.post("/v1/ask", json={"question": ASKED}, headers=wanted)
    assert "event: done" in response.text
    response.close()
    request = received.wait_for("POST /v1/ask")
    assert received.wait_for("answer").parent_span_id == request.span_id


def test_an_answer_to_a_tool_call_belongs_to_its_request(
    traced: FlaskClient, received: Received
) -> None:
    call = {"name": "ask", "arguments": {"question": ASKED}}
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
    accepted = {"Accept": "application/json, text/event-stream"}
    assert traced.post("/mcp", json=body, headers=accepted | CALLER).status_code == 200
    assert received.wait_for("answer").trace_id.hex() == TRACE


def test_of_a_share_of_none_only_what_is_traced_already_is_traced(
    received: Received, tmp_path: Path, conversations: SqlConversations
) -> None:
    exporter = open_exporter(TelemetrySettings(traces=received.url))
    assert exporter
    for client in client_of(traces_to(exporter, 0.0), tmp_path, conversations):
        client.get("/healthz")
        client.get("/stories", headers=CALLER)
    received.wait_for("GET /stories")
    assert received.named("GET /healthz") == []


@pytest.mark.parametrize("given", ["", "00-0-0-01", "x" * 9000, "00-" + "0" * 32 + "-1-01"])
def test_a_trace_that_cannot_be_read_is_none(
    traced: FlaskClient, received: Received, given: str
) -> None:
    assert traced.get("/healthz", headers={"traceparent": given}).status_code == 200
    assert received.wait_for("GET /healthz").parent_span_id == b""


def test_a_collector_that_is_gone_fails_no_request(
    tmp_path: Path, conversations: SqlConversations
) -> None:
    traces = open_traces(TelemetrySettings(traces="http://127.0.0.1:9/v1/traces"))
    for client in client_of(traces, tmp_path, conversations):
        assert client.post("/v1/ask", json={"question": ASKED}).status_code == 200


def test_nothing_is_sent_by_default(tmp_path: Path, conversations: SqlConversations) -> None:
    assert open_exporter(TelemetrySettings()) is None
    for client in client_of(no_traces(), tmp_path, conversations):
        assert client.post("/v1/ask", json={"question": ASKED}).status_code == 200


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    missing = "opentelemetry.exporter.otlp.proto.http.trace_exporter"
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(MissingExtra, match=r"dateline\[telemetry\]"):
        open_exporter(TelemetrySettings(traces="http://127.0.0.1:4318/v1/traces"))
