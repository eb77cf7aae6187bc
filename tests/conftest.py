"""What the web tests share: a story, an assistant that answers from it, the app and its client."""

from typing import cast

import pytest
from flask import Flask
from flask.testing import FlaskClient

from corpus.story import Story
from qa.assistant import Assistant
from qa.settings import Settings
from tests.fakes import (
    MAYOR_QUESTION,
    MAYOR_SENTENCE,
    FakeAssistant,
    FakeStore,
    answer_with,
    cite,
    mayor_story,
)
from web import create_app


@pytest.fixture
def story() -> Story:
    return mayor_story()


@pytest.fixture
def assistant(story: Story) -> FakeAssistant:
    citation = cite(story, "Ada Quinn", MAYOR_SENTENCE)
    return FakeAssistant(
        FakeStore([story]), {MAYOR_QUESTION: answer_with(MAYOR_QUESTION, [citation])}
    )


@pytest.fixture
def app(assistant: FakeAssistant) -> Flask:
    return create_app(Settings(), cast(Assistant, assistant))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
