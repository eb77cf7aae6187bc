"""The Encoder protocol: texts in, unit vectors out."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
"""Unit rows, shape (texts, dim), float32; never one-dimensional."""


class Encoder(Protocol):
    """Turns texts into vectors whose inner product is their cosine."""

    @property
    def name(self) -> str:
        """What the vectors were made with, precise enough that equal names give equal vectors."""
        ...

    @property
    def dim(self) -> int:
        """The width of a vector."""
        ...

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of *texts* that are asked, shape (len(texts), dim)."""
        ...

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of *texts* that are searched, shape (len(texts), dim)."""
        ...
