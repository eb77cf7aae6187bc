"""Links to files below an article's text: the documents that it announces, not its words."""

import re
from collections.abc import Iterable
from itertools import takewhile

from corpus.sources.html_limits import Element
from corpus.sources.html_text import words_of

_BLOCKS = ("p", "li", "h1", "h2", "h3", "h4", "h5", "h6")
_HEADING = re.compile(r"(?:related (?:materials?|documents?|links?)|reports?|attachments?):?", re.I)
_FILE = re.compile(r"[^?#]{1,2000}(?:\.(?:pdf|docx?|xlsx?|pptx?|zip|jpe?g|png)|/download)", re.I)
_LONGEST = 300
"""Characters; a longer block is text, whatever it links to."""


def drop_attachments(article: Element) -> None:
    """Take the closing links to files out of *article*, and all linked lines below "Reports".

    A line is one of them if it is nothing but links to files, or stands below such a heading and
    holds a link. A list that other words announce ("The documents are:") stays, and so do the links
    of an article that is nothing but links.
    """
    linked: list[Element] = []
    for block in reversed(list(article.iter(*_BLOCKS))):
        words = words_of(block)
        if linked and _HEADING.fullmatch(words):
            _empty([*linked, block])
            return
        if words.endswith(":"):
            return
        if words and not _is_linked(block, words):
            _empty(takewhile(_is_file_link, linked))
            return
        if words:
            linked.append(block)
    if not all(map(_is_file_link, linked)):
        _empty(takewhile(_is_file_link, linked))


def _is_linked(block: Element, words: str) -> bool:
    return len(words) <= _LONGEST and block.find(".//a") is not None


def _is_file_link(block: Element) -> bool:
    """Say whether all words of *block* are those of links to files."""
    links = list(block.iter("a"))
    words = "".join(map(words_of, links))
    return (
        all(_FILE.fullmatch(link.get("href", "")) for link in links if words_of(link))
        and _letters(words) == _letters(words_of(block)) != ""
    )


def _letters(words: str) -> str:
    return "".join(filter(str.isalnum, words))


def _empty(blocks: Iterable[Element]) -> None:
    for block in blocks:
        tail = block.tail
        block.clear()
        block.tail = tail
