"""WARC files: the pages that a crawler kept, with their addresses (extra `warc`)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from corpus.errors import CorpusError, UnreadableSource
from corpus.refusal import Refusal
from corpus.sources.allowance import MAX_BYTES, Allowance

if TYPE_CHECKING:
    from warcio.recordloader import ArcWarcRecord

_TEXTS = re.compile(r"(?:text/|application/(?:xhtml|rss|atom|xml|json|feed\+json|pdf))", re.I)
_CHARSET = re.compile(r"charset=[\"']?([A-Za-z0-9_.:-]{1,40})", re.I)
_NOT_DIGIT = re.compile(r"\D")
_REDIRECTED = range(300, 400)


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """A page as a crawler got it: *source* ends with the moment of the capture and the URL."""

    source: str
    url: str
    content: bytes
    charset: str | None


def is_warc(head: bytes) -> bool:
    """Say whether the file that begins with *head* is a WARC, unpacked."""
    return head.startswith(b"WARC/")


def captures(stream: BinaryIO, source: str, allowance: Allowance) -> Iterator[Capture | Refusal]:
    """Yield the pages and feeds in the WARC, and those that were answered with an error.

    Requests, metadata, redirects, pictures, scripts and style sheets are passed over. Raises
    `UnreadableSource` where the file is damaged, unpacks to too much or can't be read without the
    extra.
    """
    for record in _records(stream):
        allowance.take_member()
        url = record.rec_headers.get_header("WARC-Target-URI") or ""
        if record.rec_type not in ("response", "resource") or not _is_text(record):
            continue
        stamp = _NOT_DIGIT.sub("", record.rec_headers.get_header("WARC-Date") or "")[:14]
        place = "/".join(filter(None, (source, stamp, url.strip("<>"))))
        try:
            content = _content(record, allowance)
        except _Refused as error:
            yield Refusal(source=place, error=error)
            continue
        charset = _CHARSET.search(_content_type(record))
        yield Capture(
            source=place,
            url=url.strip("<>"),
            content=content,
            charset=charset[1] if charset else None,
        )


class _Refused(UnreadableSource):
    """A record that holds no page, for a reason that leaves the others readable."""


def _records(stream: BinaryIO) -> Iterator["ArcWarcRecord"]:
    try:
        from warcio.archiveiterator import ArchiveIterator
        from warcio.exceptions import ArchiveLoadFailed
    except ImportError as exc:
        raise UnreadableSource(
            "reading WARC files needs the extra `warc`: pip install 'dateline[warc]'"
        ) from exc
    try:
        yield from ArchiveIterator(stream)
    except CorpusError:
        raise
    except (ArchiveLoadFailed, EOFError, OSError, ValueError, AttributeError, IndexError) as exc:
        raise UnreadableSource(f"the WARC file is damaged: {exc}") from exc


def _is_text(record: "ArcWarcRecord") -> bool:
    status = _status(record)
    return status not in _REDIRECTED and _TEXTS.match(_content_type(record)) is not None


def _status(record: "ArcWarcRecord") -> int:
    code = record.http_headers.get_statuscode() if record.http_headers else "200"
    return int(code) if code and code.isascii() and code.isdigit() and len(code) == 3 else 0


def _content_type(record: "ArcWarcRecord") -> str:
    headers = record.http_headers or record.rec_headers
    kind = str(headers.get_header("Content-Type") or "text/html")
    return "" if kind.startswith(("text/css", "text/javascript")) else kind


def _content(record: "ArcWarcRecord", allowance: Allowance) -> bytes:
    if _status(record) != 200:
        raise _Refused(f"the site answered with status {_status(record)}, not with a page")
    try:
        content: bytes = record.content_stream().read(MAX_BYTES + 1)
    except (EOFError, OSError, ValueError) as exc:
        raise _Refused(f"the record is damaged: {exc}") from exc
    if record.http_headers and record.http_headers.get_header("Content-Encoding"):
        # What the file itself unpacks to is counted where it is unpacked.
        allowance.take(len(content))
    if len(content) > MAX_BYTES:
        raise _Refused(f"larger than {MAX_BYTES // 2**20} MiB")
    return content
