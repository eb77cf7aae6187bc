"""A folder, file or pattern that is followed: new, changed and vanished files."""

import hashlib
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from corpus.errors import UnreadableSource
from corpus.files import files_at
from corpus.origins import Origin, Origins
from corpus.reading import read_file
from corpus.visits import Visit

SETTLED_S = 2.0
"""A file that changed less than this ago may still be being written: it is left for later."""


class FolderSource:
    """The files at or below *path*.

    A file is read where its size or time changed and its bytes did too; *waiting* counts those
    that were left for later. A folder that holds no file any more is an error and not taken for
    deleted: it may be a disk that isn't there.
    """

    def __init__(self, path: Path, origins: Origins) -> None:
        self.name = str(path)
        self.waiting = 0
        self._path = path
        self._followed = str(path.absolute())
        self._origins = origins

    def visits(self) -> Iterator[Visit]:
        """Yield new and changed files, then those that are gone."""
        self.waiting = 0
        known = {origin.place: origin for origin in self._origins.followed(self._followed)}
        there = set()
        files = list(files_at(self._path))
        if not files and known:
            raise UnreadableSource(
                f"{self._path} held {len(known)} files and now holds none; if that is right, "
                "remove their stories with `dateline remove`"
            )
        for file, source in files:
            place = str(file.absolute())
            there.add(place)
            visit = self._visit(file, source, known.get(place))
            if visit is not None:
                yield visit
        for place in known.keys() - there:
            yield Visit(origin=known[place], gone=UnreadableSource("the file is gone"))

    def _visit(self, file: Path, source: str, known: Origin | None) -> Visit | None:
        """Return what *file* holds; None where it is as it was, or may still be being written."""
        stamp = digest = None
        try:
            status = file.stat()
            stamp = f"{status.st_size}:{status.st_mtime_ns}"
            if known and known.stamp == stamp and not known.missing:
                return None
            if abs(time.time() - status.st_mtime) < SETTLED_S:
                self.waiting += 1
                return None
            with file.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError:
            # Reading it says what is wrong, this time and the next.
            stamp = None
        origin = Origin(
            place=str(file.absolute()), followed=self._followed, stamp=stamp, digest=digest
        )
        if known and digest and known.digest == digest:
            return Visit(origin=replace(origin, story_ids=known.story_ids), known=True, whole=True)
        return Visit(origin=origin, outcomes=read_file(file, source), whole=True)
