"""The chat page and the JSON endpoint."""

import hashlib
from pathlib import Path

from flask import Flask
from jinja2 import StrictUndefined

from qa.assistant import Assistant
from qa.conversation import ConversationStore
from qa.settings import Settings
from web import api, chat_pages, errors, security, show, story_pages
from web.suggestions import Suggestions

__all__ = ["create_app"]

STATIC = Path(__file__).parent / "static"
A_YEAR_SECONDS = 31_536_000


def create_app(settings: Settings, assistant: Assistant, conversations: ConversationStore) -> Flask:
    """Return the app that serves *assistant* and keeps what is asked in *conversations*."""
    # The folder's hash is in the address, so that browsers keep its files until they change; it is
    # no query, since a script's own imports wouldn't have it.
    app = Flask(__name__, static_url_path=f"/static/{_hash_of(STATIC)}")
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = A_YEAR_SECONDS
    app.config["MAX_CONTENT_LENGTH"] = settings.web.max_body_bytes
    app.config["MAX_FORM_MEMORY_SIZE"] = settings.web.max_body_bytes
    app.config["KEEP_DAYS"] = settings.conversations.keep_days
    app.extensions["assistant"] = assistant
    app.extensions["conversations"] = conversations
    app.extensions["suggestions"] = Suggestions(assistant)
    app.jinja_options = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    app.register_blueprint(api.bp)
    app.register_blueprint(chat_pages.bp)
    app.register_blueprint(story_pages.bp)
    errors.register(app)
    security.register(app)
    show.register(app)
    return app


def _hash_of(folder: Path) -> str:
    """Return a short hash of the names and bytes of the files in *folder*."""
    digest = hashlib.blake2b(digest_size=5)
    for file in sorted(folder.iterdir()):
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()
