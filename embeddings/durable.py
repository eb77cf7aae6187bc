"""Files that are whole or not there, and the lock of those who write them."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def write_durably(path: Path, content: bytes) -> None:
    """Put *content* in place of *path* in one step that survives a crash at any moment."""
    partial = path.with_name(f"{path.name}.partial")
    with partial.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names of the files in *folder* survive a crash."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def writing(folder: Path, *, patience_s: float) -> Iterator[bool]:
    """Hold the folder's write lock; yield False if another process kept it for *patience_s*."""
    with (folder / "lock").open("w") as file:
        deadline = time.monotonic() + patience_s
        held = _locked(file.fileno())
        while not held and time.monotonic() < deadline:
            time.sleep(0.01)
            held = _locked(file.fileno())
        yield held


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
