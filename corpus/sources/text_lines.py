"""The lines of text copied from a page, with where they stand."""

import re
from dataclasses import dataclass

from corpus.errors import UnreadableSource

_MOST_CHARACTERS = 1024 * 1024
"""The longest story seen has 72,000; Markdown takes seconds to render for each million."""

_MOST_LINES = 50_000
_LINE = re.compile(r"[^\n]+")


@dataclass(frozen=True, slots=True)
class Line:
    """A line without the white space around it: `text[start:end] == words`."""

    words: str
    start: int
    end: int


def lines_of(text: str) -> list[Line]:
    """Return the lines of *text* that hold more than white space."""
    lines = []
    for found in _LINE.finditer(text):
        words = found[0].strip()
        if words:
            start = found.start() + len(found[0]) - len(found[0].lstrip())
            lines.append(Line(words, start, start + len(words)))
    return lines


def check_length(text: str) -> None:
    """Raise `UnreadableSource` for a text that is too long for one story."""
    if len(text) > _MOST_CHARACTERS or text.count("\n") > _MOST_LINES:
        raise UnreadableSource(
            f"the text has more than {_MOST_CHARACTERS:,} characters or {_MOST_LINES:,} lines; "
            "split it by story"
        )


def slice_of(text: str, lines: list[Line]) -> str:
    """Return *text* from the first to the last of *lines*, exactly as it stands there."""
    return text[lines[0].start : lines[-1].end] if lines else ""
