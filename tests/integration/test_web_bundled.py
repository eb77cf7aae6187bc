import json

import pytest
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser

from qa.assemble import _fingerprint, open_cache
from qa.assistant import Assistant
from qa.conversations.sql_conversations import SqlConversations
from qa.reading.enough import StopRule
from qa.settings import Settings, load_settings
from web import create_app
from web.suggestions import fixed_questions, the_examples

pytestmark = pytest.mark.models


@pytest.fixture(scope="module")
def chat(bundled_assistant: Assistant, shared_conversations: SqlConversations) -> FlaskClient:
    return create_app(Settings(), bundled_assistant, shared_conversations).test_client()


@pytest.mark.parametrize("question", fixed_questions())
def test_bundled_stories_answer_every_example(chat: FlaskClient, question: str) -> None:
    answer = json.loads(chat.post("/v1/ask", json={"question": question}).text)

    assert answer["status"] == "answered"
    for citation in answer["citations"]:
        story = json.loads(chat.get(f"/v1/stories/{citation['story_id']}").text)
        offsets = citation["offsets"]
        assert story["body"][offsets["start"] : offsets["end"]] == citation["quote"]


@pytest.mark.parametrize("question", fixed_questions())
def test_local_link_marks_the_cited_words(chat: FlaskClient, question: str) -> None:
    [citation, *_] = json.loads(chat.post("/v1/ask", json={"question": question}).text)["citations"]
    path, fragment = citation["local_link"].split("#")
    [mark] = LexborHTMLParser(chat.get(path).text).css("mark")

    assert mark.text() == citation["quote"]
    assert mark.attributes["id"] == fragment


def test_every_fixed_example_is_suggested_over_bundled_stories(chat: FlaskClient) -> None:
    with chat.application.app_context():
        assert the_examples().questions() == fixed_questions()


def test_bundled_stories_are_listed(chat: FlaskClient) -> None:
    page = LexborHTMLParser(chat.get("/stories").text)

    assert len(page.css(".stories li")) == 2


def test_server_over_bundled_stories_is_ready(chat: FlaskClient) -> None:
    assert chat.get("/readyz").status_code == 200


def test_a_kept_answer_serves_conversations_and_feedback_as_a_new_one(chat: FlaskClient) -> None:
    """What was answered before a conversation began is a turn of it, with an id to vote on."""
    question = fixed_questions()[0]
    alone = json.loads(chat.post("/v1/ask", json={"question": question}).text)
    conversation = json.loads(chat.post("/v1/conversations").text)["id"]
    turn = {"question": question, "conversation_id": conversation}
    first, second = (json.loads(chat.post("/v1/ask", json=turn).text) for _ in range(2))

    assert "recall" in first["timings_ms"]
    assert alone["id"] == first["id"] == second["id"]
    assert alone["receipt"]["digest"] == first["receipt"]["digest"]
    assert (first["conversation"]["turn"], second["conversation"]["turn"]) == (1, 2)
    vote = {"answer_id": alone["id"], "question": question, "verdict": "up"}
    assert chat.post("/v1/feedback", json=vote).status_code == 204


def test_an_answer_is_made_from_the_same_settings_whether_it_may_be_kept_or_not() -> None:
    cached, uncached = load_settings(), load_settings(answer={"cache_mb": 0})
    assert _fingerprint(cached, StopRule()) == _fingerprint(uncached, StopRule())
    assert open_cache(load_settings(answer={"cache_mb": 0})) is None
