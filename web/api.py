"""What the JSON endpoints share: the assistant, the conversations, and how JSON is written."""

import json
from collections.abc import Mapping

from flask import Response, current_app

from qa.assistant import Assistant
from qa.conversation import ConversationStore
from web.asking import Asking


def the_assistant() -> Assistant:
    """Return the assistant that this app serves."""
    assistant: Assistant = current_app.extensions["assistant"]
    return assistant


def the_conversations() -> ConversationStore:
    """Return where this app keeps conversations and feedback."""
    conversations: ConversationStore = current_app.extensions["conversations"]
    return conversations


def the_asking() -> Asking:
    """Return what asks this app's assistant and keeps the turns."""
    return Asking(the_assistant(), the_conversations())


def as_json(body: Mapping[str, object], status: int = 200) -> Response:
    """Return *body* as JSON, letters of every script unescaped."""
    text = json.dumps(body, ensure_ascii=False)
    return Response(text, status, mimetype="application/json")
