"""Files that are whole or not there, and the lock of those who write them."""

import fcntl
import hashlib
import os
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

WRITING = "lock"
MERGING = "merging.lock"
"""Locks of a folder: of whoever switches its files, and of whoever makes large ones meanwhile."""


def write_durably(path: Path, content: bytes) -> None:
    """Put *content* in place of *path* in one step that survives a crash at any moment."""
    write_hashed(path, [content])


def write_hashed(path: Path, parts: Iterable[bytes | memoryview]) -> str:
    """Put *parts* in place of *path* as `write_durably` does; return their SHA-256 in hex."""
    partial = path.with_name(f"{path.name}.partial")
    hashed = hashlib.sha256()
    try:
        with partial.open("wb") as file:
            for part in parts:
                file.write(part)
                hashed.update(part)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError:
        # Half a file only takes the room that a full disk lacks.
        partial.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)
    return hashed.hexdigest()


def sync_folder(folder: Path) -> None:
    """Make the names of the files in *folder* survive a crash."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def writing(folder: Path, *, patience_s: float, lock: str = WRITING) -> Iterator[bool]:
    """Hold a lock of the folder; yield False if someone else kept it for *patience_s*.

    A missing folder is made.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / lock).open("w") as file:
        deadline = time.monotonic() + patience_s
        held = _locked(file.fileno())
        while not held and time.monotonic() < deadline:
            time.sleep(0.01)
            held = _locked(file.fileno())
        yield held


def empty(folder: Path) -> None:
    """Delete all that is in the folder but the locks, of which the caller holds `WRITING`."""
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name not in (WRITING, MERGING):
            path.unlink()


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
