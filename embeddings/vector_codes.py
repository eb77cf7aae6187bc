"""Vectors in 8 bits a number."""

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.void]
"""One-dimensional, of a dtype that `code_type` makes."""


def code_type(dim: int) -> np.dtype[np.void]:
    """Return the dtype of a vector's code: its largest number / 127, and each number over that."""
    return np.dtype([("scale", "<f4"), ("numbers", "i1", (dim,))])


def encoded(vectors: NDArray[np.float32]) -> Codes:
    """Return the codes of *vectors*, which depend on nothing but each vector itself."""
    codes = np.zeros(len(vectors), code_type(vectors.shape[1]))
    scales = np.maximum(np.abs(vectors).max(axis=1, initial=0), np.float32(1e-30)) / np.float32(127)
    codes["scale"] = scales
    codes["numbers"] = np.rint(vectors / scales[:, None])
    return codes


def decoded(codes: Codes) -> NDArray[np.float32]:
    """Return the vectors that *codes* stand for, of shape (codes, dim)."""
    vectors: NDArray[np.float32] = codes["numbers"].astype(np.float32)
    vectors *= codes["scale"][:, None]
    return vectors
