"""Zip and tar archives and gzipped files: their members, read in memory and never written."""

import gzip
import io
import re
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, cast

from corpus.errors import UnknownFormat, UnreadableSource
from corpus.refusal import Refusal
from corpus.sources.allowance import MAX_BYTES, Allowance

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_DAMAGE = (
    zipfile.BadZipFile,
    tarfile.TarError,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
    struct.error,
    zlib.error,
)
"""What the standard library raises on archives that are cut off, changed or encrypted."""

_OTHERS = {
    b"BZh": "bzip2",
    b"\xfd7zXZ\0": "xz",
    b"7z\xbc\xaf\x27\x1c": "7-Zip",
    b"Rar!\x1a\x07": "RAR",
    b"\x28\xb5\x2f\xfd": "Zstandard",
}
_OFFICE = frozenset({"[Content_Types].xml", "mimetype"})
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_TAR_MAGIC = slice(257, 262)
_LONGEST_NAME = 200
_UNFIT = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_DRIVE = re.compile(r"[A-Za-z]:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A file in an archive: *source* is where it stands, the archive's own source first."""

    source: str
    content: bytes


def is_zip(head: bytes) -> bool:
    """Say whether the file that begins with *head* is a zip archive."""
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def is_tar(head: bytes) -> bool:
    """Say whether the file that begins with *head* (262 bytes are enough) is a tar archive."""
    return head[_TAR_MAGIC] == b"ustar"


def is_gzip(head: bytes) -> bool:
    """Say whether the file that begins with *head* is compressed by gzip."""
    return head.startswith(b"\x1f\x8b\x08")


def refuse_other_archives(head: bytes) -> None:
    """Raise `UnknownFormat` for an archive of a kind that is not read."""
    for magic, name in _OTHERS.items():
        if head.startswith(magic):
            raise UnknownFormat(f"{name} archives are not read; pack the stories as zip or tar.gz")


def zip_members(stream: BinaryIO, source: str, allowance: Allowance) -> Iterator[Member | Refusal]:
    """Yield the files in the zip archive, and those that can't be read with why.

    Raises `UnreadableSource` for a damaged archive and for one that unpacks to too much, and
    `UnknownFormat` for the zip archives that office programs save.
    """
    try:
        archive = zipfile.ZipFile(stream)
    except _DAMAGE as exc:
        raise UnreadableSource(f"the zip archive is damaged: {exc}") from exc
    with archive:
        if archive.namelist()[:1] and archive.namelist()[0] in _OFFICE:
            raise UnknownFormat("documents of office programs are not read; save as PDF or text")
        for entry in archive.infolist():
            allowance.take_member()
            place = member_source(source, entry.filename)
            if place is None or entry.filename.endswith("/"):
                continue
            try:
                _check_entry(entry)
                allowance.take(entry.file_size)
                yield Member(source=place, content=archive.read(entry))
            except _DAMAGE as exc:
                error = UnreadableSource(f"this member of the archive is damaged: {exc}")
                yield Refusal(source=place, error=error)
            except _Unwanted as exc:
                yield Refusal(source=place, error=exc)


def tar_members(stream: BinaryIO, source: str, allowance: Allowance) -> Iterator[Member | Refusal]:
    """Yield the files in the tar archive, and those that can't be read with why.

    Links and devices are refused. Raises `UnreadableSource` where the archive is damaged and
    where it unpacks to too much.
    """
    try:
        # A stream of blocks: the archive may be larger than what is kept in memory.
        with tarfile.open(fileobj=stream, mode="r|") as archive:
            for entry in archive:
                allowance.take_member()
                place = member_source(source, entry.name)
                if entry.isdir() or place is None:
                    continue
                if not entry.isfile():
                    yield Refusal(source=place, error=_Unwanted("a link or device; add the file"))
                elif entry.size > MAX_BYTES:
                    yield Refusal(source=place, error=_too_large())
                elif (file := archive.extractfile(entry)) is not None:
                    yield Member(source=place, content=file.read())
    except _DAMAGE as exc:
        raise UnreadableSource(f"the tar archive is damaged: {exc}") from exc


def unzipped(stream: BinaryIO, allowance: Allowance) -> BinaryIO:
    """Return what the gzipped *stream* holds, as a stream that counts against *allowance*."""
    return cast(BinaryIO, io.BufferedReader(_Unzipped(stream, allowance), 64 * 1024))


def member_source(source: str, name: str) -> str | None:
    """Return the source of the member *name*, or None for a hidden file.

    A member's name is only ever shown, never opened: what could climb or point elsewhere ("..",
    drives, control characters) is left out all the same, and what is too long is cut.
    """
    words = _UNFIT.sub("", name.encode("utf-8", "replace").decode()).replace("\\", "/")
    parts = [part for part in words.split("/") if part.strip(". ") and not _DRIVE.fullmatch(part)]
    if any(part.startswith(".") or part == "__MACOSX" for part in parts):
        return None
    cleaned = "/".join(parts)
    if len(cleaned) > _LONGEST_NAME:
        cleaned = "…" + cleaned[1 - _LONGEST_NAME :]
    return f"{source}/{cleaned or 'unnamed'}"


class _Unwanted(UnreadableSource):
    """A member that is passed over, for a reason that leaves the rest of the archive readable."""


def _too_large() -> _Unwanted:
    return _Unwanted(f"larger than {MAX_BYTES // 2**20} MiB")


def _check_entry(entry: zipfile.ZipInfo) -> None:
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        raise _Unwanted("a link or device; add the file")
    if entry.compress_type not in _METHODS:
        raise _Unwanted("packed by another method than Deflate; pack it again")
    if entry.flag_bits & 1:
        raise _Unwanted("encrypted; pack it without a password")
    if entry.file_size > MAX_BYTES:
        raise _too_large()


class _Unzipped(io.RawIOBase):
    """The bytes that a gzipped stream unpacks to, as far as the allowance goes."""

    def __init__(self, stream: BinaryIO, allowance: Allowance) -> None:
        self._file = gzip.GzipFile(fileobj=stream)
        self._allowance = allowance

    def readable(self) -> bool:
        """Say that this can be read."""
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        """Unpack into *buffer* and return how many bytes."""
        room = memoryview(buffer)
        try:
            content = self._file.read(len(room))
        except (EOFError, OSError, zlib.error) as exc:
            raise UnreadableSource(f"the gzipped data is damaged: {exc}") from exc
        self._allowance.take(len(content))
        room[: len(content)] = content
        return len(content)
