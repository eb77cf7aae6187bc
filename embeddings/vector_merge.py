"""What base and tail of the vectors have, as one, a run of rows at a time."""

import numpy as np
from numpy.typing import NDArray

from embeddings.live_vectors import LiveVectors
from embeddings.vector_codes import Codes, code_type
from embeddings.vector_rows import PASSAGE_ID, Rows


class Merge:
    """The passages of *live*, sorted by id."""

    def __init__(self, live: LiveVectors) -> None:
        self.dim: int = live.tail.index.d
        self._parts = [
            (live.base, live.places_in_base),
            (live.tail, np.flatnonzero(live.tail_live)),
        ]
        rows = np.concatenate([part.rows[:, places] for part, places in self._parts], axis=1)
        self._order = np.argsort(rows[PASSAGE_ID])
        self.rows: Rows = rows[:, self._order]

    def __len__(self) -> int:
        return len(self._order)

    def decoded(self, start: int, stop: int) -> NDArray[np.float32]:
        """Return the vectors of the rows from *start* to *stop*."""
        vectors = np.empty((len(self._order[start:stop]), self.dim), np.float32)
        for number, at, places in self._runs(start, stop):
            vectors[at] = self._parts[number][0].decoded(places)
        return vectors

    def coded(self, start: int, stop: int) -> Codes:
        """Return the codes of the rows from *start* to *stop*."""
        codes = np.empty(len(self._order[start:stop]), code_type(self.dim))
        for number, at, places in self._runs(start, stop):
            codes[at] = self._parts[number][0].coded(places)
        return codes

    def _runs(
        self, start: int, stop: int
    ) -> list[tuple[int, NDArray[np.int64], NDArray[np.int64]]]:
        """Return for each part which of the rows it has, and at which of its places."""
        order, before, runs = self._order[start:stop], 0, []
        for number, (_, places) in enumerate(self._parts):
            at = np.flatnonzero((order >= before) & (order < before + len(places)))
            runs.append((number, at, places[order[at] - before]))
            before += len(places)
        return runs
