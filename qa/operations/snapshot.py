"""What a backup holds: its files by name, and what it says of them."""

import hashlib
import io
import sqlite3
from contextlib import closing
from pathlib import Path, PurePosixPath
from typing import IO, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from qa.errors import BackupNotWritten

STORIES = "stories.sqlite"
GLOSSARY = "index/glossary.sqlite"
DATABASES = (
    GLOSSARY,
    STORIES,
    "conversations.sqlite",
    "intake.sqlite",
    "origins.sqlite",
    "suggestions.sqlite",
)
"""In the order in which they are copied: what follows the stories must not be ahead of them."""

KEYS = "api-keys.json"
INDEX = "index"
MANIFEST = "manifest.json"
"""The last file of a backup: one that was cut off has none."""

CHUNK_BYTES = 1 << 20


class Kept(BaseModel):
    """A file of a backup."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    bytes: int
    sha256: str


class Contents(BaseModel):
    """What a backup says of itself; *change* and *stories* are the story store's."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    form: Literal[1] = 1
    version: str
    made_at: AwareDatetime
    change: int
    stories: int
    files: dict[str, Kept]


class Hashed(io.RawIOBase):
    """A file that hashes what is read of it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._sha256 = hashlib.sha256()

    def readable(self) -> bool:
        """Return that it is."""
        return True

    def read(self, size: int = -1, /) -> bytes:
        """Return the next *size* bytes, or all that are left."""
        content = self._file.read(size)
        self._sha256.update(content)
        return content

    @property
    def sha256(self) -> str:
        """The hash of what was read so far, in hexadecimal digits."""
        return self._sha256.hexdigest()


def belongs(name: str) -> bool:
    """Return whether a backup may hold a file of this *name*."""
    path = PurePosixPath(name)
    within = path.parts[:1] == (INDEX,) and len(path.parts) > 1
    return str(path) == name and (
        name in (*DATABASES, KEYS, MANIFEST) or (within and ".." not in path.parts)
    )


def copied(database: Path, to: Path) -> None:
    """Copy a SQLite file as it is at one moment, whoever writes to it meanwhile.

    Raises `BackupNotWritten` if it is damaged.
    """
    try:
        with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(to)) as target:
            source.backup(target)
            [verdict] = target.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error as error:
        raise BackupNotWritten(f"{database} can't be copied: {error}.") from error
    if verdict != "ok":
        raise BackupNotWritten(f"{database} is damaged ({verdict}); keep your older backups.")
