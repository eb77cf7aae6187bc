"""VectorCache: the vectors that a search looks through, and their files."""

import hashlib
import io
import logging
from collections.abc import Collection, Sequence
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from embeddings.durable import write_durably
from embeddings.errors import IndexDamaged, IndexMismatch
from embeddings.index import Entry, Filters
from embeddings.manifest import Manifest, read_manifest, read_verified, write_manifest
from embeddings.vector_table import VectorTable

logger = logging.getLogger(__name__)

MIN_TAIL = 1000
TAIL_SHARE = 0.1
"""The files are written anew once they lack this many changed passages, and this share of all."""


class VectorCache:
    """Passages found by meaning.

    Memory holds everything up to *change*; the files may lag, and the store then has the rest.
    """

    def __init__(self, folder: Path, form: str, dim: int) -> None:
        self._folder = folder
        self._path = folder / "vectors.json"
        self._form = form
        self._dim = dim
        self._table = VectorTable(dim)
        self._tail = 0
        self.change = 0

    @classmethod
    def open(cls, folder: Path, form: str, dim: int) -> "VectorCache":
        """Return what the files hold; if they are damaged or of another *form*, start empty."""
        cache = cls(folder, form, dim)
        try:
            cache._read()
        except (IndexDamaged, IndexMismatch) as error:
            logger.warning("%s: the vector index is built anew from the store.", error)
            cache.clear()
        return cache

    def __len__(self) -> int:
        return len(self._table)

    def apply(self, change: int, removed: Collection[int], entries: Sequence[Entry]) -> None:
        """Remove, then add, in memory; change numbers that were applied before are passed over."""
        if change <= self.change:
            return
        gone = [*removed, *(entry.passage_id for entry in entries)]
        self._table.remove(gone)
        self._table.add(entries)
        self._tail += len(gone)
        self.change = change

    def search(self, vector: NDArray[np.float32], k: int, filters: Filters) -> list[int]:
        """Return at most *k* passage ids that satisfy *filters*, best first."""
        return self._table.search(vector, k, filters)

    @property
    def outgrew_files(self) -> bool:
        """Whether so much has changed since the files were written that they should be again."""
        return self._tail > max(MIN_TAIL, TAIL_SHARE * len(self))

    def write(self) -> None:
        """Write new files beside the old, switch to them, delete the old."""
        self._table = self._table.compact()
        rows = io.BytesIO()
        np.save(rows, self._table.rows, allow_pickle=False)
        contents = {
            f"vectors-{self.change}.faiss": faiss.serialize_index(self._table.vectors).tobytes(),
            f"rows-{self.change}.npy": rows.getvalue(),
        }
        for name, content in contents.items():
            write_durably(self._folder / name, content)
        sha256 = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
        write_manifest(self._path, Manifest(form=self._form, change=self.change, sha256=sha256))
        self._tail = 0
        self._delete_all_but(contents)

    def clear(self) -> None:
        """Forget everything, durably."""
        self._path.unlink(missing_ok=True)
        self._delete_all_but(())
        self._table = VectorTable(self._dim)
        self._tail = 0
        self.change = 0

    def _read(self) -> None:
        manifest = read_manifest(self._path, self._form)
        if manifest is None:
            return
        content = {
            name.partition("-")[0]: read_verified(self._folder / name, sha256)
            for name, sha256 in manifest.sha256.items()
        }
        vectors = faiss.deserialize_index(np.frombuffer(content["vectors"], np.uint8))
        rows = np.load(io.BytesIO(content["rows"]), allow_pickle=False)
        self._table = VectorTable.of(vectors, rows)
        self.change = manifest.change

    def _delete_all_but(self, names: Collection[str]) -> None:
        for path in [*self._folder.glob("vectors-*"), *self._folder.glob("rows-*")]:
            if path.name not in names:
                path.unlink(missing_ok=True)
