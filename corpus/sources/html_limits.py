"""What a page of news never has, and what would keep its reader busy for minutes."""

import re
from collections.abc import Iterator
from typing import Any, TypeAlias

from corpus.errors import UnreadableSource

Element: TypeAlias = Any
"""An lxml element; lxml ships no types."""

_MOST_TAGS = 200_000
_MOST_ELEMENTS = 20_000
"""Elements of a page; the largest of 8,000 real ones has 1,308."""

_MOST_ATTRIBUTES = 5_000
_LONG_TAG = 20_000
"""Characters; only such a tag can have so many attributes."""

# Possessive, and with an end that always matches: one pass, whatever quotes are left open.
_TAG = re.compile(r"""<!--|<[A-Za-z](?:[^>=]|=\s*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z))?+)*+""")
_COMMENT_END = re.compile(r"--!?>")
_SCRIPT_END = re.compile(r"</(?:script|style)", re.I)
_VALUE = re.compile(r"""=\s*+(?:"[^"]*+"?+|'[^']*+'?+)""")


def check_markup(text: str) -> None:
    """Raise `UnreadableSource` for markup whose parsing takes quadratic time, or too long."""
    if text.count("<") > _MOST_TAGS:
        raise UnreadableSource(f"the page has more than {_MOST_TAGS:,} tags")
    if len(text) <= _LONG_TAG:
        return
    for tag in _tags(text):
        if tag.end() - tag.start() > _LONG_TAG and _attributes(tag[0]) > _MOST_ATTRIBUTES:
            # libxml2 compares each attribute with all that stand before it.
            raise UnreadableSource(
                f"a tag of the page has more than {_MOST_ATTRIBUTES:,} attributes"
            )


def check_elements(root: Element) -> None:
    """Raise `UnreadableSource` where the page has more elements than any page of news."""
    if sum(1 for _ in root.iter()) > _MOST_ELEMENTS:
        raise UnreadableSource(f"the page has more than {_MOST_ELEMENTS:,} elements")


def _tags(text: str) -> Iterator[re.Match[str]]:
    """Yield the opening tags, but none inside scripts, styles and comments."""
    at = 0
    while tag := _TAG.search(text, at):
        at = tag.end()
        opening = tag[0][:7].lower()
        if opening == "<!--":
            end = _COMMENT_END.search(text, tag.start() + 2)
        elif opening.startswith(("<script", "<style")):
            yield tag
            end = _SCRIPT_END.search(text, at)
        else:
            yield tag
            continue
        at = end.end() if end else len(text)


def _attributes(tag: str) -> int:
    bare = _VALUE.sub("= ", tag)
    return max(len(bare.split()), bare.count("="))
