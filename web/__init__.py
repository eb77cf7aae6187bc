"""The chat page and the JSON endpoint."""

from flask import Flask
from jinja2 import StrictUndefined

from qa.assistant import Assistant
from qa.conversation import ConversationStore
from qa.settings import Settings
from web import api, errors, pages, security, show

__all__ = ["create_app"]


def create_app(settings: Settings, assistant: Assistant, conversations: ConversationStore) -> Flask:
    """Return the app that serves *assistant* and keeps what is asked in *conversations*."""
    app = Flask(__name__)
    app.extensions["assistant"] = assistant
    app.extensions["conversations"] = conversations
    app.jinja_options = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    app.register_blueprint(api.bp)
    app.register_blueprint(pages.bp)
    errors.register(app)
    security.register(app, settings)
    show.register(app)
    return app
