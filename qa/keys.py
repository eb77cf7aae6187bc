"""API keys: who may use the endpoints, for what, how often.

A key is 256 random bits, so that its SHA-256 is all that needs to be kept: nobody can guess what
it is the hash of, and the file tells no one a key.
"""

import hashlib
import hmac
import os
import secrets
import tempfile
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from qa.errors import KeyNameTaken, KeyNotFound, KeysDamaged
from qa.settings import Settings
from qa.web_settings import Rate

Scope = Literal["ask", "conversations", "feedback"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
OPENING = "dateline_"
"""Every key begins with it, so that people and scanners know one that leaked."""


class ApiKey(BaseModel):
    """A key's name, what it may be used for, how often, and the hash that it is known by."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
    scopes: tuple[Scope, ...]
    rate: Rate | None = None
    made_on: date
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    keys: tuple[ApiKey, ...]


class KeyFile:
    """The keys in a JSON file, read again whenever the file is another one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._read: tuple[tuple[int, int, int], tuple[ApiKey, ...]] | None = None

    def keys(self) -> tuple[ApiKey, ...] | None:
        """Return the keys, or None if there is no file, which means that none is needed.

        Raises `KeysDamaged`: what can't be read lets nobody in.
        """
        try:
            stat = self.path.stat()
            version = stat.st_mtime_ns, stat.st_size, stat.st_ino
            if self._read is None or self._read[0] != version:
                found = _File.model_validate_json(self.path.read_bytes()).keys
                self._read = version, found
        except FileNotFoundError:
            return None
        except OSError as error:
            raise KeysDamaged(
                f"The keys in {self.path} can't be read: {error.strerror}."
            ) from error
        except ValidationError as error:
            raise KeysDamaged(f"{self.path} is not what `dateline keys` writes.") from error
        return self._read[1]

    def find(self, key: str) -> ApiKey | None:
        """Return what is known of *key*; raise `KeysDamaged`."""
        sha256 = _sha256(key)
        matching = [kept for kept in self.keys() or () if hmac.compare_digest(kept.sha256, sha256)]
        return matching[0] if matching else None

    def add(self, name: str, scopes: Sequence[Scope], rate: Rate | None) -> str:
        """Make a key and return it: it is told this once. Raise `KeyNameTaken`, `KeysDamaged`."""
        kept = self.keys() or ()
        if any(key.name == name for key in kept):
            raise KeyNameTaken(name)
        key = OPENING + secrets.token_urlsafe(32)
        today = datetime.now(UTC).date()
        added = ApiKey(
            name=name, scopes=tuple(scopes), rate=rate, made_on=today, sha256=_sha256(key)
        )
        self._write((*kept, added))
        return key

    def remove(self, name: str) -> None:
        """Forget the key of this name; raise `KeyNotFound`, `KeysDamaged`."""
        kept = self.keys() or ()
        left = tuple(key for key in kept if key.name != name)
        if len(left) == len(kept):
            raise KeyNotFound(name)
        self._write(left)

    def _write(self, keys: tuple[ApiKey, ...]) -> None:
        text = _File(keys=keys).model_dump_json(indent=1)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self.path.parent, prefix=f".{self.path.name}-")
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(f"{text}\n")
            Path(name).replace(self.path)
        except OSError as error:
            raise KeysDamaged(
                f"The keys can't be written to {self.path}: {error.strerror}."
            ) from error


def open_keys(settings: Settings) -> KeyFile:
    """Return the file of keys that the settings name."""
    return KeyFile(settings.web.api_keys or settings.data / "api-keys.json")


def _sha256(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
