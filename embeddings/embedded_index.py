"""EmbeddedIndex: meaning and words searched in this process, the default index."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import faiss

from embeddings.durable import empty, writing
from embeddings.errors import IndexUnwritable
from embeddings.fusion import fuse
from embeddings.index import Entry, Query, ScoredId
from embeddings.vector_cache import VectorCache
from embeddings.vocabulary import Vocabulary
from embeddings.word_cache import WordCache

logger = logging.getLogger(__name__)

PATIENCE_S = 1.0
"""How long a commit waits for another process that writes."""


class EmbeddedIndex:
    """FAISS vectors and BM25 words, fused by rank, in a folder that can always be built anew.

    Each of the two caches knows the store's change up to which it is complete, and passes over
    what it has applied already. One process at a time writes the folder; the others see its
    words at their next commit. Searches may run in several threads while one thread updates.
    """

    def __init__(self, folder: Path, vectors: VectorCache, words: WordCache) -> None:
        self._folder = folder
        self._vectors = vectors
        self._words = words
        self._added: dict[int, Entry] = {}
        self._removed: set[int] = set()

    @classmethod
    def open(cls, folder: Path, *, encoder: str, dim: int) -> "EmbeddedIndex":
        """Open the index in *folder*, made if missing; what is damaged there starts empty.

        Raises `IndexUnwritable`.
        """
        # A question is one query: FAISS has nothing to share among threads.
        faiss.omp_set_num_threads(1)
        with _writing(folder, patience_s=float("inf")):
            vectors = VectorCache.open(folder, encoder, dim)
            return cls(folder, vectors, WordCache.open(folder, encoder))

    @classmethod
    def delete(cls, folder: Path) -> None:
        """Delete the index in *folder*, to be built anew; raise `IndexUnwritable`."""
        with _writing(folder, patience_s=float("inf")):
            empty(folder)

    @property
    def change(self) -> int:
        """The store's change number up to which this index is complete; 0 for a new index."""
        return min(self._vectors.change, self._words.change)

    @property
    def vocabulary(self) -> Vocabulary:
        """The words that searches see."""
        return self._words

    def __len__(self) -> int:
        return len(self._vectors)

    def add(self, entries: Sequence[Entry]) -> None:
        """Add *entries*, each in place of an older one of the same passage id."""
        self._added |= {entry.passage_id: entry for entry in entries}

    def remove(self, passage_ids: Sequence[int]) -> None:
        """Forget *passage_ids*; ids that are not there are ignored."""
        self._removed.update(passage_ids)
        for passage_id in passage_ids:
            self._added.pop(passage_id, None)

    def search(self, query: Query, k: int) -> list[ScoredId]:
        """Return at most *k* passages that satisfy the query's filters, best first."""
        dense = self._vectors.search(query.vector, k, query.filters)
        words = self._words.search(query.text, k, query.filters)
        return fuse(dense, words, k)

    def commit(self, change: int) -> None:
        """Make everything up to the store's *change* visible to searches, and durable.

        What was staged has to follow on `change`. What the vector file lacks is not lost:
        `change` of a reopened index says where to take up the store's changes again, as it does
        after `IndexUnwritable` or where another process writes just now.
        """
        since, removed, entries = self.change, self._removed, list(self._added.values())
        self._removed, self._added = set(), {}
        self._vectors.apply(change, removed, entries)
        with _writing(self._folder, patience_s=PATIENCE_S) as held:
            if not held:
                logger.info("Another process writes %s: new words wait.", self._folder)
                return
            self._words.apply(since, change, removed, entries)
        self._vectors.merge_if_due()

    def settle(self) -> None:
        """Leave the files so that the next to open them has little to catch up with.

        Raises `IndexUnwritable`.
        """
        self._vectors.settle()

    def clear(self) -> None:
        """Forget every passage; `change` is 0 again."""
        self._removed, self._added = set(), {}
        with _writing(self._folder, patience_s=float("inf")):
            self._vectors.clear()
            self._words.clear()


@contextmanager
def _writing(folder: Path, *, patience_s: float) -> Iterator[bool]:
    """Hold the folder's write lock as `writing` does; raise `IndexUnwritable`."""
    try:
        with writing(folder, patience_s=patience_s) as held:
            yield held
    except (OSError, ValueError) as error:  # tantivy raises ValueError for both
        raise IndexUnwritable(folder, error) from error
