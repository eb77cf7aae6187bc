"""The app as a server loads it: `web.serving` for `dateline serve`, or any other of WSGI.

One process holds the models and the index once; its threads answer side by side.
"""

from dataclasses import replace

from flask import Flask

from qa.answer import Answer
from qa.assemble import assemble, open_conversations
from qa.settings import load_settings
from qa.suggesting.suggester import Background
from web import create_app
from web.operating.logs import set_up_logs
from web.operating.metrics import Metrics
from web.operating.traces import open_traces


def build() -> Flask:
    """Return the app over the assistant that the settings describe, its models loaded."""
    settings = load_settings()
    set_up_logs(settings.telemetry)
    assistant = assemble(settings)
    if assistant.suggestions and settings.suggestions.background:
        Background(assistant, assistant.suggestions).start()
    metrics, traces = Metrics(), open_traces(settings.telemetry)

    def observe(answer: Answer) -> None:
        metrics.answered(answer)
        traces.answered(answer, assistant.passages_read)

    watched = replace(assistant, observe=observe)
    return create_app(settings, watched, open_conversations(settings), metrics, traces)
