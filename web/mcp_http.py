"""The Model Context Protocol over HTTP: one message a request, answered as JSON, no sessions.

The SDK speaks ASGI and Flask WSGI: each request gets an event loop for as long as it takes.
"""

import asyncio

from flask import Request, Response
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from starlette.types import Message, Scope

from web.mcp_server import story_server
from web.mcp_tools import Library


def respond(library: Library, request: Request) -> Response:
    """Return what the tools of *library* answer to *request*."""
    return asyncio.run(_exchange(library, _scope(request), request.get_data()))


async def _exchange(library: Library, scope: Scope, body: bytes) -> Response:
    host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
    manager = StreamableHTTPSessionManager(
        story_server(library),
        json_response=True,
        stateless=True,
        # A page of another origin is refused. Which hosts are ours, the app has checked before.
        security_settings=TransportSecuritySettings(
            allowed_hosts=[host], allowed_origins=[f"http://{host}", f"https://{host}"]
        ),
    )
    arriving: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]
    sent: list[Message] = []

    async def receive() -> Message:
        if arriving:
            return arriving.pop()
        return await asyncio.Future()  # the client stays until it is answered

    async def send(message: Message) -> None:
        sent.append(message)

    async with manager.run():
        await manager.handle_request(scope, receive, send)
    return _response(sent)


def _scope(request: Request) -> Scope:
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": request.scheme,
        "path": request.path,
        "raw_path": request.path.encode(),
        "root_path": "",
        "query_string": request.query_string,
        "headers": [
            (name.lower().encode("latin-1"), words.encode("latin-1"))
            for name, words in request.headers
        ],
        "client": None,
        "server": None,
    }


def _response(sent: list[Message]) -> Response:
    [start] = (message for message in sent if message["type"] == "http.response.start")
    bodies = (message for message in sent if message["type"] == "http.response.body")
    response = Response(b"".join(message.get("body", b"") for message in bodies), start["status"])
    for name, words in start.get("headers", ()):
        response.headers[name.decode("latin-1")] = words.decode("latin-1")
    return response
