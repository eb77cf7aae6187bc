"""What operators see of a server: numbers, a page, traces, logs; none of it holds users' words."""

from flask import Flask

from qa.assistant import Assistant
from qa.settings import Settings
from web.operating import metrics, requests, status_page
from web.operating.metrics import Metrics
from web.operating.traces import Traces

__all__ = ["register"]


def register(
    app: Flask, assistant: Assistant, settings: Settings, numbers: Metrics, traces: Traces
) -> None:
    """Watch *app*, which serves *assistant*; must come before what refuses requests."""
    requests.register(app, numbers, traces)
    metrics.register(app, numbers, assistant, settings)
    status_page.register(app, numbers, assistant, settings)
