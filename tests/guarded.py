"""A client of an app that has settings of its own."""

from collections.abc import Mapping
from pathlib import Path
from typing import cast

from flask.testing import FlaskClient

from qa.assistant import Assistant
from qa.conversation import ConversationStore
from qa.settings import Settings
from tests.fakes import FakeAssistant
from web import create_app


def client_of(
    assistant: FakeAssistant,
    conversations: ConversationStore,
    web: Mapping[str, object],
    data: Path = Path("data"),
) -> FlaskClient:
    """Return a client of *assistant*, served with these settings of the web."""
    settings = Settings.model_validate({"data": data, "web": web})
    return create_app(settings, cast(Assistant, assistant), conversations).test_client()
