"""What the whole app does when more is asked than it can answer."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client import generate_latest

from qa.assistant import Assistant
from qa.conversations.sql_conversations import SqlConversations
from qa.deadline import Deadline
from qa.settings import Settings
from qa.web_settings import WebSettings
from tests.fakes import MAYOR_QUESTION, FakeAssistant
from tests.unit.test_gate import until
from tests.unit.test_operating_metrics import numbers_of
from web import create_app
from web.serving.gate import Gate

ASK = {"question": MAYOR_QUESTION}
STREAM = {"Accept": "text/event-stream"}


@pytest.fixture
def app(assistant: FakeAssistant, conversations: SqlConversations) -> Flask:
    """An app that answers one question at a time and lets nobody wait."""
    settings = Settings(web=WebSettings(threads=1, waiting=0))
    return create_app(settings, cast(Assistant, assistant), conversations)


def gate_of(app: Flask) -> Gate:
    gate: Gate = app.extensions["gate"]
    return gate


@contextmanager
def busy(app: Flask) -> Iterator[None]:
    gate = gate_of(app)
    place = gate.enter(Deadline(60))
    yield
    gate.leave(place)


@pytest.mark.parametrize(
    ("method", "path", "sent"),
    [
        ("POST", "/v1/ask", {"json": ASK}),
        ("POST", "/v1/ask", {"json": ASK, "headers": STREAM}),
        ("GET", "/v1/ask?q=Who", {}),
        ("POST", "/v1/ask/batch", {"json": {"questions": [ASK]}}),
        ("POST", "/v1/search", {"json": ASK}),
        ("GET", "/v1/search?q=Who", {}),
        ("POST", "/v1/feedback", {"json": ASK | {"answer_id": "x", "verdict": "right"}}),
        ("POST", "/ask", {"data": {"q": "Who"}, "headers": STREAM}),
        ("POST", "/mcp", {"json": {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}}),
    ],
)
def test_programs_are_refused_with_a_problem_and_when_to_come_back(
    app: Flask, assistant: FakeAssistant, method: str, path: str, sent: dict[str, object]
) -> None:
    with busy(app):
        response = app.test_client().open(path, method=method, **sent)  # type: ignore[arg-type]
    assert (response.status_code, response.mimetype) == (503, "application/problem+json")
    assert response.headers["Retry-After"] in "123"
    problem = json.loads(response.text)
    assert problem["status"] == 503
    assert "ask again in a few seconds" in problem["detail"]
    assert assistant.asked == []


def test_clients_of_openai_are_refused_in_their_shape(app: Flask) -> None:
    body = {"model": "dateline", "messages": [{"role": "user", "content": "Who?"}]}
    with busy(app):
        response = app.test_client().post("/v1/chat/completions", json=body)
    assert response.status_code == 503
    assert response.headers["Retry-After"] in "123"
    assert response.get_json()["error"]["type"] == "server_error"
    assert "ask again" in response.get_json()["error"]["message"]


@pytest.mark.parametrize(("method", "path"), [("GET", "/?q=Who+knows"), ("POST", "/ask")])
def test_people_are_told_on_a_page_that_keeps_their_question(
    app: Flask, method: str, path: str
) -> None:
    data = {"q": "Who knows"} if method == "POST" else None
    with busy(app):
        response = app.test_client().open(path, method=method, data=data)
    assert (response.status_code, response.mimetype) == (503, "text/html")
    assert response.headers["Retry-After"] in "123"
    assert "ask again in a few seconds" in response.text
    assert ">Who knows</textarea>" in response.text


@pytest.mark.parametrize(
    "path", ["/", "/stories", "/about", "/healthz", "/readyz", "/docs", "/v1/models"]
)
def test_what_asks_nothing_is_served_meanwhile(app: Flask, path: str) -> None:
    with busy(app):
        assert app.test_client().get(path).status_code == 200


def test_refusals_are_counted_and_not_logged(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    client = app.test_client()
    with busy(app):
        client.post("/v1/ask", json=ASK)
        client.get("/?q=secret")
        told = generate_latest(app.extensions["metrics"].registry).decode()
    assert 'dateline_questions_refused_total{reason="full"} 2.0\n' in told
    assert "dateline_questions_in_flight 1.0\n" in told
    assert "dateline_questions_waiting 0.0\n" in told
    assert caplog.text == ""


@pytest.mark.parametrize(
    "path", ["/v1/ask", "/v1/ask?q=", "/v1/search?q=Who", "/?q=Who", "/v1/nothing", "/stories"]
)
def test_a_request_gives_its_place_back_however_it_ends(
    app: Flask, assistant: FakeAssistant, path: str
) -> None:
    client = app.test_client()
    for failure in (None, ZeroDivisionError()):
        assistant.failure = failure
        client.get(path)
        client.head(path)
        client.post(path, data="{", content_type="application/json")
        assert gate_of(app).counts.inside == 0


def test_a_stream_keeps_its_place_until_the_work_ends_and_not_until_it_is_read(
    app: Flask, client: FlaskClient
) -> None:
    for _ in range(3):
        response = client.post("/v1/ask", json=ASK, headers=STREAM)
        assert "event: done" in response.text
        assert gate_of(app).counts.inside == 0
    unread = client.post("/v1/ask", json=ASK, headers=STREAM)
    unread.close()
    until(lambda: gate_of(app).counts.inside == 0)
    assert client.post("/v1/ask", json=ASK).status_code == 200


def test_work_beyond_the_deadline_ends_with_503(
    app_in_no_time: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    response = app_in_no_time.post("/v1/ask", json={"question": "Who was elected mayor?"})
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
    assert "took longer than" in response.get_json()["detail"]
    page = app_in_no_time.get("/?q=Who+was+elected+mayor")
    assert (page.status_code, page.mimetype) == (503, "text/html")
    assert "elected" not in caplog.text
    numbers = numbers_of(app_in_no_time)
    assert numbers["dateline_questions_refused_total deadline"] == 2


def test_a_streams_deadline_ends_it_with_a_problem(app_in_no_time: FlaskClient) -> None:
    response = app_in_no_time.post("/v1/ask", json=ASK, headers=STREAM)
    assert response.status_code == 200
    assert "event: error" in response.text
    assert "took longer than" in response.text


def test_questions_of_a_batch_that_time_ran_out_for_have_their_problem(
    app_in_no_time: FlaskClient,
) -> None:
    response = app_in_no_time.post("/v1/ask/batch", json={"questions": [ASK, ASK]})
    assert response.status_code == 200
    assert [told["status"] for told in response.get_json()["answers"]] == [503, 503]


def test_tools_end_at_the_deadline(app_in_no_time: FlaskClient) -> None:
    call = {"name": "ask", "arguments": {"question": MAYOR_QUESTION}}
    response = app_in_no_time.post(
        "/mcp",
        json={"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call},
        headers={"Accept": "application/json, text/event-stream"},
    )
    assert response.get_json()["result"]["isError"]
    assert "took longer than" in response.text


@pytest.fixture
def app_in_no_time(app_of_words: Flask, conversations: SqlConversations) -> FlaskClient:
    """A client of the whole app over one story, which has no time for any request."""
    settings = Settings(web=WebSettings(deadline_seconds=1e-9))
    assistant: Assistant = app_of_words.extensions["assistant"]
    return create_app(settings, assistant, conversations).test_client()


def test_nothing_is_worked_out_for_a_client_that_went_away(app_of_words: Flask) -> None:
    ours, theirs = socket.socketpair()
    client, environ = app_of_words.test_client(), {"gunicorn.socket": ours}
    assert client.post("/v1/ask", json=ASK, environ_base=environ).status_code == 200
    theirs.send(b"GET / HTTP/1.1")  # its next request is no farewell
    assert client.post("/v1/search", json=ASK, environ_base=environ).status_code == 200
    ours.recv(100)
    theirs.close()
    asked = {"question": "What did the mayor of Springfield say?"}
    assert client.post("/v1/ask", json=asked, environ_base=environ).status_code == 503
    assert numbers_of(client)["dateline_questions_refused_total gone"] == 1
    ours.close()
