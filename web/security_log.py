"""What operators are told of who was let in and who was refused: no key, no address, no word."""

import logging
import re

from flask import Flask, Response, request

from web.keys import needed_scope, the_key

logger = logging.getLogger(__name__)

_REFUSALS = {
    400: "malformed, or another name",
    401: "no key in force",
    403: "another site, or a key without the scope",
    413: "too large",
    414: "too long",
    429: "too often",
    431: "too long",
}
_UNPRINTABLE = re.compile(r"[^!-~]")


def register(app: Flask) -> None:
    """Have refusals that protect *app* logged as warnings, and each use of a key as information.

    A line tells the client's network address, the method, the view and the name of the key.
    """
    app.after_request(_tell)


def _tell(response: Response) -> Response:
    why = _REFUSALS.get(response.status_code)
    key = the_key()
    if why:
        logger.warning(
            "refused %d (%s): %s", response.status_code, why, _who(key.name if key else None)
        )
    elif key and needed_scope(request.path):
        logger.info("let in: %s", _who(key.name))
    return response


def _who(key: str | None) -> str:
    """Return who asks for what, without anything that a client could write into the log."""
    client = _UNPRINTABLE.sub("?", request.remote_addr or "unknown")[:45]
    method = request.method if request.method.isalpha() and len(request.method) < 10 else "?"
    return f"client {client}, {method} {request.endpoint or 'nothing'}, key {key or 'none'}"
