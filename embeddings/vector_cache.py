"""VectorCache: the vectors that a search looks through, and the files that keep them."""

import logging
import threading
from collections.abc import Collection, Sequence
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from embeddings.durable import MERGING, writing
from embeddings.errors import IndexDamaged, IndexMismatch, IndexUnwritable
from embeddings.index import Entry, Filters
from embeddings.live_vectors import Base, LiveVectors
from embeddings.manifest import Manifest, read_manifest, write_manifest
from embeddings.vector_files import open_base, read_base, write_base
from embeddings.vector_table import VectorTable

logger = logging.getLogger(__name__)

FORM = 2
"""Raised whenever the files change, so that older ones are built anew."""

MIN_TAIL = 1000
TAIL_SHARE = 0.1
MAX_TAIL = 20_000
"""The files are written anew once they lack this share of all passages, at least so many and at
most: the tail is searched exhaustively, a millisecond for each 10,000."""

LEFT_SHARE = 0.01
"""A command that ends leaves the files to lack no more: whoever opens them next reads it from the
store, 20 ms for each 1,000."""

AT_ONCE = 20_000
"""Fewer passages are written by whoever commits, in less than a tenth of a second; more are by a
thread of their own."""


class VectorCache:
    """Passages found by meaning.

    Memory holds everything up to *change*; the files may lag, and the store then has the rest.
    Searches, changes and the writing of files may go on at the same time.
    """

    def __init__(self, folder: Path, form: str, dim: int) -> None:
        self._folder = folder
        self._path = folder / "vectors.json"
        self._form = f"vectors {FORM}, {form}"
        self._dim = dim
        self._live = self._nothing()
        self._lock = threading.Lock()
        self._clears = 0
        self._merging: threading.Thread | None = None

    @classmethod
    def open(cls, folder: Path, form: str, dim: int) -> "VectorCache":
        """Return what the files hold; if they are damaged or of another *form*, start empty."""
        cache = cls(folder, form, dim)
        try:
            manifest = read_manifest(cache._path, cache._form)
            if manifest:
                base = read_base(folder, manifest)
                cache._live = LiveVectors.of(base, dim, manifest.change)
        except (IndexDamaged, IndexMismatch) as error:
            logger.warning("%s: the vector index is built anew from the store.", error)
            cache.clear()
        return cache

    @property
    def change(self) -> int:
        """The store's change up to which the vectors are complete."""
        return self._live.change

    def __len__(self) -> int:
        return len(self._live)

    def apply(self, change: int, removed: Collection[int], entries: Sequence[Entry]) -> None:
        """Remove, then add, in memory; change numbers that were applied before are passed over."""
        with self._lock:
            if change > self._live.change:
                self._live = self._live.applied(change, removed, entries)

    def search(self, vector: NDArray[np.float32], k: int, filters: Filters) -> list[int]:
        """Return at most *k* passage ids that satisfy *filters*, best first."""
        return self._live.search(vector, k, filters)

    def merge_if_due(self) -> None:
        """Write the files anew if they lack much; where that takes a while, in the background.

        Raises `IndexUnwritable` if it doesn't. Not to be called by who holds the folder's lock.
        """
        if not self._lacks(TAIL_SHARE):
            return
        if len(self._live) < AT_ONCE:
            self.merge()
        elif self._merging is None or not self._merging.is_alive():
            # Not a daemon: what a command has begun, it ends.
            self._merging = threading.Thread(target=self._merge_quietly, name="merge vectors")
            self._merging.start()

    def settle(self) -> None:
        """Write the files anew unless they are nearly complete, and wait for it.

        Raises `IndexUnwritable`.
        """
        if self._merging:
            self._merging.join()
        if self._lacks(LEFT_SHARE):
            self.merge()

    def merge(self) -> None:
        """Write new files beside the old, switch to them, delete the old.

        Changes and searches go on meanwhile. Does nothing where another process is at it. Raises
        `IndexUnwritable`.
        """
        try:
            with writing(self._folder, patience_s=0, lock=MERGING) as alone:
                if alone:
                    self._merge()
        except OSError as error:
            raise IndexUnwritable(self._folder, error) from error

    def clear(self) -> None:
        """Forget everything, durably."""
        with self._lock:
            self._clears += 1
            self._live = self._nothing()
        self._path.unlink(missing_ok=True)
        self._delete_all_but(())

    def _lacks(self, share: float) -> bool:
        live = self._live
        return live.changed > min(max(MIN_TAIL, share * len(live)), MAX_TAIL)

    def _merge(self) -> None:
        # One thread for each query and here, too: the other cores are for those who ask.
        faiss.omp_set_num_threads(1)
        if self._adopt():
            return
        live, clears = self._live, self._clears
        sha256 = write_base(live, self._folder)
        try:
            base = open_base(self._folder, sha256)
        except IndexDamaged as error:
            logger.info("%s: the vector index is made anew meanwhile.", error)
            return
        with writing(self._folder, patience_s=float("inf")):
            if clears != self._clears or not all((self._folder / name).exists() for name in sha256):
                return
            manifest = Manifest(form=self._form, change=live.change, sha256=sha256)
            write_manifest(self._path, manifest)
            self._switch(base, live.change)
            self._delete_all_but(sha256)

    def _adopt(self) -> bool:
        """Take the files that another process wrote since this one did; say if there are any."""
        try:
            manifest = read_manifest(self._path, self._form)
            if manifest is None or manifest.change <= self._live.base_change:
                return False
            self._switch(read_base(self._folder, manifest), manifest.change)
        except (IndexDamaged, IndexMismatch) as error:
            logger.warning("%s: the vector index is written anew.", error)
            return False
        return True

    def _merge_quietly(self) -> None:
        try:
            self.merge()
        except IndexUnwritable as error:
            logger.warning("%s", error)

    def _switch(self, base: Base, change: int) -> None:
        with self._lock:
            self._live = self._live.rebased(base, change)

    def _nothing(self) -> LiveVectors:
        return LiveVectors.of(VectorTable.empty(self._dim), self._dim, 0)

    def _delete_all_but(self, names: Collection[str]) -> None:
        for kind in ("vectors", "rows", "codes"):
            for path in self._folder.glob(f"{kind}-*"):
                if path.name not in names:
                    path.unlink(missing_ok=True)
