import json
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from corpus.story import Story
from embeddings.index import Filters
from qa.conversations.sql_conversations import SqlConversations
from tests.fakes import MAYOR_QUESTION, FakeAssistant


def read(response: TestResponse) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(response.text)
    return body


def test_answer_cites_the_words_it_was_found_in(client: FlaskClient, story: Story) -> None:
    response = client.post("/v1/ask", json={"question": MAYOR_QUESTION})

    assert response.status_code == 200
    assert response.mimetype == "application/json"
    [citation] = read(response)["citations"]
    offsets = citation["offsets"]
    assert story.body[offsets["start"] : offsets["end"]] == "Ada Quinn"


def test_abstention_is_a_reply_not_an_error(client: FlaskClient) -> None:
    response = client.post("/v1/ask", json={"question": "Who is mayor of Shelbyville?"})

    assert response.status_code == 200
    assert read(response)["status"] == "abstained"
    assert read(response)["answer"]["text"] is None
    assert read(response)["abstention"]["reason"] == "missing_slot"


def test_filters_reach_the_assistant(client: FlaskClient, assistant: FakeAssistant) -> None:
    filters = {
        "from": "2021-01-31",
        "to": "2021-12-01",
        "publisher": "Gazette",
        "story_ids": ["a1", "b2"],
    }
    client.post("/v1/ask", json={"question": "Who?", "filters": filters})

    assert assistant.asked == [
        (
            "Who?",
            Filters(
                from_date=date(2021, 1, 31),
                to_date=date(2021, 12, 1),
                publisher="Gazette",
                story_ids=("a1", "b2"),
            ),
        )
    ]


def test_filters_may_be_null(client: FlaskClient, assistant: FakeAssistant) -> None:
    body = {"question": "Who?", "filters": {"from": None, "to": None, "publisher": None}}

    assert client.post("/v1/ask", json=body).status_code == 200
    assert client.post("/v1/ask", json={"question": "Who?", "filters": None}).status_code == 200
    assert assistant.asked == [("Who?", Filters())] * 2


def test_letters_of_every_script_stand_unescaped(client: FlaskClient) -> None:
    response = client.post("/v1/ask", json={"question": "Wer ist Bürgermeister von 東京?"})

    assert "Bürgermeister von 東京" in response.text


@pytest.mark.parametrize(
    ("body", "status", "pointers"),
    [
        ("{", 400, ["#"]),
        ("", 400, ["#"]),
        ('{"question": "\\ud800"}', 400, ["#"]),
        ("[" * 50_000, 400, ["#"]),
        ("[]", 422, ["#"]),
        ("{}", 422, ["#/question"]),
        ('{"question": 7}', 422, ["#/question"]),
        ('{"question": "  "}', 422, ["#/question"]),
        ('{"question": "' + "a" * 1001 + '"}', 422, ["#/question"]),
        ('{"question": "a", "colour": "red"}', 422, ["#/colour"]),
        ('{"question": "a", "conversation_id": ""}', 422, ["#/conversation_id"]),
        ('{"question": "a", "conversation_id": "%s"}' % ("c" * 65), 422, ["#/conversation_id"]),
        ('{"question": "a", "filters": {"from": 1700006400}}', 422, ["#/filters/from"]),
        ('{"question": "a", "filters": {"to": "1700006400"}}', 422, ["#/filters/to"]),
        ('{"question": "a", "filters": {"to": "2021-02-30"}}', 422, ["#/filters/to"]),
        ('{"question": "a", "filters": {"to": "2021-2-3"}}', 422, ["#/filters/to"]),
        ('{"question": "a", "filters": {"publisher": ""}}', 422, ["#/filters/publisher"]),
        ('{"question": "a", "filters": {"story_ids": [""]}}', 422, ["#/filters/story_ids/0"]),
        ('{"question": "a", "filters": {"after": "2021-02-03"}}', 422, ["#/filters/after"]),
        (
            '{"question": "a", "filters": {"from": "2021-02-03", "to": "2021-02-02"}}',
            422,
            ["#/filters"],
        ),
        ('{"filters": {"to": 1}}', 422, ["#/question", "#/filters/to"]),
    ],
)
def test_bad_body_is_refused_and_its_faults_are_pointed_at(
    client: FlaskClient, body: str, status: int, pointers: list[str]
) -> None:
    response = client.post("/v1/ask", data=body, content_type="application/json")

    assert response.status_code == status
    assert response.mimetype == "application/problem+json"
    assert [fault["pointer"] for fault in read(response)["errors"]] == pointers


def test_turn_of_a_conversation_is_kept(
    client: FlaskClient, conversations: SqlConversations
) -> None:
    body = {"question": MAYOR_QUESTION, "conversation_id": conversations.begin()}
    answers = [read(client.post("/v1/ask", json=body)) for _ in range(2)]

    assert [answer["conversation"]["turn"] for answer in answers] == [1, 2]
    turns = conversations.conversation(body["conversation_id"]).turns
    assert [turn.answer["id"] for turn in turns] == [answer["id"] for answer in answers]


def test_unknown_conversation_is_not_found(client: FlaskClient, assistant: FakeAssistant) -> None:
    body = {"question": MAYOR_QUESTION, "conversation_id": "c" * 32}
    response = client.post("/v1/ask", json=body)

    assert response.status_code == 404
    assert "deleted" in read(response)["detail"]
    assert assistant.asked == []


@pytest.mark.parametrize("content_type", [None, "text/plain", "application/x-www-form-urlencoded"])
def test_only_json_is_read(client: FlaskClient, content_type: str | None) -> None:
    response = client.post("/v1/ask", data='{"question": "a"}', content_type=content_type)

    assert response.status_code == 415
    assert "application/json" in read(response)["detail"]


def test_body_over_the_limit_is_refused(client: FlaskClient) -> None:
    body = {"question": "a" * 70_000}

    assert client.post("/v1/ask", json=body).status_code == 413


def test_story_is_returned_with_the_text_that_offsets_count_in(
    client: FlaskClient, story: Story
) -> None:
    response = client.get(f"/v1/stories/{story.story_id}")

    assert response.status_code == 200
    assert read(response)["story_id"] == story.story_id
    assert read(response)["body"] == story.body


def test_unknown_story_is_not_found(client: FlaskClient) -> None:
    response = client.get("/v1/stories/nothing")

    assert response.status_code == 404
    assert response.mimetype == "application/problem+json"


def test_wrong_method_is_told_the_right_one(client: FlaskClient) -> None:
    response = client.delete("/v1/ask")

    assert response.status_code == 405
    assert {"GET", "POST"} <= {*response.headers["Allow"].split(", ")}
    assert response.mimetype == "application/problem+json"


def test_unknown_api_address_is_a_problem(client: FlaskClient) -> None:
    response = client.get("/v1/nothing")

    assert response.status_code == 404
    assert read(response) == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "There is nothing at this address.",
        "instance": "/v1/nothing",
    }


def test_unknown_story_is_named(client: FlaskClient) -> None:
    response = client.get("/v1/stories/350582")

    assert response.status_code == 404
    assert read(response)["detail"] == ("story 350582 not found; `dateline status` lists stories")


def test_server_is_alive_even_when_it_is_not_ready(
    client: FlaskClient, assistant: FakeAssistant
) -> None:
    assistant.reason = "The index lags the store by 3 changes."

    assert read(client.get("/healthz")) == {"status": "alive"}
    response = client.get("/readyz")
    assert response.status_code == 503
    assert read(response)["detail"] == "The index lags the store by 3 changes."
    assert response.headers["Retry-After"] == "5"


def test_server_says_that_it_is_ready(client: FlaskClient) -> None:
    response = client.get("/readyz")

    assert response.status_code == 200
    assert read(response) == {"status": "ready"}
