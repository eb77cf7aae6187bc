"""What browsers may do with Dateline's pages, and which requests are refused unseen."""

from flask import Flask, Response, request
from werkzeug.middleware.proxy_fix import ProxyFix

from qa.keys import open_keys
from qa.settings import Settings
from qa.web_settings import WebSettings
from web import keys, limits, refusals, security_log

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def register(app: Flask, settings: Settings) -> None:
    """Put the headers on every response of *app*, and refuse in this order.

    First what is foreign or too large; then who asks too often, so that guesses at keys count; then
    who lacks a key where one is needed. Raises `InvalidSettings`.
    """
    hops = settings.web.proxies
    if hops:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign] # as Flask documents it
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
        )
    refusals.register(app, settings.web)
    check_key = keys.register(app, open_keys(settings))
    if limits_apply(settings.web):
        limits.register(app, settings.web.limits)
    app.before_request(check_key)
    app.after_request(_add_headers)
    security_log.register(app)


def limits_apply(web: WebSettings) -> bool:
    """Say whether requests are counted: by default, where others than this machine can send any."""
    if web.limits.enabled is None:
        return bool(web.proxies) or not refusals.is_loopback(web.host)
    return web.limits.enabled


def _add_headers(response: Response) -> Response:
    response.headers.update(HEADERS)
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if request.endpoint != "static" and "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "private, no-store"
    return response
