"""MilvusIndex: meaning and words searched by a Milvus server that many processes share."""

import logging
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from embeddings.durable import writing
from embeddings.encoder import Encoder
from embeddings.errors import IndexUnwritable
from embeddings.fusion import fuse
from embeddings.index import Entry, Query, ScoredId
from embeddings.milvus_collection import MilvusCollection
from embeddings.milvus_link import Engine
from embeddings.milvus_schema import collection_name

logger = logging.getLogger(__name__)

FRESH_S = 1.0
"""For so long `change` is what the server said last: each answer asks for it several times."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MilvusOptions:
    """Where an index is, and how patient its users are.

    *folder* holds the lock of those who write; one who finds it held waits for *patience_s*.
    Without *writes* nothing is ever changed on the server. *consistency* is that of searches; what
    is complete is always asked of the server as it is. *search_s* and *write_s* bound a call,
    its retries included.
    """

    uri: str
    folder: Path
    token: str = ""
    prefix: str = "dateline"
    writes: bool = True
    patience_s: float = 0.0
    consistency: str = "Strong"
    search_s: float = 5.0
    write_s: float = 60.0


class MilvusIndex:
    """Passages in a collection of their own, with the change up to which it is complete.

    Of the processes that share a data folder one at a time writes. What it was about to apply is
    passed over where another has done so meanwhile: an older state never replaces a newer one. The
    change is recorded once all rows before it are acknowledged, so that what a killed process or
    server leaves undone is done again; and doing it again changes nothing.
    """

    def __init__(self, options: MilvusOptions, *, store: str, encoder: Encoder) -> None:
        """Connect, and make the collection if it is missing.

        *store* is the identity of the story store. Raises `IndexUnreachable`, `IndexRefused` and
        `IndexUnwritable`.
        """
        self._options = options
        self._dim = encoder.dim
        self._passages = MilvusCollection(
            options.uri,
            options.token,
            name=collection_name(options.prefix, store=store, encoder=encoder.name),
            states=f"{options.prefix}_states",
            consistency=options.consistency,
            search_s=options.search_s,
            write_s=options.write_s,
        )
        self._added: dict[int, Entry] = {}
        self._removed: set[int] = set()
        self._since: int | None = None  # the change that what is staged follows on
        self._known = (0, float("-inf"))  # a change, and when the server said it
        self._seen = threading.local()  # the change that this thread was told last
        if not self.engine.words:
            logger.warning(
                "Milvus %s at %s has no search by words, as 2.5 and newer have: passages are "
                "found by their meaning alone.",
                self.engine.version,
                self.uri,
            )
        with self._writing(patience_s=options.write_s) as held:
            if held:
                self._passages.ensure(self._dim)

    @property
    def uri(self) -> str:
        """The server's address, without a password."""
        return self._passages.uri

    @property
    def engine(self) -> Engine:
        """What the server is and can do."""
        return self._passages.engine

    @property
    def change(self) -> int:
        """The store's change number up to which this index is complete; 0 for a new index.

        It may be `FRESH_S` old.
        """
        change, told_at = self._known
        if time.monotonic() - told_at > FRESH_S:
            return self._recorded()
        self._seen.change = change
        return change

    def __len__(self) -> int:
        return self._passages.count()

    def add(self, entries: Sequence[Entry]) -> None:
        """Add *entries*, each in place of an older one of the same passage id."""
        self._stage()
        self._added |= {entry.passage_id: entry for entry in entries}

    def remove(self, passage_ids: Sequence[int]) -> None:
        """Forget *passage_ids*; ids that are not there are ignored."""
        self._stage()
        self._removed.update(passage_ids)
        for passage_id in passage_ids:
            self._added.pop(passage_id, None)

    def search(self, query: Query, k: int) -> list[ScoredId]:
        """Return at most *k* passages that satisfy the query's filters, best first.

        The two searches are fused here: Milvus can do that too, but doesn't tell then how each of
        them ranked what it returns.
        """
        if k == 0:
            return []
        return fuse(self._passages.by_meaning(query, k), self._passages.by_words(query, k), k)

    def commit(self, change: int) -> None:
        """Make everything up to the store's *change* durable, and visible to all searches.

        What was staged is dropped where another process has applied it, or writes just now, or
        where the server can't be reached: `change` says where to go on.
        """
        since = self._base() if self._since is None else self._since
        removed, entries = self._removed - self._added.keys(), list(self._added.values())
        self._removed, self._added, self._since = set(), {}, None
        with self._writing(patience_s=self._options.patience_s) as held:
            if not held:
                logger.info("%s is written by others: what has changed is left to them.", self.uri)
                return
            self._passages.ensure(self._dim)
            if since <= self._recorded() < change:
                self._passages.write(sorted(removed), entries)
                self._passages.record(change)
                self._tell(change)

    def clear(self) -> None:
        """Forget every passage; `change` is 0 again."""
        self._removed, self._added, self._since = set(), {}, None
        with self._writing(patience_s=self._options.write_s) as held:
            if held:
                self._passages.forget()
                self._passages.ensure(self._dim)
                self._recorded()

    def drop(self) -> None:
        """Delete what the server holds of this index, for good."""
        self._passages.drop()

    def close(self) -> None:
        """Let the connection go."""
        self._passages.close()

    def _stage(self) -> None:
        if self._since is None:
            self._since = self._base()

    def _base(self) -> int:
        """Return the change from which this thread goes on.

        Other threads hear of newer or, after a rebuild, older ones, which it hasn't looked at.
        """
        told: int | None = getattr(self._seen, "change", None)
        return self.change if told is None else told

    def _recorded(self) -> int:
        return self._tell(self._passages.recorded())

    def _tell(self, change: int) -> int:
        self._known = change, time.monotonic()
        self._seen.change = change
        return change

    @contextmanager
    def _writing(self, *, patience_s: float) -> Iterator[bool]:
        """Hold the lock of those who write; yield False where it, or writing, is not to be had."""
        if not self._options.writes:
            yield False
            return
        try:
            with writing(self._options.folder, patience_s=patience_s) as held:
                yield held
        except OSError as error:
            raise IndexUnwritable(self._options.folder, error) from error
