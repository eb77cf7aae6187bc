"""Requests that are refused before anything reads them: foreign, oversized, or too deep."""

import re
from io import BytesIO
from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import Flask, request
from werkzeug.exceptions import (
    BadRequest,
    Forbidden,
    RequestEntityTooLarge,
    RequestHeaderFieldsTooLarge,
    RequestURITooLarge,
    UnsupportedMediaType,
)

from qa.web_settings import WebSettings

MOST_ADDRESS_CHARS = 8190
"""As much as gunicorn reads of a request's first line."""

MOST_HEADER_CHARS = 32768
MOST_DEPTH = 32
"""Levels of JSON: a question with filters has three, a tool call of MCP some more."""

MOST_FORM_PARTS = 50

_LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN_SITES = frozenset({"same-origin", "none"})
# Asked by name of whatever machine runs the checks; they tell nothing that is anybody's secret.
_HEALTH = frozenset({"/healthz", "/readyz"})
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"?', re.DOTALL)
_BRACKET = re.compile(rb"[\[\]{}]")


class BadJson(BadRequest):
    """The body as a whole is at fault."""

    pointer = "#"


def register(app: Flask, web: WebSettings) -> None:
    """Refuse, at every address of *app*, what no user of it sends."""
    app.config["MAX_CONTENT_LENGTH"] = web.max_body_bytes
    app.config["MAX_FORM_MEMORY_SIZE"] = web.max_body_bytes
    app.config["MAX_FORM_PARTS"] = MOST_FORM_PARTS
    names = trusted_names(web)
    if names:
        app.before_request(lambda: _refuse_unknown_hosts(names))
    app.before_request(_refuse_other_sites)
    app.before_request(_refuse_what_is_too_long)
    app.before_request(_refuse_bodies)


def is_loopback(host: str) -> bool:
    """Say whether only this machine reaches what listens on *host*."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def trusted_names(web: WebSettings) -> tuple[str, ...]:
    """Return the names that Dateline may be reached under; none means any."""
    if web.trusted_hosts:
        given = tuple(name.strip().lower() for name in web.trusted_hosts.split(","))
        return (*filter(None, given), *_LOOPBACK_NAMES)
    return _LOOPBACK_NAMES if is_loopback(web.host) else ()


def _refuse_unknown_hosts(names: tuple[str, ...]) -> None:
    """Refuse other names: a site whose name leads here would else be taken for Dateline itself.

    https://developer.mozilla.org/docs/Web/Security/Attacks/DNS_rebinding
    """
    host = re.sub(r":[0-9]+$", "", request.host.lower())
    known = any(host == name or (name[0] == "." and host.endswith(name)) for name in names)
    if not known and request.path not in _HEALTH:
        raise BadRequest(
            "Dateline isn't known under this name; the setting web.trusted_hosts lists its names."
        )


def _refuse_other_sites() -> None:
    """Refuse what a page of another site has a browser send; programs send no such headers.

    Browsers that don't say which site it was name its origin.
    """
    if request.method in _SAFE_METHODS and request.path != "/mcp":
        return
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is None and origin is not None:
        site = "same-origin" if _names_this_host(origin) else "cross-site"
    if site is not None and site not in _OWN_SITES:
        raise Forbidden("Dateline doesn't take requests that another site's page sends.")


def _names_this_host(origin: str) -> bool:
    # Not the scheme: a proxy that ends TLS may not say that it did.
    try:
        return urlsplit(origin).netloc.lower() == request.host.lower()
    except ValueError:
        return False


def _refuse_what_is_too_long() -> None:
    if len(request.full_path) > MOST_ADDRESS_CHARS:
        raise RequestURITooLarge("The address is longer than a question can be.")
    if sum(len(name) + len(value) for name, value in request.headers) > MOST_HEADER_CHARS:
        raise RequestHeaderFieldsTooLarge("The request's headers are too long.")


def _refuse_bodies() -> None:
    if request.method in _SAFE_METHODS:
        return
    if (request.content_length or 0) > (request.max_content_length or 0):
        raise RequestEntityTooLarge
    if request.mimetype == "multipart/form-data":
        raise UnsupportedMediaType("Dateline takes no files.")
    if request.is_json:
        body = request.get_data()
        # For what reads the stream itself.
        request.environ["wsgi.input"] = BytesIO(body)
        if deeper_than(MOST_DEPTH, body):
            raise BadJson(f"The JSON is nested more than {MOST_DEPTH} levels deep.")


def deeper_than(levels: int, text: bytes) -> bool:
    """Say whether the JSON *text* is nested in more than *levels*; it need not be valid."""
    if text.count(b"[") + text.count(b"{") <= levels:
        return False
    depth = 0
    for bracket in _BRACKET.finditer(_STRING.sub(b"", text)):
        depth += 1 if bracket[0] in b"[{" else -1
        if depth > levels:
            return True
    return False
