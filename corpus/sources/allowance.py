"""How much one file may unpack to, counted over everything that is packed in it."""

from typing import BinaryIO

from corpus.errors import UnreadableSource

MAX_BYTES = 20 * 1024 * 1024
"""The largest page or text that is read; the longest story seen is under 1 MiB."""

MAX_MEMBERS = 100_000
"""The most files that are read from one archive, or records from one WARC."""

_FREE = 1024 * 1024
_RATIO = 20
"""Bytes unpacked for a packed one; pages of news pack to a fourth or an eighth."""


class TooMuch(UnreadableSource):
    """A file unpacks to more than it may: nothing more is read from it."""


class Allowance:
    """What may still be unpacked from a file of *packed* bytes, archives in archives included."""

    def __init__(self, packed: int) -> None:
        self._left = _FREE + _RATIO * packed
        self._members = MAX_MEMBERS

    def take(self, size: int) -> None:
        """Count *size* bytes; raise `TooMuch` when they are more than what is left."""
        self._left -= size
        if self._left < 0:
            raise TooMuch(f"unpacks to more than {_RATIO} times its size, as bombs do")

    def take_member(self) -> None:
        """Count a member; raise `TooMuch` when there were too many."""
        self._members -= 1
        if self._members < 0:
            raise TooMuch(f"holds more than {MAX_MEMBERS:,} files; split it")


def read_whole(stream: BinaryIO) -> bytes:
    """Return all that *stream* holds; raise `UnreadableSource` if that is too large."""
    content = stream.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise UnreadableSource(f"larger than {MAX_BYTES // 2**20} MiB")
    return content
