"""How often one client is answered: so many questions, pages and verdicts a minute."""

import time
from ipaddress import IPv6Address, ip_address
from typing import Literal

from flask import Flask, Response, request
from flask_limiter import ApplicationLimit, Limiter
from limits.errors import ConfigurationError

from qa.errors import InvalidSettings
from qa.web_settings import LimitSettings
from web.keys import the_key

Kind = Literal["asking", "pages", "feedback"]

UNLIMITED = frozenset({"/healthz", "/readyz", "/metrics"})
_ASKING = frozenset({"/ask", "/v1/search", "/v1/chat/completions", "/mcp"})
_FEEDBACK = frozenset({"/feedback", "/v1/feedback"})
_NAMED = {"asking": "questions", "pages": "requests", "feedback": "verdicts"}


def register(app: Flask, limits: LimitSettings) -> None:
    """Have *app* refuse, with 429, who asks more often than *limits* say; files are not counted.

    Raises `InvalidSettings` if nothing can be counted where the settings say.
    """
    storage = limits.storage.get_secret_value() if limits.storage else "memory://"
    limiter = Limiter(
        client,
        application_limits=[
            ApplicationLimit(
                limit_provider=lambda: _rate(limits),
                scope=lambda endpoint: kind(),
                error_message=lambda: _refusal(limits, limiter),
            )
        ],
        storage_uri=storage,
        in_memory_fallback_enabled=True,
        key_prefix="dateline",
    )
    limiter.request_filter(lambda: request.path in UNLIMITED)
    try:
        limiter.init_app(app)
    except ConfigurationError as error:
        # Its words, and a trace of it, would tell the password in the address.
        told = str(error).replace(storage, storage.partition(":")[0])
        raise InvalidSettings(f"Settings are wrong: web.limits.storage: {told}") from None
    app.after_request(lambda response: _tell(response, limiter))


def kind() -> Kind:
    """Return as what this request is counted."""
    path = request.path
    if path in _FEEDBACK and request.method == "POST":
        return "feedback"
    asks = path in _ASKING or path.startswith("/v1/ask") or (path == "/" and "q" in request.args)
    return "asking" if asks else "pages"


def client() -> str:
    """Return who is counted: a key, an address, or the network of an IPv6 address.

    One customer of a provider has 2**64 addresses of IPv6.
    """
    if key := the_key():
        return f"key {key.name}"
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address) and not address.ipv4_mapped:
        return f"{IPv6Address(int(address) >> 64 << 64)}/64"
    return str(address)


def _rate(limits: LimitSettings) -> str:
    key, counted = the_key(), kind()
    if key and key.rate and counted == "asking":
        return key.rate
    rate: str = getattr(limits, counted)
    return rate


def _refusal(limits: LimitSettings, limiter: Limiter) -> str:
    amount, _, period = _rate(limits).partition("/")
    return (
        f"That was more than {int(amount):,} {_NAMED[kind()]} in a {period}, the most that "
        f"Dateline takes from one client. Try again in {_seconds_left(limiter)} seconds."
    )


def _seconds_left(limiter: Limiter) -> int:
    limit = limiter.current_limit
    return max(1, int(limit.reset_at - time.time())) if limit else 1


def _tell(response: Response, limiter: Limiter) -> Response:
    """Say how much is left, as draft-ietf-httpapi-ratelimit-headers-07 does."""
    if limit := limiter.current_limit:
        response.headers["RateLimit-Limit"] = str(limit.limit.amount)
        response.headers["RateLimit-Remaining"] = str(max(0, limit.remaining))
        response.headers["RateLimit-Reset"] = str(_seconds_left(limiter))
        if response.status_code == 429:
            response.headers["Retry-After"] = str(_seconds_left(limiter))
    return response
