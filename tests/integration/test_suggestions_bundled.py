"""Suggestions over the stories that ship with Dateline, with its real parts."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from qa.assemble import assemble
from qa.assistant import Assistant
from qa.commands.stories import BUNDLED, add_stories
from qa.conversations.sql_conversations import SqlConversations
from qa.settings import Settings
from tests.markup import read, texts
from web import create_app
from web.suggestions import fixed_questions

pytestmark = pytest.mark.models


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose stories `dateline suggest` has looked through."""
    data = tmp_path_factory.mktemp("suggest") / "data"
    add_stories(Settings(data=data), [BUNDLED], publisher=None, if_empty=False)
    return data


@pytest.fixture(scope="module")
def told(data: Path) -> dict[str, int]:
    done = subprocess.run(
        [sys.executable, "-m", "qa.cli", "suggest", "--all", "--json", "--data", str(data)],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": str(BUNDLED.parents[1])},
    )
    result: dict[str, int] = json.loads(done.stdout)
    return result


@pytest.fixture(scope="module")
def assistant(data: Path, told: dict[str, int]) -> Iterator[Assistant]:
    assistant = assemble(Settings(data=data))
    yield assistant
    assistant.store.close()


@pytest.fixture(scope="module")
def chat(assistant: Assistant, shared_conversations: SqlConversations) -> FlaskClient:
    return create_app(Settings(), assistant, shared_conversations).test_client()


def test_bundled_stories_answer_something(told: dict[str, int]) -> None:
    assert told["stories"] == 2
    assert told["suggestions"] >= 2


@pytest.mark.parametrize("question", fixed_questions())
def test_what_is_suggested_is_answered_with_high_confidence_from_the_cited_stories(
    assistant: Assistant, question: str
) -> None:
    answer = assistant.ask(question)
    cited = {citation.story_id for citation in answer.citations}

    for suggestion in answer.suggestions:
        assert suggestion != question
        suggested = assistant.ask(suggestion)
        assert (suggested.status, suggested.confidence.band) == ("answered", "high")
        assert suggested.citations[0].story_id in cited


def test_the_chat_asks_a_suggestion_in_the_same_conversation_without_scripts(
    chat: FlaskClient,
) -> None:
    first = chat.post("/ask", data={"q": fixed_questions()[0]}, follow_redirects=False)
    address = first.location.partition("#")[0]
    page = read(chat, address)
    [question, *_] = texts(page, ".next button")
    [form, *_] = page.css(".next form")
    fields = {one.attributes["name"]: one.attributes["value"] for one in form.css("input")}
    chat.post("/ask", data=fields)
    after = read(chat, address)

    assert texts(after, ".question")[1] == question
    assert question not in texts(after, ".next button")
    assert len(after.css(".exchange .answer")) == 2


def test_suggestions_come_with_the_answer_in_json(chat: FlaskClient) -> None:
    answer = json.loads(chat.post("/v1/ask", json={"question": fixed_questions()[0]}).text)

    assert 1 <= len(answer["suggestions"]) <= 3
    assert read(chat, "/?q=" + fixed_questions()[0]).css(".next form[method=get]")
