"""VectorScan: many vectors in 8 bits a number, found by a scan of 2 bits a number."""

from collections.abc import Iterable, Iterator

import faiss
import numpy as np
from numpy.typing import NDArray

from embeddings.vector_codes import Codes, decoded, encoded
from embeddings.vector_rows import Rows
from embeddings.vector_table import Places, bitmap

NUMBERS_A_CODE = 2
CODE_BITS = 4
"""Two numbers in one of 16 ways: the best of 300 are then those of the exact search
(docs/benchmarks-retrieval.md, "Many vectors")."""

NOMINATED = 300
"""The scan's best so many are weighed with their 8 bits, and five times what is asked for."""

FEW = 5_000
"""So many passages that a filter leaves are weighed all, without a scan."""

SAMPLE = 20_000
"""Vectors that the 16 ways are fitted to; 39 for each is what FAISS asks for at least."""
LEAST_SAMPLE = 39 * 2**CODE_BITS


class VectorScan:
    """A scan that nominates, and codes that decide; the codes and rows may lie in mapped files.

    The scan is FAISS's product quantizer in its "fast scan" layout, with a single list, which is
    the form of it that knows selectors. Every vector is looked at: lists of which only the
    nearest are scanned lose too much for questions that no story is about.
    """

    def __init__(self, index: faiss.Index, codes: Codes, rows: Rows) -> None:
        self.index = index
        self.codes = codes
        self.rows = rows

    def __len__(self) -> int:
        return int(self.rows.shape[1])

    def nominate(
        self, vector: NDArray[np.float32], k: int, allowed: NDArray[np.bool_] | None
    ) -> Places:
        """Return where vectors near to *vector* are, more than *k*; of *allowed* rows only."""
        left = len(self) if allowed is None else int(np.count_nonzero(allowed))
        if left <= FEW:
            return np.arange(left) if allowed is None else np.flatnonzero(allowed)
        wanted = min(left, max(NOMINATED, 5 * k))
        selector = None if allowed is None else bitmap(allowed)
        parameters = faiss.SearchParametersIVF(sel=selector, nprobe=1)  # type: ignore[call-arg] # wrapped
        _, [found] = self.index.search(vector.reshape(1, -1), wanted, params=parameters)
        found = found[found >= 0]
        if len(found) < wanted:
            # The scan passes over vectors that are the farthest in every part.
            every = np.arange(left) if allowed is None else np.flatnonzero(allowed)
            rest = np.setdiff1d(every, found)[: wanted - len(found)]
            found = np.concatenate([found, rest])
        return np.asarray(found)

    def decoded(self, places: Places) -> NDArray[np.float32]:
        """Return the vectors at *places*, of shape (places, dim)."""
        return decoded(self.coded(places))

    def coded(self, places: Places) -> Codes:
        """Return the codes of the vectors at *places*."""
        return self.codes[places]

    def as_kept(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the decoded *vectors* of another table as this one would keep them."""
        return decoded(encoded(vectors))


def new_scan(sample: NDArray[np.float32]) -> faiss.Index:
    """Return an empty scan that is fitted to *sample*; the same sample gives the same scan."""
    dim = sample.shape[1]
    centre = faiss.IndexFlatIP(dim)
    centre.add(np.zeros((1, dim), np.float32))
    parts = dim if dim % NUMBERS_A_CODE else dim // NUMBERS_A_CODE
    scan = faiss.IndexIVFPQFastScan(centre, dim, 1, parts, CODE_BITS, faiss.METRIC_INNER_PRODUCT)
    scan.by_residual = False
    if len(sample) < LEAST_SAMPLE:
        sample = np.resize(sample, (LEAST_SAMPLE, dim))
    scan.train(sample)
    return scan


def added_to(scan: faiss.Index, chunks: Iterable[Codes]) -> Iterator[Codes]:
    """Yield each of *chunks* once *scan* has it, too."""
    for codes in chunks:
        scan.add(decoded(codes))
        yield codes
