"""`dateline backup`: all of a data folder in one file, while it is in use."""

import os
import tarfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from corpus.store import StoryStore
from embeddings.durable import sync_folder, writing
from qa.errors import BackupNotWritten
from qa.operations.snapshot import (
    DATABASES,
    GLOSSARY,
    INDEX,
    KEYS,
    MANIFEST,
    STORIES,
    Contents,
    Hashed,
    Kept,
    copied,
)
from qa.settings import Settings

PATIENCE_S = 60.0
"""How long a backup waits for another process that writes the index."""

OWNER_ONLY = 0o600
"""A backup holds what people asked, and the hashes of keys."""


@dataclass(frozen=True, slots=True)
class _Archive:
    """A tar file that is being written, and what it holds so far."""

    tar: tarfile.TarFile
    files: dict[str, Kept] = field(default_factory=dict)

    def add(self, name: str, path: Path) -> None:
        """Add the file at *path*."""
        with path.open("rb") as file:
            hashed, size = Hashed(file), os.fstat(file.fileno()).st_size
            self.tar.addfile(_entry(name, size), hashed)
        self.files[name] = Kept(bytes=size, sha256=hashed.sha256)

    def close_with(self, contents: Contents) -> None:
        """Add what the archive says of itself."""
        content = contents.model_dump_json(indent=1).encode()
        self.tar.addfile(_entry(MANIFEST, len(content)), BytesIO(content))


def back_up(settings: Settings, path: Path) -> Contents:
    """Write everything in the data folder into a tar file at *path*, of one moment each.

    The stories are as they were at one moment, the index no further than they are. Raises
    `BackupNotWritten`; then there is no file at *path*.
    """
    if not (settings.data / STORIES).exists():
        raise BackupNotWritten(f"{settings.data} holds no stories; name their folder with --data.")
    if path.exists():
        raise BackupNotWritten(f"{path} is there already; name another file.")
    partial = path.with_name(f".{path.name}.partial")
    try:
        contents = _written(settings.data, partial)
        partial.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise BackupNotWritten(f"{path} can't be written: {error.strerror}.") from error
    finally:
        partial.unlink(missing_ok=True)
    return contents


def left_out(settings: Settings) -> list[str]:
    """Return what a backup doesn't hold since it lies elsewhere, a sentence each."""
    elsewhere = []
    if settings.conversations.url:
        elsewhere.append("Conversations are in a database of their own: back it up by its tools.")
    if settings.web.api_keys:
        elsewhere.append(f"The API keys in {settings.web.api_keys} are not in the backup.")
    return elsewhere


def _written(data: Path, path: Path) -> Contents:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY)
    with (
        os.fdopen(descriptor, "wb") as file,
        tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar,
        TemporaryDirectory(dir=path.parent, prefix=f"{path.name}-") as scratch,
    ):
        archive = _Archive(tar)
        _add_index(archive, data / INDEX)
        for name in DATABASES:
            if (data / name).exists():
                _add_database(archive, name, data, Path(scratch))
        if (data / KEYS).exists():
            archive.add(KEYS, data / KEYS)
        contents = _contents(Path(scratch) / STORIES, archive.files)
        archive.close_with(contents)
        tar.close()
        file.flush()
        os.fsync(file.fileno())
    return contents


def _add_index(archive: _Archive, folder: Path) -> None:
    """Add the index's files, none of which changes while its lock is held."""
    if not folder.is_dir():
        return
    with writing(folder, patience_s=PATIENCE_S) as held:
        if not held:
            raise BackupNotWritten(
                f"Another process kept writing {folder}; try again when it has finished."
            )
        for path in _files_of(folder):
            archive.add(f"{INDEX}/{path.relative_to(folder).as_posix()}", path)


def _files_of(folder: Path) -> Iterator[Path]:
    of_glossary = Path(GLOSSARY).name
    for path in sorted(folder.rglob("*")):
        passing = path.suffix in {".lock", ".partial"} or path.name == "lock"
        if path.is_file() and not passing and not path.name.startswith(of_glossary):
            yield path


def _add_database(archive: _Archive, name: str, data: Path, scratch: Path) -> None:
    copy = scratch / Path(name).name
    copied(data / name, copy)
    archive.add(name, copy)
    if name != STORIES:
        copy.unlink()


def _contents(stories: Path, files: dict[str, Kept]) -> Contents:
    with closing(StoryStore(stories)) as store:
        return Contents(
            version=version("dateline"),
            made_at=datetime.now(UTC),
            change=store.change,
            stories=store.count(),
            files=files,
        )


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, OWNER_ONLY
    entry.mtime = int(datetime.now(UTC).timestamp())
    return entry
