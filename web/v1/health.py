"""Whether the server runs and can answer."""

from flask import Response, current_app
from flask_openapi import APIBlueprint
from werkzeug.exceptions import ServiceUnavailable

from web.api import as_json, the_assistant
from web.description import HEALTH, answers
from web.reading import checked
from web.serving.standing import standing_of
from web.shapes import Health

bp = APIBlueprint("v1_health", __name__, abp_tags=[HEALTH])


@bp.get("/healthz", operation_id="alive", responses=answers(Health))
@checked
def alive() -> Response:
    """Say that the process answers requests; 503 and the reason when only a new start will help."""
    if reason := standing_of(current_app).dead():
        raise ServiceUnavailable(reason)
    return as_json({"status": "alive"})


@bp.get("/readyz", operation_id="ready", responses=answers(Health))
@checked
def ready() -> Response:
    """Say whether questions can be answered; 503 and the reason when not."""
    if reason := standing_of(current_app).away() or the_assistant().ready():
        raise ServiceUnavailable(reason, retry_after=5)
    return as_json({"status": "ready"})
