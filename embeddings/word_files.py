"""WordFiles: which files of the words' index are whole, and what a killed writer left there."""

import json
import logging
import shutil
from pathlib import Path

from embeddings.durable import sync_folder, write_durably
from embeddings.errors import IndexDamaged
from embeddings.manifest import Manifest, read_manifest, sha256_of, verify, write_manifest

logger = logging.getLogger(__name__)

_META = "meta.json"
"""Names the index's files; tantivy replaces it at each commit, and writes to no other again."""
_MANAGED = ".managed.json"
"""The names of the files that tantivy may delete when it needs them no longer."""
_LOCKS = frozenset({".tantivy-meta.lock", ".tantivy-writer.lock"})


class WordFiles:
    """The folder of tantivy's files, and the manifest with the checksum of each.

    Only the process that holds the write lock of the folder above may call a method.
    """

    def __init__(self, folder: Path, form: str) -> None:
        self.folder = folder / "words"
        self._path = folder / "words.json"
        self._nothing = Manifest(form=form, change=0, sha256={})
        self.known = self._nothing

    def take_in(self) -> bool:
        """Verify what is new since the last call; say whether there was anything.

        What a writer left that was killed before its commit is deleted. Raises `IndexDamaged` if
        it was killed later, or a file is not as it was written, and `IndexMismatch`.
        """
        manifest = read_manifest(self._path, self._nothing.form)
        names = self._names()
        if manifest is None and names:
            raise IndexDamaged(f"{self._path} is missing")
        wanted = (manifest or self._nothing).sha256
        for name, sha256 in wanted.items():
            if name == _META or self.known.sha256.get(name) != sha256:
                verify(self.folder / name, sha256)
            elif name not in names:
                raise IndexDamaged(f"{self.folder / name} is missing")
        swept = self._sweep(names - set(wanted), set(wanted)) if manifest else False
        before, self.known = self.known, manifest or self._nothing
        return swept or manifest is None or self.known != before

    def start_anew(self) -> None:
        """Delete everything."""
        self._path.unlink(missing_ok=True)
        if self.folder.exists():
            shutil.rmtree(self.folder)
        self.folder.mkdir()
        sync_folder(self.folder.parent)
        self.known = self._nothing

    def switch(self, change: int) -> None:
        """Write down that the files, as they are now, hold the store's *change*."""
        known = {name: hash_ for name, hash_ in self.known.sha256.items() if name != _META}
        sha256 = {
            name: known.get(name) or sha256_of(self.folder / name) for name in sorted(self._names())
        }
        manifest = Manifest(form=self._nothing.form, change=change, sha256=sha256)
        write_manifest(self._path, manifest)
        self.known = manifest

    def _names(self) -> set[str]:
        """Return the names of the files that hold something of the index."""
        if not self.folder.exists():
            return set()
        return {path.name for path in self.folder.iterdir()} - _LOCKS - {_MANAGED}

    def _sweep(self, left: set[str], kept: set[str]) -> bool:
        """Delete the files *left* behind, and let tantivy know those that are *kept*."""
        managed = self.folder / _MANAGED
        if left:
            logger.info("%d files that a writer left in %s are deleted.", len(left), self.folder)
        for name in left:
            (self.folder / name).unlink()
        if _listed(managed) != kept:
            write_durably(managed, json.dumps(sorted(kept)).encode())
            return True
        return bool(left)


def _listed(path: Path) -> set[str] | None:
    """Return the names in tantivy's list, or None where it can't be read."""
    try:
        names = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    strings = isinstance(names, list) and all(isinstance(name, str) for name in names)
    return set(names) if strings else None
