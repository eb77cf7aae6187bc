import json
import logging

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

from qa.conversation import ConversationStore
from qa.conversations.sql_conversations import SqlConversations
from tests.fakes import MAYOR_QUESTION, FakeAssistant
from tests.guarded import client_of
from web.refusals import MOST_DEPTH, deeper_than
from web.security import HEADERS

ASKED = {"question": "Who?"}

PATHS = ["/", "/?q=Who", "/nothing", "/stories", "/v1/ask", "/healthz", "{static}/chat.js"]


@pytest.mark.parametrize("path", PATHS)
def test_every_response_carries_the_security_headers(client: FlaskClient, path: str) -> None:
    static = client.application.static_url_path
    with client.get(path.format(static=static)) as response:
        assert response.status_code != 404 or path == "/nothing"
        assert HEADERS.items() <= dict(response.headers).items()


def test_policy_allows_nothing_from_elsewhere(client: FlaskClient) -> None:
    policy = dict(
        part.strip().split(" ", 1)
        for part in client.get("/").headers["Content-Security-Policy"].split(";")
    )

    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["require-trusted-types-for"] == "'script'"


@pytest.mark.parametrize("path", ["/", "/?q=Who", "/story/x", "/v1/stories/x", "/readyz"])
def test_nothing_about_questions_is_cached(client: FlaskClient, path: str) -> None:
    assert client.get(path).headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_post_from_another_site_is_refused(client: FlaskClient, site: str) -> None:
    response = client.post("/v1/ask", json={"question": "Who?"}, headers={"Sec-Fetch-Site": site})

    assert response.status_code == 403
    assert response.mimetype == "application/problem+json"


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_post_from_this_site_or_from_the_user_is_answered(client: FlaskClient, site: str) -> None:
    response = client.post("/v1/ask", json={"question": "Who?"}, headers={"Sec-Fetch-Site": site})

    assert response.status_code == 200


def test_no_other_site_may_read_answers(client: FlaskClient) -> None:
    response = client.get("/healthz", headers={"Origin": "https://elsewhere.example"})

    assert "Access-Control-Allow-Origin" not in response.headers


@pytest.mark.parametrize(
    "path", ["//elsewhere.example/", "/\\\\elsewhere.example/", "//elsewhere.example/stories/"]
)
def test_no_address_leads_to_another_host(client: FlaskClient, path: str) -> None:
    response = client.get(path)

    assert "elsewhere.example" not in response.headers.get("Location", "")
    assert "elsewhere.example" not in response.text


def test_a_view_may_say_how_long_its_answer_holds(app: Flask) -> None:
    def view() -> Response:
        return Response("x", headers={"Cache-Control": "private, no-cache"})

    app.add_url_rule("/dated", view_func=view)

    assert app.test_client().get("/dated").headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://localhost", 200),
        ("https://localhost", 200),
        ("HTTP://LOCALHOST", 200),
        ("http://localhost:81", 403),
        ("https://elsewhere.example", 403),
        ("http://localhost.elsewhere.example", 403),
        ("http://elsewhere.example/localhost", 403),
        ("http://localhost@elsewhere.example", 403),
        ("http://[", 403),
        ("null", 403),
        ("", 403),
    ],
)
def test_browsers_that_name_only_an_origin_must_name_this_one(
    client: FlaskClient, origin: str, status: int
) -> None:
    assert client.post("/v1/ask", json=ASKED, headers={"Origin": origin}).status_code == status


def test_another_sites_page_may_not_even_open_the_tools(client: FlaskClient) -> None:
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}):
        assert client.get("/mcp", headers=headers).status_code == 403


@pytest.mark.parametrize(
    ("web", "host", "status"),
    [
        ({}, "localhost:8000", 200),
        ({}, "LOCALHOST", 200),
        ({}, "127.0.0.1:8000", 200),
        ({}, "[::1]:8000", 200),
        ({}, "elsewhere.example", 400),
        ({}, "localhost.elsewhere.example", 400),
        ({}, "127.0.0.1.elsewhere.example:8000", 400),
        ({"host": "::1"}, "elsewhere.example", 400),
        ({"host": "0.0.0.0"}, "any.example", 200),
        ({"trusted_hosts": "news.example, .desk.example"}, "news.example:8443", 200),
        ({"trusted_hosts": "news.example, .desk.example"}, "a.desk.example", 200),
        ({"trusted_hosts": "news.example, .desk.example"}, "desk.example", 400),
        ({"trusted_hosts": "news.example", "host": "0.0.0.0"}, "elsewhere.example", 400),
        ({"trusted_hosts": "news.example", "host": "0.0.0.0"}, "localhost", 200),
        ({"trusted_hosts": "news.example"}, "evilnews.example", 400),
    ],
)
def test_other_names_are_refused(
    assistant: FakeAssistant,
    conversations: SqlConversations,
    web: dict[str, object],
    host: str,
    status: int,
) -> None:
    client = client_of(assistant, conversations, web)

    assert client.get("/", headers={"Host": host}).status_code == status
    refused = client.get("/v1/stories/00aa11bb22cc33dd", headers={"Host": host})
    assert refused.status_code == status
    assert status == 200 or "web.trusted_hosts" in json.loads(refused.text)["detail"]
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["<b>", "a b", "a:b", "a:99999", "[::1", "ä.example"])
def test_a_host_that_is_no_name_is_refused(client: FlaskClient, host: str) -> None:
    for path, mimetype in (("/", "text/html"), ("/v1/stories/x", "application/problem+json")):
        response = client.get(path, headers={"Host": host})
        assert response.status_code == 400
        assert response.mimetype == mimetype
        assert host not in response.text


@pytest.mark.parametrize("path", ["/", "/nothing", "/v1/stories/x"])
def test_a_host_that_no_address_can_have_is_refused(client: FlaskClient, path: str) -> None:
    response = client.get(path, headers={"Host": "a" * 300})

    assert response.status_code == 400
    assert response.mimetype == "application/problem+json"  # a page would need links


@pytest.mark.parametrize(
    ("scheme", "told"), [("http", None), ("https", "max-age=31536000; includeSubDomains")]
)
def test_browsers_are_told_to_keep_to_https_where_it_is_spoken(
    assistant: FakeAssistant, conversations: SqlConversations, scheme: str, told: str | None
) -> None:
    client = client_of(assistant, conversations, {"proxies": 1})
    forwarded = {"X-Forwarded-Proto": scheme}

    assert client.get("/", headers=forwarded).headers.get("Strict-Transport-Security") == told


def test_forwarded_headers_are_not_believed_by_default(client: FlaskClient) -> None:
    forged = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "elsewhere.example"}
    response = client.get("/", headers=forged)

    assert "Strict-Transport-Security" not in response.headers
    assert "elsewhere.example" not in response.text


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"x" * 65537, "application/json", 413),
        (b"x" * 65537, "text/plain", 413),
        (b'{"question": "Who?"}', "text/plain", 415),
        (b"question=Who", "application/x-www-form-urlencoded", 415),
        (b"--a\r\n\r\n--a--", "multipart/form-data; boundary=a", 415),
        (b"[" * 60_000, "application/json", 400),
        (b'{"a":' * 10_000, "application/json", 400),
        (b'{"question": "' + b"a" * 1001 + b'"}', "application/json", 422),
        (b'{"question": "\\ud800"}', "application/json", 400),
        (b'{"question": "Who?", "question": "Who?"}', "application/json", 422),
        (b"\xff\xfe", "application/json", 400),
        (b"", "application/json", 400),
        (b'{"question": NaN}', "application/json", 422),
        (b'{"question": ' + b"9" * 5000 + b"}", "application/json", 400),
    ],
)
def test_bodies_that_are_no_question_are_problems(
    client: FlaskClient, body: bytes, content_type: str, status: int
) -> None:
    response = client.post("/v1/ask", data=body, content_type=content_type)

    assert response.status_code == status
    assert status == 200 or response.mimetype == "application/problem+json"


def test_an_endless_address_or_header_is_refused(client: FlaskClient) -> None:
    assert client.get("/v1/stories/x?" + "a" * 8200).status_code == 414
    assert client.get("/v1/stories/x", headers={"X-Long": "a" * 40_000}).status_code == 431


@pytest.mark.parametrize(
    ("text", "deep"),
    [
        (b"[" * MOST_DEPTH, False),
        (b"[" * (MOST_DEPTH + 1), True),
        (b"[{" * MOST_DEPTH, True),
        (b"[]" * 1000, False),
        (b'"' + b"[" * 1000 + b'"', False),
        (b'"\\"' + b"[" * 1000 + b'"', False),
        (b'"a"' + b"[" * 1000, True),
        (b'"' + b"[" * 1000, False),
        (b'["\\\\",' * 1000, True),
    ],
)
def test_depth_is_what_brackets_outside_of_strings_make(text: bytes, deep: bool) -> None:
    assert deeper_than(MOST_DEPTH, text) is deep


def test_deep_json_is_recognised_in_linear_time() -> None:
    """A scan that looked back would take minutes for these."""
    for text in (b'"' * 65536, b'"\\' * 32768, b"[]" * 32768, b'["' * 32768):
        deeper_than(MOST_DEPTH, text)


def test_ids_of_conversations_are_not_logged(
    client: FlaskClient, conversations: ConversationStore, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    kept = conversations.begin()
    for conversation_id in (kept, "0" * 32):
        body = {"question": MAYOR_QUESTION, "conversation_id": conversation_id}
        client.post("/v1/ask", json=body)

    assert kept not in caplog.text
    assert "0" * 32 not in caplog.text


def test_unknown_deleted_and_malformed_conversations_look_alike(
    client: FlaskClient, conversations: ConversationStore
) -> None:
    deleted = conversations.begin()
    conversations.delete(deleted)
    told = set()
    for conversation_id in (deleted, "0" * 32, "x", "../../etc/passwd", "' or 1=1 --"):
        body = {"question": MAYOR_QUESTION, "conversation_id": conversation_id}
        response = client.post("/v1/ask", json=body)
        told.add((response.status_code, response.text))

    assert len(told) == 1
    assert told.pop()[0] == 404


def test_nobody_reads_a_conversation_by_counting(conversations: ConversationStore) -> None:
    ids = [conversations.begin() for _ in range(50)]

    assert len({conversation_id[:4] for conversation_id in ids}) > 40
    assert all(len(conversation_id) >= 22 for conversation_id in ids)  # 128 bits in base 64
