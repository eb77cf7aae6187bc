"""What the web tests share: an assistant, fake or real, the app that serves it, and a client."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings

import corpus
from corpus.ingest import ingest
from corpus.passages import split_story
from corpus.store import StoryStore
from corpus.story import Story
from qa.assemble import assemble, open_store
from qa.assistant import Assistant
from qa.conversations.sql_conversations import SqlConversations
from qa.settings import Settings
from tests.fakes import (
    MAYOR_QUESTION,
    MAYOR_SENTENCE,
    FakeAssistant,
    FakeStore,
    answer_with,
    assistant_of_words,
    cite,
    mayor_story,
)
from web import create_app

# A busy machine is slow at whatever it is at: what is drawn is judged, never how long it took.
settings.register_profile(
    "unhurried", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("unhurried")


@pytest.fixture
def story() -> Story:
    return mayor_story()


@pytest.fixture
def assistant(story: Story) -> FakeAssistant:
    citation = cite(story, "Ada Quinn", MAYOR_SENTENCE)
    return FakeAssistant(
        FakeStore([story]), {MAYOR_QUESTION: answer_with(MAYOR_QUESTION, [citation])}
    )


@pytest.fixture(scope="session")
def shared_conversations(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[SqlConversations]:
    """Where apps that live for longer than a test keep conversations."""
    store = SqlConversations(f"sqlite:///{tmp_path_factory.mktemp('shared')}/conversations.sqlite")
    yield store
    store.close()


@pytest.fixture
def conversations(tmp_path: Path) -> Iterator[SqlConversations]:
    store = SqlConversations(f"sqlite:///{tmp_path}/conversations.sqlite")
    yield store
    store.close()


@pytest.fixture
def app(assistant: FakeAssistant, conversations: SqlConversations) -> Flask:
    return create_app(Settings(), cast(Assistant, assistant), conversations)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def app_of_words(tmp_path: Path, story: Story, conversations: SqlConversations) -> Iterator[Flask]:
    """The whole app over one story, its models replaced by some that compare words."""
    store = StoryStore(tmp_path / "stories.sqlite")
    store.put([(story, split_story(story))])
    yield create_app(Settings(), assistant_of_words(store), conversations)
    store.close()


@pytest.fixture(scope="session")
def bundled_assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """The assistant that the default settings describe, over the stories that ship with it."""
    settings = Settings(data=tmp_path_factory.mktemp("bundled"))
    store = open_store(settings)
    ingest(store, [Path(corpus.__file__).parent / "stories"])
    store.close()
    assistant = assemble(settings)
    yield assistant
    assistant.store.close()
