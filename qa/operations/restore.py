"""`dateline restore`: a data folder from a backup, checked before it is there."""

import os
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import BinaryIO

from pydantic import ValidationError

from corpus.errors import CorpusError
from corpus.store import StoryStore
from embeddings.durable import sync_folder
from qa.errors import BackupDamaged, RestoreRefused
from qa.operations.snapshot import (
    CHUNK_BYTES,
    MANIFEST,
    STORIES,
    Contents,
    Hashed,
    Kept,
    belongs,
)

STAGE = ".restoring"
MAX_MANIFEST_BYTES = 10 << 20


def restore(path: Path, folder: Path) -> Contents:
    """Make the data *folder* from the backup at *path*, once all its checksums are right.

    The folder may be there, but empty. Raises `RestoreRefused` if it is not or can't be written,
    and `BackupDamaged`; then nothing was put there.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise BackupDamaged(f"{path} can't be read: {error.strerror}.") from error
    with file, _staged(folder) as stage:
        contents = _unpacked(path, file, stage)
        _check_stories(path, stage / STORIES)
        # The stories come last: without them the folder is no data folder yet.
        for found in sorted(stage.iterdir(), key=lambda found: found.name == STORIES):
            found.replace(folder / found.name)
        sync_folder(folder)
    return contents


@contextmanager
def _staged(folder: Path) -> Iterator[Path]:
    stage = folder / STAGE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(found.name != STAGE for found in folder.iterdir()):
            raise RestoreRefused(
                f"{folder} is not empty; name another folder with --data, or move its files away."
            )
        shutil.rmtree(stage, ignore_errors=True)
        stage.mkdir()
        yield stage
    except OSError as error:
        raise RestoreRefused(f"{folder} can't be written: {error.strerror}.") from error
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _unpacked(path: Path, file: BinaryIO, stage: Path) -> Contents:
    """Unpack all files; raise `BackupDamaged` unless they are those that the manifest lists."""
    found: dict[str, Kept] = {}
    try:
        with tarfile.open(fileobj=file, mode="r:") as tar:
            for member in tar:
                packed = tar.extractfile(member)
                if packed is None or not belongs(member.name) or MANIFEST in found:
                    raise BackupDamaged(f"{path} holds {member.name}, which no backup does.")
                found[member.name] = _unpack(Hashed(packed), stage / member.name)
    except tarfile.TarError as error:
        raise BackupDamaged(f"{path} is no backup, or is cut off ({error}).") from error
    return _checked(path, stage / MANIFEST, found)


def _unpack(packed: Hashed, to: Path) -> Kept:
    to.parent.mkdir(parents=True, exist_ok=True)
    with to.open("xb") as file:
        size = _copy(packed, file)
        file.flush()
        os.fsync(file.fileno())
    return Kept(bytes=size, sha256=packed.sha256)


def _copy(packed: Hashed, file: BinaryIO) -> int:
    size = 0
    while content := packed.read(CHUNK_BYTES):
        size += file.write(content)
    return size


def _checked(path: Path, manifest: Path, found: dict[str, Kept]) -> Contents:
    """Return what the manifest says, and delete it; raise `BackupDamaged` unless it is so."""
    told = found.pop(MANIFEST, None)
    if told is None or told.bytes > MAX_MANIFEST_BYTES:
        raise BackupDamaged(f"{path} is cut off: it lacks {MANIFEST}.")
    try:
        contents = Contents.model_validate_json(manifest.read_bytes())
    except ValidationError as error:
        raise BackupDamaged(f"{path} is of another Dateline, or damaged.") from error
    manifest.unlink()
    wrong = [
        name
        for name in found.keys() | contents.files
        if found.get(name) != contents.files.get(name)
    ]
    if wrong or STORIES not in found:
        raise BackupDamaged(
            f"{path} is damaged: {', '.join(sorted(wrong)) or STORIES} is not as it was."
        )
    return contents


def _check_stories(path: Path, stories: Path) -> None:
    try:
        with closing(StoryStore(stories)) as store:
            store.count()
    except CorpusError as error:
        raise BackupDamaged(f"The stories in {path} can't be used: {error}") from error
