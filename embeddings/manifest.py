"""What a cache on disk says about itself: which changes it holds, and its files' checksums."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from embeddings.durable import write_durably
from embeddings.errors import IndexDamaged, IndexMismatch


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A cache's *form* (what made it), the store's change it holds, and each file's SHA-256."""

    form: str
    change: int
    sha256: dict[str, str]


_MANIFEST = TypeAdapter(Manifest)


def read_manifest(path: Path, form: str) -> Manifest | None:
    """Return the manifest at *path*, or None if there is none.

    Raises `IndexDamaged` if it can't be read, `IndexMismatch` if its cache has another form.
    """
    try:
        content, _, sha256 = path.read_bytes().rstrip(b"\n").rpartition(b"\n")
        manifest = _MANIFEST.validate_json(content)
    except FileNotFoundError:
        return None
    except (OSError, ValidationError) as error:
        raise IndexDamaged(f"{path} can't be read") from error
    if hashlib.sha256(content).hexdigest().encode() != sha256:
        raise IndexDamaged(f"{path} is not as it was written")
    if manifest.form != form:
        raise IndexMismatch(f"{path} is for {manifest.form}, not {form}")
    return manifest


def write_manifest(path: Path, manifest: Manifest) -> None:
    """Switch to the cache that *manifest* describes, in one durable step.

    The file is JSON and, on its last line, the SHA-256 of that JSON.
    """
    content = _MANIFEST.dump_json(manifest, indent=1)
    write_durably(path, content + f"\n{hashlib.sha256(content).hexdigest()}\n".encode())


def verify(path: Path, sha256: str) -> None:
    """Raise `IndexDamaged` unless the file has this SHA-256; little of it is in memory at once."""
    try:
        actual = sha256_of(path)
    except OSError as error:
        raise IndexDamaged(f"{path} can't be read") from error
    if actual != sha256:
        raise IndexDamaged(f"{path} is not as it was written")


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of the file's bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
