"""The chat page and the JSON endpoints."""

from flask import Flask
from jinja2 import StrictUndefined

from qa.assistant import Assistant
from qa.conversation import ConversationStore
from qa.settings import Settings
from web import chat_completions, docs, errors, mcp, pages, security, show
from web.description import described_app, description_of
from web.v1 import BLUEPRINTS

__all__ = ["create_app"]


def create_app(settings: Settings, assistant: Assistant, conversations: ConversationStore) -> Flask:
    """Return the app that serves *assistant* and keeps what is asked in *conversations*."""
    app = described_app(__name__)
    app.extensions["assistant"] = assistant
    app.extensions["conversations"] = conversations
    app.jinja_options = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    for blueprint in BLUEPRINTS:
        app.register_api(blueprint)
    app.register_blueprint(chat_completions.bp)
    app.register_blueprint(mcp.bp)
    app.register_blueprint(pages.bp)
    app.register_blueprint(docs.bp)
    app.extensions["description"] = description_of(app, settings.answer.max_question_chars)
    errors.register(app)
    security.register(app, settings)
    show.register(app)
    return app
