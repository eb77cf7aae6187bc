"""News sites on loopback: what they answer, and what they were asked."""

import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from corpus.fetching.policy import FetchPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a site answers."""

    content: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a site was asked."""

    path: str
    headers: Mapping[str, str]


Answering = Callable[[Asked], Reply]


class Site:
    """A server whose *replies* by path a test sets; other paths are 404."""

    def __init__(self, server: ThreadingHTTPServer, scheme: str) -> None:
        self.replies: dict[str, Reply | Answering] = {}
        self.asked: list[Asked] = []
        self.port = server.server_port
        self.host = f"127.0.0.1:{self.port}"
        self.address = f"{scheme}://{self.host}"

    @property
    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]

    def page(self, path: str, content: str | bytes, **headers: str) -> None:
        """Answer *content* at *path*, with its hash as ETag: 304 where that is known."""
        body = content.encode() if isinstance(content, str) else content
        etag = f'"{hash(body):x}"'
        told = {"Content-Type": "text/html; charset=utf-8", "ETag": etag} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }

        def answer(asked: Asked) -> Reply:
            if asked.headers.get("If-None-Match") == etag:
                return Reply(status=304, headers={"ETag": etag})
            return Reply(content=body, headers=told)

        self.replies[path] = answer

    def answer(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        reply = self.replies.get(asked.path) or self.replies.get(asked.path.partition("?")[0])
        if reply is None:
            return Reply(status=404)
        return reply if isinstance(reply, Reply) else reply(asked)


@contextmanager
def site(tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    """Serve a site for the length of the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            reply = served.answer(Asked(path=self.path, headers=dict(self.headers)))
            size = str(len(reply.content))
            self.send_response(reply.status)
            length = {} if "Transfer-Encoding" in reply.headers else {"Content-Length": size}
            for name, value in (length | dict(reply.headers)).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.content)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    served = Site(server, "https" if tls else "http")
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def policy_for(*sites: Site, **changes: object) -> FetchPolicy:
    """Return a policy that allows *sites*, and doesn't wait between requests."""
    limits: dict[str, object] = {"silence_s": 5.0, "total_s": 10.0, "pause_s": 0.0} | changes
    hosts = tuple(served.host for served in sites)
    return FetchPolicy(**{"hosts": hosts, "private_addresses": True, **limits})  # type: ignore[arg-type] # checked by each test
