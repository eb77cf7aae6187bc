"""The address where programs speak the Model Context Protocol."""

from flask import Blueprint, Response, request

from web.api import the_assistant

bp = Blueprint("mcp", __name__)


@bp.post("/mcp")
def mcp() -> Response:
    """Answer a message; no stream is offered, so that there is nothing to GET."""
    # Its SDK takes half a second to import, and most servers are never asked here.
    from web.mcp_http import respond
    from web.mcp_tools import Library

    return respond(Library(the_assistant(), request.url_root), request)
