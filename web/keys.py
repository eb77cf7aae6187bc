"""Who may use the endpoints: holders of an API key, once there is a file of keys.

The pages stay open. What a page's script needs is therefore among the pages, not under /v1/.
"""

from collections.abc import Callable

from flask import Flask, g, request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Forbidden, Unauthorized

from qa.keys import ApiKey, KeyFile, Scope

_SCOPES: dict[str, Scope] = {"/v1/conversations": "conversations", "/v1/feedback": "feedback"}


def register(app: Flask, keys: KeyFile) -> Callable[[], None]:
    """Have *app* know the key of each request; return the check that refuses requests without."""

    def identify() -> None:
        key = _given() if needed_scope(request.path) else None
        g.api_key = keys.find(key) if key else None

    def check() -> None:
        scope = needed_scope(request.path)
        if scope and keys.keys() is not None:
            _admit(the_key(), scope)

    app.before_request(identify)
    return check


def the_key() -> ApiKey | None:
    """Return the key that this request holds, if it is one of ours."""
    key: ApiKey | None = g.get("api_key")
    return key


def needed_scope(path: str) -> Scope | None:
    """Return what a key must be good for at *path*, or None where none is needed."""
    if path != "/mcp" and not path.startswith(("/v1/", "/mcp/")):
        return None
    for prefix, scope in _SCOPES.items():
        if path == prefix or path.startswith(f"{prefix}/"):
            return scope
    return "ask"


def _given() -> str | None:
    """Return the key that the request holds, whoever made it."""
    authorization = request.authorization
    if authorization and authorization.type == "bearer":
        return authorization.token
    return request.headers.get("X-API-Key")


def _admit(key: ApiKey | None, scope: Scope) -> None:
    if key is None:
        raise Unauthorized(
            "Send an API key that is in force, as Authorization: Bearer KEY or X-API-Key: KEY.",
            www_authenticate=WWWAuthenticate("bearer", {"realm": "Dateline"}),
        )
    if scope not in key.scopes:
        raise Forbidden(f"The key {key.name} isn't good for this: it lacks the scope {scope}.")
