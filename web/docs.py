"""The description of the API: for programs at /openapi.json, for people at /docs."""

from typing import Any, cast

from flask import Blueprint, Response, current_app, render_template

from web.api import as_json
from web.reference import reference_of

bp = Blueprint("docs", __name__)


def _described() -> dict[str, Any]:
    return cast(dict[str, Any], current_app.extensions["description"])


@bp.get("/openapi.json")
def openapi() -> Response:
    """Return the description in OpenAPI 3.1."""
    return as_json(_described())


@bp.get("/docs")
def docs() -> str:
    """Show the description as a page."""
    return render_template("docs.html", reference=reference_of(_described()))
