"""VectorTable: a few vectors in memory, searched exhaustively."""

import faiss
import numpy as np
from numpy.typing import NDArray

from embeddings.vector_codes import Codes, encoded
from embeddings.vector_rows import NO_ROWS, Rows

Places = NDArray[np.int64]
"""Numbers of rows."""


class VectorTable:
    """Vectors as 16-bit floats, and the rows that belong to them. Nothing in it ever changes."""

    def __init__(self, index: faiss.Index, rows: Rows) -> None:
        self.index = index
        self.rows = rows

    @classmethod
    def empty(cls, dim: int) -> "VectorTable":
        """Return a table for vectors of *dim* numbers."""
        sixteen_bits = faiss.ScalarQuantizer.QT_fp16
        return cls(
            faiss.IndexScalarQuantizer(dim, sixteen_bits, faiss.METRIC_INNER_PRODUCT), NO_ROWS
        )

    def __len__(self) -> int:
        return int(self.rows.shape[1])

    def plus(self, vectors: NDArray[np.float32], rows: Rows) -> "VectorTable":
        """Return a table that also has these; searches of this one go on undisturbed."""
        index = faiss.clone_index(self.index)
        index.add(vectors)
        return VectorTable(index, np.concatenate([self.rows, rows], axis=1))

    def nominate(
        self, vector: NDArray[np.float32], k: int, allowed: NDArray[np.bool_] | None
    ) -> Places:
        """Return where the *k* vectors nearest to *vector* are; of *allowed* rows only."""
        k = min(k, len(self) if allowed is None else int(np.count_nonzero(allowed)))
        if k == 0:
            return np.empty(0, np.int64)
        parameters = None
        if allowed is not None:
            selector = bitmap(allowed)
            parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg] # wrapped
        _, [found] = self.index.search(vector.reshape(1, -1), k, params=parameters)
        return np.asarray(found)

    def decoded(self, places: Places) -> NDArray[np.float32]:
        """Return the vectors at *places*, of shape (places, dim)."""
        if not len(places):
            return np.empty((0, self.index.d), np.float32)
        return np.asarray(self.index.reconstruct_batch(places))

    def coded(self, places: Places) -> Codes:
        """Return the vectors at *places* in 8 bits a number."""
        return encoded(self.decoded(places))

    def as_kept(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the decoded *vectors* of another table as this one would keep them."""
        return vectors


def bitmap(allowed: NDArray[np.bool_]) -> faiss.IDSelector:
    """Return what FAISS asks which rows are *allowed*."""
    bits = np.packbits(allowed, bitorder="little")
    return faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg, arg-type] # wrapped
