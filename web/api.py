"""The JSON endpoint: questions in, answers out."""

import json

from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import ServiceUnavailable, UnsupportedMediaType

from qa.assistant import Assistant
from qa.conversation import ConversationStore
from qa.serialize import story_json
from web.ask import AskBody
from web.asking import Asking
from web.stream import MIMETYPE, streamed

bp = Blueprint("api", __name__)


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


def _json(body: dict[str, object]) -> Response:
    return Response(json.dumps(body, ensure_ascii=False), mimetype="application/json")


@bp.post("/v1/ask")
def ask() -> Response:
    """Answer the question in the body; a refusal to answer is an answer too."""
    if request.mimetype != "application/json":
        raise UnsupportedMediaType(
            "Send the question as JSON, with Content-Type: application/json."
        )
    body = AskBody.model_validate_json(request.get_data())
    asking = the_asking()
    if request.accept_mimetypes.best == MIMETYPE:
        return streamed(lambda on_step: asking.answer(body, on_step))
    return _json(asking.answer(body))


@bp.get("/v1/stories/<story_id>")
def story(story_id: str) -> Response:
    """Return a story with the text that citations count in."""
    return _json(story_json(the_assistant().store.story(story_id)))


@bp.get("/healthz")
def alive() -> Response:
    """Say that the process answers requests."""
    return _json({"status": "alive"})


@bp.get("/readyz")
def ready() -> Response:
    """Say whether questions can be answered; 503 and the reason when not."""
    if reason := the_assistant().ready():
        raise ServiceUnavailable(reason, retry_after=5)
    return _json({"status": "ready"})
