"""MilvusLink: calls to a Milvus server that outlive its restarts, for a bounded time."""

import logging
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias, TypeVar
from urllib.parse import urlsplit, urlunsplit

import grpc
from pymilvus import MilvusClient, MilvusException

from embeddings.errors import IndexRefused, IndexUnreachable

# It writes a traceback for each failure; they are told of by our own errors.
logging.getLogger("pymilvus").setLevel(logging.CRITICAL)

logger = logging.getLogger(__name__)

T = TypeVar("T")

ATTEMPT_S = 10.0
"""How long one call may take: a server that died without closing its connection never answers."""

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.05, 2.0
"""Between one try and the next; each pause is twice the one before."""

NOT_LOADED = 101
PASSING_CODES = frozenset({1, 2, 5, 8, 9, NOT_LOADED, 103, 104, 106})
"""Codes of Milvus for what passes (pkg/util/merr/errors.go): it isn't ready, is unavailable, has an
internal fault, or refuses for its load; or the collection is not, or not wholly, loaded."""

PASSING_STATUSES = frozenset(
    {
        grpc.StatusCode.UNAVAILABLE,
        grpc.StatusCode.DEADLINE_EXCEEDED,
        grpc.StatusCode.CANCELLED,
        grpc.StatusCode.RESOURCE_EXHAUSTED,
    }
)

UNSENT = re.compile(r"closed channel|Retry timeout|channel is closed|Fail connecting")
"""How pymilvus, which gives all faults of its own one code, tells of a connection that is gone."""

WORDS_SINCE = (2, 5)
"""The first release of Milvus that ranks by BM25."""


Failure: TypeAlias = MilvusException | grpc.RpcError | grpc.FutureTimeoutError


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """What a server is, and what it can do: *words* says whether it ranks by BM25."""

    version: str
    words: bool

    @classmethod
    def of(cls, version: str) -> "Engine":
        """Read what a server says of itself, such as `v2.6.2` or `milvus_lite-3.2.2`."""
        numbers = re.search(r"([0-9]+)\.([0-9]+)", version)
        # A build that gives no number is of today.
        words = numbers is None or (int(numbers[1]), int(numbers[2])) >= WORDS_SINCE
        return cls(version=version, words=words)


class MilvusLink:
    """A connection to one server, made anew after each failure. Safe to use from threads.

    *prepare* is called with each new client: what a server that was started anew has to be told.
    """

    def __init__(
        self,
        uri: str,
        token: str = "",
        *,
        prepare: Callable[[MilvusClient], None] = lambda client: None,
    ) -> None:
        self.uri = _without_password(uri)
        self._place = {"uri": uri, "token": token}
        self._prepare = prepare
        self._lock = threading.Lock()
        self._client: MilvusClient | None = None

    def call(self, act: Callable[[MilvusClient, float], T], *, within_s: float) -> T:
        """Return what *act* does with a client and the seconds it may take; try for *within_s*.

        *act* may be done more than once, or done although it failed. Raises `IndexUnreachable`
        where the server is not to be had in time, and `IndexRefused` where it refuses.
        """
        until, pause = time.monotonic() + within_s, FIRST_PAUSE_S
        while True:
            client = None
            try:
                client = self._connected(until)
                return act(client, _seconds(until))
            except (MilvusException, grpc.RpcError, grpc.FutureTimeoutError) as error:
                if not _passes(error):
                    raise IndexRefused(self.uri, _told(error)) from error
                self._drop(client)
                if time.monotonic() + pause >= until:
                    raise IndexUnreachable(self.uri, _told(error)) from error
                logger.info("%s: %s; tried again in %.2f s.", self.uri, _told(error), pause)
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_S)

    def engine(self, *, within_s: float) -> Engine:
        """Return what the server is."""
        return Engine.of(
            self.call(
                lambda client, left: client.get_server_version(timeout=left), within_s=within_s
            )
        )

    def close(self) -> None:
        """Let the connection go; the next call makes another."""
        self._drop(self._client)

    def _connected(self, until: float) -> MilvusClient:
        with self._lock:
            if self._client is None:
                client = MilvusClient(**self._place, timeout=_seconds(until), dedicated=True)
                try:
                    self._prepare(client)
                except BaseException:
                    client.close()
                    raise
                self._client = client
            return self._client

    def _drop(self, client: MilvusClient | None) -> None:
        with self._lock:
            if client is not self._client:
                return
            self._client = None
        if client is not None:
            client.close()


def _seconds(until: float) -> float:
    return min(ATTEMPT_S, max(0.01, until - time.monotonic()))


def _passes(error: Failure) -> bool:
    """Say whether the same call can succeed later."""
    if isinstance(error, grpc.FutureTimeoutError):
        return True
    if isinstance(error, grpc.RpcError):
        return error.code() in PASSING_STATUSES
    return (
        error.code in PASSING_CODES
        or error.code in PASSING_STATUSES
        or bool(UNSENT.search(str(error.message)))
    )


def _told(error: Failure) -> str:
    """Return what is told of *error*, in one line."""
    message = error.message if isinstance(error, MilvusException) else str(error)
    first = str(message).strip().splitlines() or [type(error).__name__]
    return first[0][:300]


def _without_password(uri: str) -> str:
    parts = urlsplit(uri)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
