"""VectorTable: vectors in memory beside what filters need to know, a row a passage."""

import hashlib
from collections.abc import Collection, Sequence

import faiss
import numpy as np
from numpy.typing import NDArray

from embeddings.index import Entry, Filters

Rows = NDArray[np.void]
"""One-dimensional, of dtype `ROW`."""

ROW = np.dtype([("passage_id", "<i8"), ("story", "<i8"), ("publisher", "<i8"), ("day", "<i4")])
"""Story and publisher as 64-bit hashes; the day's proleptic ordinal, 0 for an undated story."""


class VectorTable:
    """Vectors as 16-bit floats, searched exhaustively by inner product.

    A removed row stays behind, marked dead, until `compact`: FAISS would move all others.
    """

    def __init__(self, dim: int) -> None:
        self.rows: Rows = np.empty(0, ROW)
        self.vectors: faiss.Index = faiss.IndexScalarQuantizer(
            dim, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
        )
        self._live = np.empty(0, np.bool_)

    @classmethod
    def of(cls, vectors: faiss.Index, rows: Rows) -> "VectorTable":
        """Return a table of *vectors*, whose n-th is that of the n-th of *rows*."""
        table = cls(vectors.d)
        table.vectors, table.rows = vectors, rows
        table._live = np.ones(len(rows), np.bool_)
        return table

    def __len__(self) -> int:
        return int(np.count_nonzero(self._live))

    def remove(self, passage_ids: Collection[int]) -> None:
        """Mark the rows of *passage_ids* dead."""
        self._live &= ~np.isin(self.rows["passage_id"], list(passage_ids))

    def add(self, entries: Sequence[Entry]) -> None:
        """Append *entries*, whose passage ids must have been removed."""
        if not entries:
            return
        self.vectors.add(np.stack([entry.vector for entry in entries]))
        self.rows = np.concatenate([self.rows, rows_of(entries)])
        self._live = np.concatenate([self._live, np.ones(len(entries), np.bool_)])

    def search(self, vector: NDArray[np.float32], k: int, filters: Filters) -> list[int]:
        """Return at most *k* passage ids that satisfy *filters*, best first."""
        allowed = self._live & passes(self.rows, filters)
        k = min(k, int(np.count_nonzero(allowed)))
        if k == 0:
            return []
        bits = np.packbits(allowed, bitorder="little")
        selector = faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg, arg-type] # wrapped
        parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg] # wrapped
        _, [found] = self.vectors.search(vector.reshape(1, -1), k, params=parameters)
        passage_ids: list[int] = self.rows["passage_id"][found].tolist()
        return passage_ids

    def compact(self) -> "VectorTable":
        """Return the table without its dead rows."""
        if self._live.all():
            return self
        table = VectorTable(self.vectors.d)
        if self._live.any():
            table.vectors.add(self.vectors.reconstruct_batch(np.flatnonzero(self._live)))
        return VectorTable.of(table.vectors, self.rows[self._live])


def rows_of(entries: Sequence[Entry]) -> Rows:
    """Return a row for each of *entries*."""
    return np.array(
        [
            (
                entry.passage_id,
                _hash(entry.story_id),
                _hash(fold(entry.publisher or "")),
                entry.published_on.toordinal() if entry.published_on else 0,
            )
            for entry in entries
        ],
        dtype=ROW,
    )


def passes(rows: Rows, filters: Filters) -> NDArray[np.bool_]:
    """Return for each row whether its story satisfies *filters*."""
    allowed = np.ones(len(rows), np.bool_)
    if filters.from_date:
        allowed &= rows["day"] >= filters.from_date.toordinal()
    if filters.to_date:
        allowed &= (rows["day"] > 0) & (rows["day"] <= filters.to_date.toordinal())
    if filters.publisher:
        allowed &= rows["publisher"] == _hash(fold(filters.publisher))
    if filters.story_ids:
        allowed &= np.isin(rows["story"], [_hash(story_id) for story_id in filters.story_ids])
    return allowed


def fold(publisher: str) -> str:
    """Return the form of a publisher's name in which case makes no difference."""
    return publisher.casefold()


def _hash(name: str) -> int:
    digest = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)
