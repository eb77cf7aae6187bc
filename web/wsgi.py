"""The entry for gunicorn: `gunicorn --workers 1 --threads 4 'web.wsgi:build()'`.

One worker holds the models and the index once; its threads answer side by side.
"""

import logging
from dataclasses import replace

from flask import Flask

from qa.assemble import assemble, open_conversations
from qa.settings import load_settings
from qa.suggesting.suggester import Background
from web import create_app
from web.operating.metrics import Metrics


def build() -> Flask:
    """Return the app over the assistant that the settings describe, its models loaded."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("mcp").setLevel(logging.WARNING)  # it tells of every request's beginning
    settings = load_settings()
    assistant = assemble(settings)
    if assistant.suggestions and settings.suggestions.background:
        Background(assistant, assistant.suggestions).start()
    metrics = Metrics()
    counted = replace(assistant, observe=metrics.answered)
    return create_app(settings, counted, open_conversations(settings), metrics)
