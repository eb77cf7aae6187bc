"""Endpoints need a key once there is a file of keys; the pages stay open."""

import json
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from qa.conversations.sql_conversations import SqlConversations
from qa.keys import KeyFile, Scope
from tests.fakes import FakeAssistant
from tests.guarded import client_of
from web.keys import needed_scope

ASKED = {"question": "Who is mayor of Springfield?"}


@pytest.fixture
def file(tmp_path: Path) -> KeyFile:
    return KeyFile(tmp_path / "api-keys.json")


@pytest.fixture
def client(
    assistant: FakeAssistant, conversations: SqlConversations, tmp_path: Path
) -> FlaskClient:
    return client_of(assistant, conversations, {}, tmp_path)


def test_without_a_file_of_keys_everyone_is_answered(client: FlaskClient) -> None:
    assert client.post("/v1/ask", json=ASKED).status_code == 200


@pytest.mark.parametrize("form", ["Authorization: Bearer {}", "Authorization: bearer {}"])
@pytest.mark.parametrize("header", ["X-API-Key: {}", None])
def test_a_key_is_taken_in_either_header(
    client: FlaskClient, file: KeyFile, form: str, header: str | None
) -> None:
    key = file.add("bot", ["ask"], None)
    name, value = (header or form).format(key).split(": ")

    assert client.post("/v1/ask", json=ASKED, headers={name: value}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer dateline_guess"},
        {"Authorization": "Basic dateline_guess"},
        {"Authorization": "Basic YTpi"},
        {"X-API-Key": "dateline_guess"},
        {"X-API-Key": ""},
    ],
)
def test_who_has_no_key_is_told_how_to_send_one(
    client: FlaskClient, file: KeyFile, headers: dict[str, str]
) -> None:
    file.add("bot", ["ask"], None)

    response = client.post("/v1/ask", json=ASKED, headers=headers)

    assert response.status_code == 401
    assert response.mimetype == "application/problem+json"
    assert response.headers["WWW-Authenticate"].lower() == "bearer realm=dateline"
    assert "Authorization: Bearer KEY" in json.loads(response.text)["detail"]


def test_a_key_without_the_scope_is_refused_by_name(client: FlaskClient, file: KeyFile) -> None:
    key = file.add("clerk", ["feedback"], None)

    response = client.post("/v1/ask", json=ASKED, headers={"X-API-Key": key})

    assert response.status_code == 403
    assert json.loads(response.text)["detail"] == (
        "The key clerk isn't good for this: it lacks the scope ask."
    )
    assert key not in response.text


def test_keys_come_and_go_while_the_server_runs(client: FlaskClient, file: KeyFile) -> None:
    key = file.add("bot", ["ask"], None)
    assert client.post("/v1/ask", json=ASKED, headers={"X-API-Key": key}).status_code == 200
    file.remove("bot")
    assert client.post("/v1/ask", json=ASKED, headers={"X-API-Key": key}).status_code == 401
    file.path.unlink()
    assert client.post("/v1/ask", json=ASKED).status_code == 200


def test_a_damaged_file_closes_the_endpoints_and_leaves_the_pages(
    client: FlaskClient, file: KeyFile, caplog: pytest.LogCaptureFixture
) -> None:
    file.path.write_text("{", "utf-8")

    assert client.post("/v1/ask", json=ASKED).status_code == 503
    assert str(file.path) in caplog.text
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("path", ["/", "/?q=Who", "/stories", "/healthz", "/readyz"])
def test_pages_and_health_need_no_key(client: FlaskClient, file: KeyFile, path: str) -> None:
    file.add("bot", ["ask"], None)

    assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    ("path", "scope"),
    [
        ("/v1/ask", "ask"),
        ("/v1/anything-new", "ask"),
        ("/v1/chat/completions", "ask"),
        ("/mcp", "ask"),
        ("/mcp/", "ask"),
        ("/v1/conversations", "conversations"),
        ("/v1/conversations/abc", "conversations"),
        ("/v1/conversationsx", "ask"),
        ("/v1/feedback", "feedback"),
        ("/", None),
        ("/story/v1", None),
        ("/mcpx", None),
    ],
)
def test_each_path_needs_one_scope(path: str, scope: Scope | None) -> None:
    assert needed_scope(path) == scope
