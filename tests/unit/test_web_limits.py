"""Each client is answered so often a minute, and told when to come back."""

import json
import time
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from qa.conversations.sql_conversations import SqlConversations
from qa.errors import InvalidSettings
from qa.keys import KeyFile
from qa.settings import Settings
from qa.web_settings import WebSettings
from tests.fakes import FakeAssistant
from tests.guarded import client_of
from web.limits import client as counted_client
from web.limits import kind
from web.security import limits_apply

ASKED = {"question": "Who?"}
TIGHT = {"enabled": True, "asking": "2/minute", "pages": "3/minute", "feedback": "1/minute"}


@pytest.fixture
def client(
    assistant: FakeAssistant, conversations: SqlConversations, tmp_path: Path
) -> FlaskClient:
    return client_of(assistant, conversations, {"limits": TIGHT}, tmp_path)


def ask(client: FlaskClient, address: str = "192.0.2.1", **headers: str) -> int:
    return client.post(
        "/v1/ask", json=ASKED, headers=headers, environ_base={"REMOTE_ADDR": address}
    ).status_code


def test_who_asks_too_often_is_told_when_to_come_back(client: FlaskClient) -> None:
    left = [client.post("/v1/ask", json=ASKED).headers["RateLimit-Remaining"] for _ in range(2)]
    refused = client.post("/v1/ask", json=ASKED)

    assert left == ["1", "0"]
    assert refused.status_code == 429
    assert refused.mimetype == "application/problem+json"
    assert json.loads(refused.text)["detail"].startswith(
        "That was more than 2 questions in a minute, the most that Dateline takes from one client."
    )
    assert refused.headers["RateLimit-Limit"] == "2"
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert 1 <= int(refused.headers["RateLimit-Reset"]) <= 60


def test_an_answer_in_time_says_nothing_of_coming_back(client: FlaskClient) -> None:
    response = client.post("/v1/ask", json=ASKED)

    assert response.headers["RateLimit-Limit"] == "2"
    assert "Retry-After" not in response.headers


def test_questions_on_the_page_count_as_questions_and_get_a_page(client: FlaskClient) -> None:
    assert [client.get("/?q=Who").status_code for _ in range(3)] == [200, 200, 429]
    refused = client.get("/?q=Who")
    assert refused.mimetype == "text/html"
    assert "Try again in" in refused.text
    assert client.get("/").status_code == 200


def test_health_and_files_are_not_counted(client: FlaskClient) -> None:
    for path in ("/healthz", "/readyz", f"{client.application.static_url_path}/chat.js"):
        for _ in range(5):
            with client.get(path) as response:
                assert response.status_code == 200


def test_clients_are_counted_apart_and_addresses_of_one_network_together(
    client: FlaskClient,
) -> None:
    assert [ask(client) for _ in range(3)] == [200, 200, 429]
    assert ask(client, "192.0.2.2") == 200
    assert [ask(client, f"2001:db8::{n}") for n in range(3)] == [200, 200, 429]
    assert ask(client, "2001:db8:0:1::1") == 200


def test_forwarded_addresses_are_believed_from_trusted_proxies_alone(
    assistant: FakeAssistant, conversations: SqlConversations, tmp_path: Path
) -> None:
    open_to_all = client_of(assistant, conversations, {"limits": TIGHT}, tmp_path)
    forged = [ask(open_to_all, **{"X-Forwarded-For": f"192.0.2.{n}"}) for n in range(3)]
    behind = client_of(assistant, conversations, {"limits": TIGHT, "proxies": 1}, tmp_path)
    apart = [ask(behind, **{"X-Forwarded-For": f"192.0.2.{n}"}) for n in range(3)]
    prefixed = [ask(behind, **{"X-Forwarded-For": f"10.0.0.{n}, 192.0.2.9"}) for n in range(3)]

    assert forged == [200, 200, 429]
    assert apart == [200, 200, 200]
    assert prefixed == [200, 200, 429]


def test_a_key_has_its_own_count_and_rate(client: FlaskClient, tmp_path: Path) -> None:
    keys = KeyFile(tmp_path / "api-keys.json")
    fast, plain = keys.add("fast", ["ask"], "4/minute"), keys.add("plain", ["ask"], None)

    assert [ask(client, **{"X-API-Key": fast}) for _ in range(5)] == [200] * 4 + [429]
    assert [ask(client, **{"X-API-Key": plain}) for _ in range(3)] == [200, 200, 429]


def test_guesses_at_keys_are_counted(client: FlaskClient, tmp_path: Path) -> None:
    KeyFile(tmp_path / "api-keys.json").add("bot", ["ask"], None)

    assert [ask(client, **{"X-API-Key": f"guess{n}"}) for n in range(3)] == [401, 401, 429]


@pytest.mark.parametrize(
    ("method", "path", "counted"),
    [
        ("POST", "/v1/ask", "asking"),
        ("GET", "/v1/ask?question=Who", "asking"),
        ("POST", "/v1/ask/batch", "asking"),
        ("POST", "/ask", "asking"),
        ("POST", "/mcp", "asking"),
        ("POST", "/v1/chat/completions", "asking"),
        ("GET", "/?q=Who", "asking"),
        ("GET", "/", "pages"),
        ("GET", "/v1/stories", "pages"),
        ("GET", "/v1/feedback", "pages"),
        ("POST", "/v1/feedback", "feedback"),
        ("POST", "/feedback", "feedback"),
    ],
)
def test_each_request_counts_as_one_thing(
    client: FlaskClient, method: str, path: str, counted: str
) -> None:
    with client.application.test_request_context(path, method=method):
        assert kind() == counted


@pytest.mark.parametrize("address", [None, "", "unix:/run/socket"])
def test_clients_without_an_address_are_counted_together(
    client: FlaskClient, address: str | None
) -> None:
    with client.application.test_request_context("/", environ_base={"REMOTE_ADDR": address}):
        assert counted_client() == "unknown"


@pytest.mark.parametrize(
    ("web", "limited"),
    [
        ({}, False),
        ({"host": "localhost"}, False),
        ({"host": "::1"}, False),
        ({"host": "0.0.0.0"}, True),
        ({"host": "news.example"}, True),
        ({"proxies": 1}, True),
        ({"limits": {"enabled": True}}, True),
        ({"host": "0.0.0.0", "limits": {"enabled": False}}, False),
    ],
)
def test_limits_apply_where_others_can_ask(web: dict[str, object], limited: bool) -> None:
    assert limits_apply(WebSettings.model_validate(web)) is limited


def test_by_default_a_minute_holds_120_questions(
    assistant: FakeAssistant, conversations: SqlConversations, tmp_path: Path
) -> None:
    client = client_of(assistant, conversations, {"limits": {"enabled": True}}, tmp_path)

    assert [ask(client) for _ in range(121)] == [200] * 120 + [429]


def test_storage_that_is_not_there_is_refused_at_the_start(
    assistant: FakeAssistant, conversations: SqlConversations, tmp_path: Path
) -> None:
    nowhere = {"enabled": True, "storage": "nowhere://"}
    with pytest.raises(InvalidSettings, match=r"web\.limits.storage"):
        client_of(assistant, conversations, {"limits": nowhere}, tmp_path)


@pytest.mark.parametrize("rate", ["", "0/minute", "often", "5 per minute", "5/fortnight"])
def test_rates_that_say_nothing_are_refused(rate: str) -> None:
    with pytest.raises(ValueError, match=r"web\.limits.asking"):
        Settings.model_validate({"web": {"limits": {"asking": rate}}})


def test_counting_costs_next_to_nothing(
    assistant: FakeAssistant, conversations: SqlConversations, tmp_path: Path
) -> None:
    """A bound that only a mistake breaks: the difference is about 0.1 ms on a quiet machine."""

    def best(**limits: object) -> float:
        client = client_of(assistant, conversations, {"limits": limits}, tmp_path)
        times = []
        for _ in range(200):
            began = time.thread_time()
            client.get("/v1/stories/none")
            times.append(time.thread_time() - began)
        return min(times)

    assert best(enabled=True, pages="100000/minute") - best(enabled=False) < 0.002
