"""Lines of PDF pages to paragraphs, without what stands on every page."""

import re
from collections import Counter
from collections.abc import Iterator

_EDGE = 3
"""Lines at a page's top and bottom among which headers and footers stand."""

_NUMBER = re.compile(r"\d{1,6}")
_PAGE_NUMBER = re.compile(r"(?:-\s?)?(?:page\s)?\d{1,4}(?:\s(?:of|/)\s\d{1,4})?(?:\s?-)?", re.I)
_MARK = re.compile(r"[#*_=–—-]{2,80}|-?\s?(?:30|more|end)\s?-|\(more\)", re.I)
_BULLET = re.compile(r"(?:[•▪●◦‣·]|\d{1,2}[.)])\s")
_HYPHEN = re.compile(r"[a-z]{2,40}[-\u00ad\u2010]")
_SHORT = 0.8
"""A line that ends a sentence this far from the right margin, or farther, ends its paragraph."""


def paragraphs_of(pages: list[str]) -> list[str]:
    """Return the paragraphs of all pages, in order; one that runs over a page's end is whole.

    Lines that recur at the edge of half the pages or more are headers and footers; page numbers
    and end marks ("# # #", "-more-") are furniture too. Words parted at a line's end are joined.
    """
    lines_of_pages = [[" ".join(line.split()) for line in page.splitlines()] for page in pages]
    repeated = _repeated(lines_of_pages)
    lines = [line for page in lines_of_pages for line in _without_furniture(page, repeated)]
    return list(_paragraphs(lines))


def _repeated(pages: list[list[str]]) -> frozenset[str]:
    edges: Counter[str] = Counter()
    for page in pages:
        filled = [_key(line) for line in page if line]
        edges.update({*filled[:_EDGE], *filled[-_EDGE:]})
    least = max(2, (len(pages) + 1) // 2)
    return frozenset(key for key, pages_with in edges.items() if pages_with >= least)


def _key(line: str) -> str:
    """Return *line* with its numbers alike, which count pages."""
    return _NUMBER.sub("0", line).casefold()


def _without_furniture(page: list[str], repeated: frozenset[str]) -> Iterator[str]:
    filled = [at for at, line in enumerate(page) if line]
    edges = {*filled[:_EDGE], *filled[-_EDGE:]}
    for at, line in enumerate(page):
        at_edge = at in edges
        if at_edge and (_key(line) in repeated or _PAGE_NUMBER.fullmatch(line)):
            continue
        if not _MARK.fullmatch(line.replace(" ", "")):
            yield line
    # A page's end is no paragraph's: text runs on.


def _paragraphs(lines: list[str]) -> Iterator[str]:
    width = _width(lines)
    words = ""
    for at, line in enumerate(lines):
        if not line or _BULLET.match(line):
            if words:
                yield words
            words = ""
        if not line:
            continue
        words = _joined(words, line)
        following = lines[at + 1] if at + 1 < len(lines) else ""
        if _ends_paragraph(line, following, width):
            yield words
            words = ""
    if words:
        yield words


def _width(lines: list[str]) -> int:
    """Return the characters of a full line: nine lines in ten are no longer."""
    lengths = sorted(map(len, filter(None, lines)))
    return lengths[int(len(lengths) * 0.9)] if lengths else 0


def _ends_paragraph(line: str, following: str, width: int) -> bool:
    first = following.partition(" ")[0]
    if len(line) + 1 + len(first) > width or not following:
        # The next word would not have fitted: the line is full.
        return False
    if line.endswith((".", "?", "!", '."', ".”", ":")):
        return len(line) < _SHORT * width or following[:1].isupper()
    # A heading or a line of a list: short, and what follows begins anew.
    return len(line) < _SHORT * width and (following[0].isupper() or following[0] in '“"•')


def _joined(words: str, line: str) -> str:
    """Join *line* to *words*; a hyphen at a line's end before a small letter parted one word."""
    if not words:
        return line
    if line[0].islower() and _HYPHEN.fullmatch(words.rpartition(" ")[2]):
        return words[:-1] + line
    return f"{words} {line}"
