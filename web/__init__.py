"""The chat page and the JSON endpoints."""

import hashlib
from pathlib import Path

from flask import Flask
from jinja2 import StrictUndefined

from qa.assistant import Assistant
from qa.conversation import ConversationStore
from qa.settings import Settings
from web import (
    chat_completions,
    chat_pages,
    docs,
    errors,
    mcp,
    operating,
    security,
    show,
    story_pages,
)
from web.description import described_app, description_of
from web.operating.metrics import Metrics
from web.operating.traces import Traces, no_traces
from web.serving import admission
from web.suggestions import Examples
from web.v1 import BLUEPRINTS

__all__ = ["create_app"]

STATIC = Path(__file__).parent / "static"
A_YEAR_SECONDS = 31_536_000


def create_app(
    settings: Settings,
    assistant: Assistant,
    conversations: ConversationStore,
    numbers: Metrics | None = None,
    traces: Traces | None = None,
) -> Flask:
    """Return the app that serves *assistant* and keeps what is asked in *conversations*.

    What it counts is in *numbers*, which whoever made the assistant may have it count answers with;
    *traces* is told of every request.
    """
    # The folder's hash is in the address, so that browsers keep its files until they change; it is
    # no query, since a script's own imports wouldn't have it.
    app = described_app(__name__, static_url_path=f"/static/{_hash_of(STATIC)}")
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = A_YEAR_SECONDS
    app.config["KEEP_DAYS"] = settings.conversations.keep_days
    app.extensions["assistant"] = assistant
    app.extensions["conversations"] = conversations
    app.extensions["examples"] = Examples(assistant)
    app.jinja_options = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    for blueprint in BLUEPRINTS:
        app.register_api(blueprint)
    app.register_blueprint(chat_completions.bp)
    app.register_blueprint(mcp.bp)
    app.register_blueprint(chat_pages.bp)
    app.register_blueprint(story_pages.bp)
    app.register_blueprint(docs.bp)
    app.extensions["description"] = description_of(app, settings.answer.max_question_chars)
    errors.register(app)
    numbers = numbers or Metrics()
    operating.register(app, assistant, settings, numbers, traces or no_traces())
    security.register(app, settings)
    admission.register(app, settings.web, numbers.registry)
    show.register(app)
    return app


def _hash_of(folder: Path) -> str:
    """Return a short hash of the names and bytes of the files in *folder*."""
    digest = hashlib.blake2b(digest_size=5)
    for file in sorted(folder.iterdir()):
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()
