"""The endpoints that OpenAI's clients know: chat completions and models."""

import json
from contextlib import suppress
from datetime import UTC, datetime
from time import time

from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import NotFound, UnsupportedMediaType

from qa.contextualize import TURNS_IN_VIEW, hangs_on_others
from qa.conversation import Turn
from qa.errors import EmptyQuestion, QuestionTooLong
from qa.serialize import answer_json
from web.api import the_assistant
from web.completion import Completion
from web.completion_body import MODEL, CompletionBody
from web.reply import reply_to
from web.stream import MIMETYPE

bp = Blueprint("chat_completions", __name__)

CREATED = 1793491200  # 2026-11-01: the shape wants a date, and nothing depends on it
CONVERSATION = 16
"""A conversation comes whole with each question: it may be this many times as large as one."""


# Before what refuses large bodies, which asks the app and not the blueprint.
@bp.before_app_request
def _let_conversations_in() -> None:
    limit = current_app.config["MAX_CONTENT_LENGTH"]
    if limit and request.endpoint == f"{bp.name}.{chat_completions.__name__}":
        request.max_content_length = CONVERSATION * limit


@bp.post("/v1/chat/completions")
def chat_completions() -> Response:
    """Answer the last user message of a conversation."""
    if request.mimetype != "application/json":
        raise UnsupportedMediaType("Send JSON, with Content-Type: application/json.")
    body = CompletionBody.model_validate_json(request.get_data())
    _known(body.model)
    answer = the_assistant().ask(body.question, filters=body.filters_or_none(), past=_past(body))
    completion = Completion(
        answer=answer, reply=reply_to(answer, request.url_root), created=int(time())
    )
    if body.stream:
        # The answer is there before the stream begins: an error still has a status of its own.
        events = completion.events(with_usage=body.with_usage)
        return Response(events, mimetype=MIMETYPE, headers={"X-Accel-Buffering": "no"})
    return _json(completion.whole())


def _past(body: CompletionBody) -> list[Turn]:
    """Return the turns before, which the client keeps, by asking again what they asked.

    Answers are deterministic, so that these are the ones that were given. A question that stands
    alone needs none.
    """
    past: list[Turn] = []
    if hangs_on_others(body.question):
        for n, exchange in enumerate(body.past[-TURNS_IN_VIEW:], start=1):
            with suppress(EmptyQuestion, QuestionTooLong):
                answer = the_assistant().ask(exchange.question, past=past)
                turn = Turn(n=n, asked_at=datetime.now(UTC), answer=answer_json(answer))
                past.append(turn)
    return past


@bp.get("/v1/models")
def models() -> Response:
    """List what a client may name as model: there is one."""
    return _json({"object": "list", "data": [_model()]})


@bp.get("/v1/models/<path:name>")
def model(name: str) -> Response:
    """Describe a model."""
    _known(name)
    return _json(_model())


def _known(name: str) -> None:
    if name != MODEL:
        raise NotFound(f"There is no such model; the only one is '{MODEL}'.")


def _model() -> dict[str, object]:
    return {"id": MODEL, "object": "model", "created": CREATED, "owned_by": "dateline"}


def _json(body: dict[str, object]) -> Response:
    return Response(json.dumps(body), mimetype="application/json")
