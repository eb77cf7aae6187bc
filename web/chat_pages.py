"""The chat: a question in a form, conversations, and answers that have an address."""

import json
from dataclasses import replace
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from qa.conversation import Conversation
from qa.serialize import conversation_json
from web.api import the_asking, the_assistant, the_conversations
from web.ask import AskBody
from web.cards import FILTERS, Card, card_of, cards_of
from web.export import conversation_markdown
from web.feedback import FeedbackForm
from web.operating.metrics import the_metrics
from web.stream import MIMETYPE, streamed
from web.suggestions import suggested_after, the_examples

bp = Blueprint("chat", __name__)

_FIELDS = ("q", *FILTERS, "as_asked", "conversation")


@bp.app_context_processor
def _composer() -> dict[str, object]:
    """Return what the composer shows on every page that has one, errors included."""
    return {
        "asked": _asked_if_readable(),
        "publishers": [],
        "keep_days": current_app.config["KEEP_DAYS"],
    }


def asked() -> dict[str, str]:
    """Return the fields of this request that ask something, without the empty ones."""
    return {name: value for name in _FIELDS if (value := request.values.get(name))}


def _asked_if_readable() -> dict[str, str]:
    """Return what is asked; nothing on the page that refuses a form for its size."""
    try:
        return asked()
    except RequestEntityTooLarge:
        return {}


def _body(fields: dict[str, str]) -> AskBody:
    """Return what *fields* ask; raise `ValidationError` if they can't be."""
    asks: dict[str, object] = {
        "question": fields.get("q", ""),
        "filters": {name: fields[name] for name in FILTERS if name in fields},
        "as_asked": str("as_asked" in fields),
    }
    if "conversation" in fields:
        asks["conversation_id"] = fields["conversation"]
    return AskBody.model_validate_strings(asks)


@bp.get("/")
def home() -> str:
    """Show the empty chat; with a question in the address, its answer, which isn't kept."""
    if "q" not in request.args:
        return _page([], examples=the_examples().known())
    body = _body(asked()).model_copy(update={"conversation_id": None})
    answer = the_asking().answer(body)
    return _page([card_of(the_assistant().store, answer)], suggested=answer["suggestions"])


@bp.get("/examples")
def examples() -> str:
    """Show the empty chat once it is known which questions it can suggest."""
    return _page([], examples=the_examples().questions())


@bp.post("/ask")
def ask() -> Response:
    """Ask, keep the turn, and lead to it; or stream what happens, for scripts.

    What can't be kept is led to as well, at an address that asks it by itself.
    """
    body = _body(asked())
    asking = the_asking()
    answer = asking.answer if body.conversation_id else asking.begun
    if request.accept_mimetypes.best == MIMETYPE:
        return streamed(lambda on_step: answer(body, on_step))
    answered = answer(body)
    turn = answered["conversation"]
    if isinstance(turn, dict):
        return _to_turn(turn["id"], turn["turn"])
    alone: dict[str, Any] = {**card_of(the_assistant().store, answered).link, "unkept": "1"}
    return redirect(url_for(".home", **alone), 303)


@bp.get("/c/<conversation_id>")
def conversation(conversation_id: str) -> str:
    """Show a conversation, and where to go on with it."""
    kept = the_conversations().conversation(conversation_id)
    return _conversation_page(kept, cards_of(the_assistant().store, kept))


@bp.get("/c/<conversation_id>/<int:n>")
def turn(conversation_id: str, n: int) -> str:
    """Show one turn of a conversation."""
    kept = the_conversations().conversation(conversation_id)
    only = replace(kept, turns=[kept.turn(n)])
    return _conversation_page(kept, cards_of(the_assistant().store, only))


@bp.get("/c/<conversation_id>/delete")
def about_to_delete(conversation_id: str) -> str:
    """Ask whether a conversation is to be deleted."""
    kept = the_conversations().conversation(conversation_id)
    return render_template("delete.html", conversation=kept)


@bp.post("/c/<conversation_id>/delete")
def delete(conversation_id: str) -> Response:
    """Delete a conversation."""
    the_conversations().delete(conversation_id)
    return redirect(url_for(".home", deleted=conversation_id), 303)


@bp.get("/c/<conversation_id>/export.<any(md, json):form>")
def export(conversation_id: str, form: str) -> Response:
    """Give a conversation as a file."""
    kept = the_conversations().conversation(conversation_id)
    if form == "md":
        text, mimetype = conversation_markdown(kept), "text/markdown"
    else:
        text = json.dumps(conversation_json(kept), ensure_ascii=False, indent=2)
        mimetype = "application/json"
    response = Response(text, mimetype=mimetype)
    response.headers.set("Content-Disposition", "attachment", filename=f"conversation.{form}")
    return response


@bp.post("/feedback")
def feedback() -> Response:
    """Keep what someone thinks of a turn, or of one of its citations, and thank for it."""
    form = FeedbackForm.model_validate_strings(
        {name: value for name, value in request.form.items() if value.strip()}
    )
    kept = the_conversations().conversation(form.conversation)
    the_conversations().put_feedback(form.feedback(kept))
    the_metrics().judged(form.verdict)
    if request.accept_mimetypes.best == "application/json":
        return Response(status=204)
    return _to_turn(form.conversation, form.turn, thanks=form.turn)


def _to_turn(conversation_id: str, n: int, *, thanks: int | None = None) -> Response:
    """Lead to a turn in its conversation, and thank for what was said of turn number *thanks*."""
    address = url_for(
        ".conversation", conversation_id=conversation_id, thanks=thanks, _anchor=f"turn-{n}"
    )
    return redirect(address, 303)


def _conversation_page(kept: Conversation, cards: list[Card]) -> str:
    # The filters that were set by hand stay set, as they do where a script asks.
    last = cards[-1].filters if cards else {}
    thanks = request.args.get("thanks", 0, type=int)
    shown = kept.turns[: cards[-1].n] if cards else ()
    return _page(
        cards, conversation=kept, asked=last, thanks=thanks, suggested=suggested_after(shown)
    )


def _page(cards: list[Card], **shown: object) -> str:
    assistant = the_assistant()
    defaults = {
        "conversation": None,
        "examples": None,
        "thanks": 0,
        "suggested": (),
        "publishers": assistant.store.publishers(),
        "not_ready": assistant.ready(),
    }
    return render_template("chat.html", cards=cards, **(defaults | shown))
