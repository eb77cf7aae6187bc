"""Bytes of a page or file to text."""

import codecs
import re

from corpus.errors import UnknownFormat, UnreadableSource

MAX_BYTES = 20 * 1024 * 1024
"""The largest file that is read; the longest story seen is under 1 MiB."""

_BOMS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_CHARSET = re.compile(rb"""(?:charset|encoding)\s{0,4}=\s{0,4}["']?([A-Za-z0-9_.:-]{1,40})""", re.I)
_PAGE_START = re.compile(rb"<!DOCTYPE html|<html[\s>]", re.I)
_HEADER_REACH = 64 * 1024
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x7f]")


def decode(content: bytes) -> str:
    """Return the text of *content*: as its BOM says, else UTF-8, else as declared, else cp1252.

    The binary header and end that site mirrors leave around an HTML page are cut off.
    Raises `UnreadableSource` for an empty or too large file and `UnknownFormat` for binary bytes.
    """
    if len(content) > MAX_BYTES:
        megabytes = len(content) / 1024 / 1024
        raise UnreadableSource(f"the file has {megabytes:.0f} MiB; at most 20 MiB are read")
    if not content.strip():
        raise UnreadableSource("the file is empty")
    text = _decoded(_without_mirror_header(content))
    if _CONTROLS.search(text):
        raise UnknownFormat("the file holds binary bytes, not text; save the page as HTML or text")
    return text


def _without_mirror_header(content: bytes) -> bytes:
    if b"\0" not in content[:_HEADER_REACH] or content.startswith(tuple(_BOMS)):
        return content
    start = _PAGE_START.search(content, 0, _HEADER_REACH)
    return content[start.start() :].rstrip(b"\0") if start else content


def _decoded(content: bytes) -> str:
    for bom, encoding in _BOMS.items():
        if content.startswith(bom):
            return _decoded_as(content, encoding)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        declared = _CHARSET.search(content, 0, 4096)
    encoding = declared[1].decode("ascii") if declared else "cp1252"
    if encoding.lower() in ("utf-8", "utf8", "iso-8859-1", "latin-1", "us-ascii", "ascii"):
        # Browsers read all of these as cp1252, so that is what authors have checked.
        encoding = "cp1252"
    return _decoded_as(content, encoding)


def _decoded_as(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except (UnicodeDecodeError, LookupError) as exc:
        raise UnreadableSource(
            f"the file is neither UTF-8 nor {encoding}; save it as UTF-8 and add it again"
        ) from exc
