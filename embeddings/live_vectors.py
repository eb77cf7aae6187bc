"""LiveVectors: all vectors as they are after a change, to be searched while the next is applied."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from embeddings.index import Entry, Filters
from embeddings.vector_rows import PASSAGE_ID, Rows, passes, rows_of
from embeddings.vector_scan import VectorScan
from embeddings.vector_table import Places, VectorTable

TIES = 20
"""So many more are ranked than are asked for: the last may be as near as others."""
SCORE_DIGITS = 6
"""Decimals of an inner product that count: further on, it is the order of additions that shows."""

Base = VectorTable | VectorScan
Live = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveVectors:
    """A base that the files hold, sorted by passage id, and what has changed since.

    *gone* are the passages that were added, replaced or removed after *base_change*, by change;
    *base_live* marks the base's rows that are left, None if all are. *tail* has the passages that
    were added since, *tail_changes* the change that added each; those that *tail_live* doesn't
    mark went again.
    """

    change: int
    base: Base
    base_change: int
    base_live: Live | None
    gone: tuple[tuple[int, tuple[int, ...]], ...]
    tail: VectorTable
    tail_live: Live
    tail_changes: NDArray[np.int64]

    @classmethod
    def of(cls, base: Base, dim: int, change: int) -> "LiveVectors":
        """Return *base* as it is at *change*."""
        return cls(
            change=change,
            base=base,
            base_change=change,
            base_live=None,
            gone=(),
            tail=VectorTable.empty(dim),
            tail_live=np.empty(0, np.bool_),
            tail_changes=np.empty(0, np.int64),
        )

    def __len__(self) -> int:
        return len(self.places_in_base) + int(np.count_nonzero(self.tail_live))

    @property
    def places_in_base(self) -> Places:
        """Where in the base the passages are that are left."""
        return (
            np.arange(len(self.base)) if self.base_live is None else np.flatnonzero(self.base_live)
        )

    @property
    def changed(self) -> int:
        """How many passages were added or removed since the base was made; replaced ones once."""
        return sum(len(passage_ids) for _, passage_ids in self.gone)

    def applied(
        self, change: int, removed: Collection[int], entries: Sequence[Entry]
    ) -> "LiveVectors":
        """Return what is left after *removed* and what *entries* replace, with *entries*."""
        gone = tuple(dict.fromkeys([*removed, *(entry.passage_id for entry in entries)]))
        left = self._without(change, gone)
        if not entries:
            return left
        tail = left.tail.plus(np.stack([entry.vector for entry in entries]), rows_of(entries))
        added = len(entries)
        return replace(
            left,
            tail=tail,
            tail_live=np.concatenate([left.tail_live, np.ones(added, np.bool_)]),
            tail_changes=np.concatenate([left.tail_changes, np.full(added, change)]),
        )

    def rebased(self, base: Base, base_change: int) -> "LiveVectors":
        """Return the same on a *base* that holds everything up to *base_change*."""
        since = np.flatnonzero(self.tail_live & (self.tail_changes > base_change))
        anew = LiveVectors.of(base, self.tail.index.d, base_change)
        for change, passage_ids in self.gone:
            if change > base_change:
                anew = anew._without(change, passage_ids)
        return replace(
            anew,
            change=max(self.change, base_change),
            tail=anew.tail.plus(self.tail.decoded(since), self.tail.rows[:, since]),
            tail_live=np.ones(len(since), np.bool_),
            tail_changes=self.tail_changes[since],
        )

    def search(self, vector: NDArray[np.float32], k: int, filters: Filters) -> list[int]:
        """Return at most *k* passage ids that satisfy *filters*, nearest first, equals by id.

        Base and tail only nominate. What counts is each vector as the base keeps it, so that it
        makes no difference in which of the two a passage is.
        """
        if k == 0:
            return []
        allowed = self.base_live
        if filters:
            allowed = passes(self.base.rows, filters) & (True if allowed is None else allowed)
        old = self.base.nominate(vector, k + TIES, allowed)
        new = self.tail.nominate(vector, k + TIES, self.tail_live & passes(self.tail.rows, filters))
        vectors = np.concatenate(
            [self.base.decoded(old), self.base.as_kept(self.tail.decoded(new))]
        )
        passage_ids = np.concatenate(
            [self.base.rows[PASSAGE_ID, old], self.tail.rows[PASSAGE_ID, new]]
        )
        # Not with BLAS: its sums depend on where in the matrix a row is.
        scores = np.einsum("ij,j->i", vectors, vector).round(SCORE_DIGITS)
        nearest: list[int] = passage_ids[np.lexsort((passage_ids, -scores))[:k]].tolist()
        return nearest

    def _without(self, change: int, passage_ids: tuple[int, ...]) -> "LiveVectors":
        in_base = _places_of(passage_ids, self.base.rows)
        live = self.base_live
        if len(in_base):
            live = np.ones(len(self.base), np.bool_) if live is None else live.copy()
            live[in_base] = False
        kept = ~np.isin(self.tail.rows[PASSAGE_ID], passage_ids)
        return replace(
            self,
            change=change,
            base_live=live,
            gone=(*self.gone, (change, passage_ids)),
            tail_live=self.tail_live & kept,
        )


def _places_of(passage_ids: Collection[int], rows: Rows) -> Places:
    """Return where those of *passage_ids* are that *rows*, sorted by passage id, have."""
    wanted = np.sort(np.fromiter(passage_ids, np.int64, len(passage_ids)))
    places = np.searchsorted(rows[PASSAGE_ID], wanted)
    inside = places < rows.shape[1]
    places, wanted = places[inside], wanted[inside]
    found: Places = places[rows[PASSAGE_ID, places] == wanted]
    return found
