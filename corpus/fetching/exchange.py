"""One request and its answer, within limits of size and time; nothing is followed or kept."""

import ssl
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import httpcore2

from corpus.errors import FetchFailed
from corpus.fetching.addresses import CheckedBackend, Resolve
from corpus.fetching.policy import FetchPolicy
from corpus.fetching.urls import Target

_ANY_WRAPPER = zlib.MAX_WBITS | 32
"""gzip or zlib, as its first bytes say."""

_FREE = 1024 * 1024
_RATIO = 100
"""What a body may unpack to for each byte that was sent; sitemaps pack to a fiftieth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A server's answer: *headers* by their names in lower case, *content* unpacked."""

    status: int
    headers: Mapping[str, str]
    content: bytes


class Unanswered(FetchFailed):
    """The server could not be reached or broke off: it may be worth another try."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """Sends requests as *policy* allows, each over a connection of its own."""

    policy: FetchPolicy
    resolve: Resolve
    tls: ssl.SSLContext

    def get(self, target: Target, headers: Mapping[str, str], query: bytes = b"") -> Answer:
        """Return the answer to a GET of *target*; *query* is added to it and never shown.

        Raises `AddressRefused` where the host leads somewhere else than it may, `Unanswered`
        where nothing came in time and `FetchFailed` for what is too large or damaged.
        """
        url = httpcore2.URL(
            scheme=target.scheme.encode(),
            host=target.host.encode(),
            port=target.port,
            target=target.path.encode() + query,
        )
        silence = dict.fromkeys(("connect", "read", "write", "pool"), self.policy.silence_s)
        named = {"Host": target.authority, **headers}
        # What a server gave as its ETag may hold any bytes, and is sent back as it came.
        sent = [(name.encode(), value.encode("latin-1")) for name, value in named.items()]
        try:
            with (
                self._connections() as connections,
                connections.stream(
                    "GET", url, headers=sent, extensions={"timeout": silence}
                ) as response,
            ):
                told = _headers(response.headers)
                content = b""
                if response.status == 200:
                    content = _content(response.iter_stream(), told, target, self.policy.max_bytes)
                return Answer(status=response.status, headers=told, content=content)
        except httpcore2.TimeoutException as error:
            raise Unanswered(f"{target.url}: no whole answer in time") from error
        except (httpcore2.NetworkError, httpcore2.ProtocolError) as error:
            raise Unanswered(f"{target.url}: {error}") from error

    def _connections(self) -> httpcore2.ConnectionPool:
        """Return what connects once, within the time that a request has."""
        backend = CheckedBackend(
            resolve=self.resolve,
            private=self.policy.private_addresses,
            deadline=time.monotonic() + self.policy.total_s,
        )
        return httpcore2.ConnectionPool(ssl_context=self.tls, network_backend=backend)


def _headers(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in headers}


def _content(
    chunks: Iterator[bytes], headers: Mapping[str, str], target: Target, limit: int
) -> bytes:
    """Return the body, unpacked; raise `FetchFailed` as soon as it is known to be too large."""
    length = headers.get("content-length", "")
    if length.isdecimal() and int(length[:20]) > limit:
        raise _too_large(target, limit)
    packing = headers.get("content-encoding", "identity").strip().lower()
    if packing in ("", "identity"):
        parts = chunks
    elif packing in ("gzip", "x-gzip", "deflate"):
        parts = _unpacked(chunks, target, limit)
    else:
        raise FetchFailed(f"{target.url}: comes packed by {packing[:20]}, which was not asked for")
    content = bytearray()
    for part in parts:
        content += part
        if len(content) > limit:
            raise _too_large(target, limit)
    return bytes(content)


def _unpacked(chunks: Iterator[bytes], target: Target, limit: int) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(_ANY_WRAPPER)
    sent = unpacked = 0
    try:
        for chunk in chunks:
            sent += len(chunk)
            left = min(limit, _FREE + _RATIO * sent) - unpacked
            part = unpacker.decompress(chunk, max(left, 0) + 1)
            unpacked += len(part)
            if len(part) > left:
                raise FetchFailed(f"{target.url}: unpacks to too much, as bombs do")
            yield part
    except zlib.error as error:
        raise FetchFailed(f"{target.url}: its packing is damaged: {error}") from error
    if sent and not unpacker.eof:
        raise Unanswered(f"{target.url}: the answer breaks off")


def _too_large(target: Target, limit: int) -> FetchFailed:
    return FetchFailed(f"{target.url}: larger than {limit:,} bytes (fetch.max_bytes)")
