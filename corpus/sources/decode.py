"""Bytes of a page or file to text."""

import codecs
import re

from corpus.errors import UnknownFormat, UnreadableSource
from corpus.sources.allowance import MAX_BYTES

_BOMS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_CHARSET = re.compile(rb"""(?:charset|encoding)\s{0,4}=\s{0,4}["']?([A-Za-z0-9_.:-]{1,40})""", re.I)
_PAGE_START = re.compile(rb"<!DOCTYPE html|<html[\s>]", re.I)
_HEADER_REACH = 64 * 1024
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f\ufffd]")
_AS_CP1252 = "dateline.cp1252"
_WRITING = re.compile(r"utf-(?:8|16|32)|cp\d|iso8859|koi8|mac|shift_jis|euc|gb|big5|hz|iso2022|tis")
"""The codecs that text is saved with. Python has others, some of which take quadratic time."""

_CONTROL_BYTES = re.compile(rb"[\x00-\x08\x10-\x1a\x7f]")
"""Of the others, ISO 2022 uses three to switch alphabets."""

_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x7f]")


def decode(content: bytes, charset: str | None = None) -> str:
    """Return the text of *content*: as its BOM says, else UTF-8, else as declared, else cp1252.

    *charset* is what came with the bytes, such as a header; what the page itself declares goes
    before it.
    The binary header and end that site mirrors leave around an HTML page are cut off.
    Raises `UnreadableSource` for an empty or too large file and `UnknownFormat` for binary bytes.
    """
    if len(content) > MAX_BYTES:
        megabytes = len(content) / 1024 / 1024
        raise UnreadableSource(f"the file has {megabytes:.0f} MiB; at most 20 MiB are read")
    if not content.strip():
        raise UnreadableSource("the file is empty")
    page = _without_mirror_header(content)
    if _CONTROL_BYTES.search(page) and not page.startswith(tuple(_BOMS)):
        raise _binary()
    text = _decoded(page, charset)
    if _CONTROLS.search(text):
        raise _binary()
    return text


def _binary() -> UnknownFormat:
    return UnknownFormat("the file holds binary bytes, not text; save the page as HTML or text")


def _without_mirror_header(content: bytes) -> bytes:
    if b"\0" not in content[:_HEADER_REACH] or content.startswith(tuple(_BOMS)):
        return content
    start = _PAGE_START.search(content, 0, _HEADER_REACH)
    return content[start.start() :].rstrip(b"\0") if start else content


def _decoded(content: bytes, charset: str | None) -> str:
    for bom, encoding in _BOMS.items():
        if content.startswith(bom):
            return _decoded_as(content, encoding)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        if _is_mostly_utf8(content):
            return content.decode("utf-8", _AS_CP1252)
        declared = _CHARSET.search(content, 0, 4096)
    encoding = declared[1].decode("ascii") if declared else charset or "cp1252"
    if encoding.lower() in ("utf-8", "utf8", "iso-8859-1", "latin-1", "us-ascii", "ascii"):
        # Browsers read all of these as cp1252, so that is what authors have checked.
        encoding = "cp1252"
    return _decoded_as(content, encoding)


def _is_mostly_utf8(content: bytes) -> bool:
    """Say whether most characters beyond ASCII are good UTF-8, as in a page with one bad byte."""
    text = content.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    return len(_BEYOND_ASCII.findall(text)) > 2 * bad


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    """Decode what is no UTF-8 as cp1252, which old editors paste into UTF-8 pages."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    return wrong.decode("cp1252", "replace"), error.end


codecs.register_error(_AS_CP1252, _as_cp1252)


def _decoded_as(content: bytes, encoding: str) -> str:
    try:
        if not _WRITING.match(codecs.lookup(encoding).name):
            raise LookupError(encoding)
        return content.decode(encoding)
    except (UnicodeError, LookupError) as exc:
        raise UnreadableSource(
            f"the file is neither UTF-8 nor {encoding}; save it as UTF-8 and add it again"
        ) from exc
