"""The API beside `POST /v1/ask`: addresses, batches, searches, stories, conversations."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from corpus.passages import split_story
from corpus.store import StoryStore
from corpus.story import Story
from embeddings.build import catch_up
from qa.assistant import Assistant
from qa.conversations.sql_conversations import SqlConversations
from qa.settings import Settings
from qa.understanding.knowledge import Knowledge
from tests.fakes import MAYOR_QUESTION, assistant_of_words, mayor_story
from web import create_app

BAKERY = mayor_story(
    story_id="bakery", title="A bakery", body="The bakery opened in 1987.", publisher="Post"
)
ADDRESS = {"q": MAYOR_QUESTION}


@pytest.fixture
def assistant(tmp_path: Path, story: Story) -> Iterator[Assistant]:
    store = StoryStore(tmp_path / "stories.sqlite")
    store.put([(one, split_story(one)) for one in (story, BAKERY)])
    yield assistant_of_words(store)
    store.close()


@pytest.fixture
def app(assistant: Assistant, conversations: SqlConversations) -> Flask:
    return create_app(Settings(), assistant, conversations)


def read(response: TestResponse, status: int = 200) -> dict[str, Any]:
    assert response.status_code == status, response.text
    body: dict[str, Any] = response.get_json()
    return body


def pointers(response: TestResponse) -> list[str]:
    assert response.mimetype == "application/problem+json"
    return [fault["pointer"] for fault in read(response, 422)["errors"]]


def add(assistant: Assistant, story: Story) -> None:
    assistant.store.put([(story, split_story(story))])
    catch_up(assistant.store, assistant.retriever.index, assistant.retriever.encoder)


# Asking by address


def test_a_question_in_the_address_has_the_answer_of_one_in_the_body(client: FlaskClient) -> None:
    filters = {"from": "2021-11-03", "publisher": "springfield gazette"}
    by_address = client.get(
        "/v1/ask", query_string=ADDRESS | filters | {"story_id": ["bakery", "00aa11bb22cc33dd"]}
    )
    body = {
        "question": MAYOR_QUESTION,
        "filters": filters | {"story_ids": ["bakery", "00aa11bb22cc33dd"]},
    }
    one, other = read(by_address), read(client.post("/v1/ask", json=body))

    assert one["answer"]["text"] == "Ada Quinn"
    assert one | {"timings_ms": 0} == other | {"timings_ms": 0}


def test_an_answer_that_is_known_is_not_asked_for_again(
    client: FlaskClient, assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = client.get("/v1/ask", query_string=ADDRESS)
    monkeypatch.setattr(Assistant, "ask", None)
    again = client.get(
        "/v1/ask", query_string=ADDRESS, headers={"If-None-Match": first.headers["ETag"]}
    )

    assert first.headers["ETag"].startswith('W/"')
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Cache-Control"] == first.headers["Cache-Control"] == "private, no-cache"


def test_etag_names_the_question_its_filters_and_the_state_of_the_stories(
    client: FlaskClient, assistant: Assistant, story: Story
) -> None:
    def tag(**parameters: str) -> str:
        return client.get("/v1/ask", query_string=ADDRESS | parameters).headers["ETag"]

    before = tag()
    assert tag() == before
    assert len({before, tag(q="Who?"), tag(publisher="Post"), tag(story_id="bakery")}) == 4
    add(assistant, mayor_story(story_id="new"))
    assert tag() != before
    changed = client.get("/v1/ask", query_string=ADDRESS, headers={"If-None-Match": before})
    assert changed.status_code == 200


def test_etag_is_of_the_day_that_last_year_counts_from(
    assistant: Assistant, conversations: SqlConversations
) -> None:
    tags = set()
    for day in ("2025-12-31", "2026-01-01"):
        asked_on = replace(assistant, knowledge=Knowledge(today=partial(date.fromisoformat, day)))
        client = create_app(Settings(), asked_on, conversations).test_client()
        tags.add(client.get("/v1/ask", query_string=ADDRESS).headers["ETag"])
    assert len(tags) == 2


@pytest.mark.parametrize(
    ("query", "faulty"),
    [
        ("", ["#/q"]),
        ("q=", ["#/q"]),
        ("q=%3F", ["#/q"]),
        ("q=" + "a" * 1001, ["#/q"]),
        ("q=a&q=b", ["#/q"]),
        ("q=a&from=yesterday", ["#/from"]),
        ("q=a&from=", ["#/from"]),
        ("q=a&from=2021-01-01&from=2021-01-02", ["#/from"]),
        ("q=a&publisher=", ["#/publisher"]),
        ("q=a&story_id=", ["#/story_id/0"]),
        ("q=a&from=2022-01-01&to=2021-01-01", ["#"]),
        ("q=a&colour=red", ["#/colour"]),
        ("q=a&a/b~c%20d=1", ["#/a~1b~0c%20d"]),
    ],
)
def test_a_wrong_parameter_is_pointed_at(
    client: FlaskClient, query: str, faulty: list[str]
) -> None:
    assert pointers(client.get(f"/v1/ask?{query}")) == faulty


# Several questions


def test_a_batch_is_answered_in_order_and_a_bad_question_fails_no_other(
    client: FlaskClient,
) -> None:
    questions: list[object] = [
        {"question": "When did the bakery open?", "filters": {"story_ids": ["bakery"]}},
        {"question": " "},
        {"question": MAYOR_QUESTION},
        {"question": "Who?", "filters": {"from": "2021-13-01"}},
        7,
    ]
    first, empty, mayor, dated, number = read(
        client.post("/v1/ask/batch", json={"questions": questions})
    )["answers"]

    assert first["answer"]["text"] == "1987"
    assert mayor["answer"]["text"] == "Ada Quinn"
    assert [problem["status"] for problem in (empty, dated, number)] == [422] * 3
    assert [problem["errors"][0]["pointer"] for problem in (empty, dated, number)] == [
        "#/questions/1/question",
        "#/questions/3/filters/from",
        "#/questions/4",
    ]


@pytest.mark.parametrize("count", [0, 33])
def test_a_batch_holds_one_to_thirty_two_questions(client: FlaskClient, count: int) -> None:
    body = {"questions": [{"question": "Who?"}] * count}

    assert pointers(client.post("/v1/ask/batch", json=body)) == ["#/questions"]


# What JSON may not hold


@pytest.mark.parametrize(
    ("body", "status", "faulty"),
    [
        ('{"question": "a", "question": "b"}', 422, ["#/question"]),
        ('{"question": "a", "filters": {"to": null, "to": null}}', 422, ["#/filters/to"]),
        ('{"question": "a", "k": NaN}', 422, ["#/k"]),
        ('{"question": "a", "k": Infinity}', 422, ["#/k"]),
        ('{"question": "a", "k": 1e999}', 422, ["#/k"]),
        ('{"question": "a", "k": %s}' % ("9" * 5000), 400, ["#"]),
        ('{"question": "a", "k": true}', 422, ["#/k"]),
        ('{"question": "a", "k": "5"}', 422, ["#/k"]),
        ('{"question": "a", "k": 51}', 422, ["#/k"]),
        ('{"question": "a", "filters": ' + "[" * 9000 + "]" * 9000 + "}", 400, ["#"]),
        ('{"question": "a", "filters": ' + '{"a":' * 9000 + "1" + "}" * 9001, 400, ["#"]),
        (b'\xff\xfe{"question": "a"}', 400, ["#"]),
    ],
)
def test_doubtful_json_is_refused(
    client: FlaskClient, body: str | bytes, status: int, faulty: list[str]
) -> None:
    response = client.post("/v1/search", data=body, content_type="application/json")

    assert [fault["pointer"] for fault in read(response, status)["errors"]] == faulty


def test_a_whole_number_may_be_written_with_a_fraction(client: FlaskClient) -> None:
    response = client.post("/v1/search", json={"question": "ward", "k": 2.0})

    assert len(read(response)["hits"]) == 2


# Passages


def test_a_search_returns_passages_that_stand_in_their_stories(client: FlaskClient) -> None:
    found = read(client.post("/v1/search", json={"question": MAYOR_QUESTION, "k": 3}))

    assert len(found["hits"]) == 3
    for hit in found["hits"]:
        offsets = hit["offsets"]
        body = read(client.get(f"/v1/stories/{hit['story']['story_id']}"))["body"]
        assert body[offsets["start"] : offsets["end"]] == hit["text"]
    scores = [hit["score"] for hit in found["hits"]]
    assert scores == sorted(scores, reverse=True)
    address = f"/v1/search?q={MAYOR_QUESTION}&k=3"
    assert read(client.get(address)) == found


def test_a_search_keeps_to_its_filters_and_finds_what_was_just_added(
    client: FlaskClient, assistant: Assistant
) -> None:
    body = {"question": "bakery", "filters": {"publisher": "post"}}
    [hit] = read(client.post("/v1/search", json=body))["hits"]
    assert hit["story"]["story_id"] == "bakery"

    add(assistant, mayor_story(story_id="new", body="A bakery burned.", publisher="Post"))
    assert len(read(client.post("/v1/search", json=body))["hits"]) == 2


def test_a_search_for_nothing_is_refused(client: FlaskClient) -> None:
    assert pointers(client.post("/v1/search", json={"question": "?!"})) == ["#/question"]
    assert pointers(client.get("/v1/search?q=a&k=x")) == ["#/k"]


# Stories


def test_stories_are_listed_a_page_at_a_time(client: FlaskClient) -> None:
    first = read(client.get("/v1/stories?limit=1"))
    assert (first["total"], first["next_offset"]) == (2, 1)
    last = read(client.get(f"/v1/stories?limit=1&offset={first['next_offset']}"))

    assert last["next_offset"] is None
    ids = [page["stories"][0]["story_id"] for page in (first, last)]
    assert sorted(ids) == ["00aa11bb22cc33dd", "bakery"]
    assert "body" not in first["stories"][0]


@pytest.mark.parametrize(
    ("query", "total"),
    [("q=opened+1987", 1), ("publisher=post", 1), ("from=2021-11-04", 0), ("q=Zeppelin", 0)],
)
def test_listed_stories_are_those_asked_for(client: FlaskClient, query: str, total: int) -> None:
    assert read(client.get(f"/v1/stories?{query}"))["total"] == total


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=+5", "offset=-1", "q="])
def test_a_page_that_cannot_be_is_refused(client: FlaskClient, query: str) -> None:
    assert pointers(client.get(f"/v1/stories?{query}")) == [f"#/{query.split('=')[0]}"]


def test_a_quote_is_verified_or_told_apart(client: FlaskClient) -> None:
    claim: dict[str, object] = {"story_id": "bakery", "start": 21, "end": 25, "quote": "1987"}

    assert read(client.post("/v1/verify", json=claim))["verified"]
    assert read(client.post("/v1/verify", json=claim | {"quote": "1988"})) == {
        "verified": False,
        "reason": "words_differ",
        "found": "1987",
        "superseded": False,
    }
    assert pointers(client.post("/v1/verify", json=claim | {"start": -1})) == ["#/start"]


# Conversations and feedback


def test_a_conversation_is_begun_read_and_forgotten(client: FlaskClient) -> None:
    begun = client.post("/v1/conversations")
    conversation_id = read(begun, 201)["id"]
    address = begun.headers["Location"]
    body = {"question": MAYOR_QUESTION, "conversation_id": conversation_id}
    answer = read(client.post("/v1/ask", json=body))

    [turn] = read(client.get(address))["turns"]
    assert (turn["turn"], turn["answer"]) == (1, answer)
    assert client.delete(address).status_code == 204
    assert client.get(address).status_code == client.delete(address).status_code == 404


def test_feedback_on_a_turn_is_kept_with_its_answer(
    client: FlaskClient, conversations: SqlConversations
) -> None:
    conversation_id = conversations.begin()
    body = {"question": MAYOR_QUESTION, "conversation_id": conversation_id}
    answer = read(client.post("/v1/ask", json=body))
    opinion = {"verdict": "down", "complaint": "outdated", "comment": "She left.", "citation": 1}
    about = {"conversation_id": conversation_id, "turn": 1}

    assert client.post("/v1/feedback", json=opinion | about).status_code == 204
    [kept] = conversations.feedback()
    assert (kept.verdict, kept.complaint, kept.comment, kept.citation) == (*opinion.values(),)
    assert (kept.answer["id"], kept.conversation_id) == (answer["id"], conversation_id)


def test_feedback_without_a_conversation_is_kept_while_the_answer_is_the_same(
    client: FlaskClient, conversations: SqlConversations, assistant: Assistant
) -> None:
    filters = {"publisher": "Springfield Gazette"}
    asked = {"question": MAYOR_QUESTION, "filters": filters}
    answer = read(client.post("/v1/ask", json=asked))
    opinion = asked | {"answer_id": answer["id"], "verdict": "up"}

    assert client.post("/v1/feedback", json=opinion).status_code == 204
    [kept] = conversations.feedback()
    assert {**kept.answer, "timings_ms": 0} == answer | {"timings_ms": 0}
    add(assistant, mayor_story(story_id="new"))
    problem = read(client.post("/v1/feedback", json=opinion), 409)
    assert "have changed" in problem["detail"]


@pytest.mark.parametrize(
    ("change", "status", "faulty"),
    [
        ({"turn": 2}, 404, None),
        ({"conversation_id": "c" * 32}, 404, None),
        ({"citation": 9}, 404, "#/citation"),
        ({"verdict": "sideways"}, 422, "#/verdict"),
        ({"complaint": "rude"}, 422, "#/complaint"),
        ({"comment": "a" * 2001}, 422, "#/comment"),
        ({"question": "Who?"}, 422, "#/question"),
    ],
)
def test_feedback_on_what_is_not_there_is_refused(
    client: FlaskClient,
    conversations: SqlConversations,
    change: dict[str, object],
    status: int,
    faulty: str | None,
) -> None:
    conversation_id = conversations.begin()
    asked = {"question": MAYOR_QUESTION, "conversation_id": conversation_id}
    client.post("/v1/ask", json=asked)
    opinion = {"conversation_id": conversation_id, "turn": 1, "verdict": "up"}
    problem = read(client.post("/v1/feedback", json=opinion | change), status)

    assert [fault["pointer"] for fault in problem.get("errors", [])] == ([faulty] if faulty else [])
    assert conversations.feedback() == []
