"""Passages as a user would cut them by hand, of about the length of Dateline's own."""

import re
from collections.abc import Iterator

WORDS = 95
"""Words in a passage: Dateline's hold 110 words and punctuation marks at most."""
OVERLAP = 20
"""Words that a passage has in common with the one before: about a sentence."""

_WORD = re.compile(r"\S+")


def windows(text: str) -> Iterator[str]:
    """Yield the passages of *text*, in order; every word is in one."""
    words = [match.span() for match in _WORD.finditer(text)]
    for first in range(0, max(len(words) - OVERLAP, min(len(words), 1)), WORDS - OVERLAP):
        last = min(first + WORDS, len(words)) - 1
        yield text[words[first][0] : words[last][1]]


def full_text(title: str, body: str) -> str:
    """Return what is indexed of a story: its title and its body."""
    return f"{title}\n\n{body}"
