"""Abbreviations that a text spells out, as in World Health Organization (WHO)."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_SPELT = re.compile(r"\(([A-Z][A-Za-z&-]{1,8})\)")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
REACH = 400
"""Code points before an abbreviation in which its words stand."""

_SMALL = frozenset("a an and at by de for in of on or the to und with".split())


class Acronym(NamedTuple):
    """An abbreviation, *short*, that stands at *short_start*; its words stand at *start* to *end*.

    All are code points in the text, *end* is exclusive.
    """

    short: str
    short_start: int
    start: int
    end: int


def acronyms_in(text: str) -> Iterator[Acronym]:
    """Yield the abbreviations in parentheses whose words stand right before them."""
    for match in _SPELT.finditer(text):
        before = max(0, match.start() - REACH)
        if words := _spelling(text[before : match.start()], match[1]):
            start, end = words
            yield Acronym(match[1], match.start(1), before + start, before + end)


def _spelling(before: str, short: str) -> tuple[int, int] | None:
    """Return where the words that *short* abbreviates stand, right at the end of *before*.

    Word for word from the last, small words left out or not: each begins with its letter.
    """
    letters = [letter.casefold() for letter in short if letter.isalpha()]
    words = list(_WORD.finditer(before))[-2 * len(letters) - 2 :]
    if not words or before[words[-1].end() :].strip():
        return None
    at = len(letters) - 1
    for word in reversed(words):
        begins = word.group().casefold().startswith(letters[at])
        if begins and not (word.group() in _SMALL and at == 0):
            at -= 1
        elif word.group() not in _SMALL:
            return None
        if at < 0:
            return word.start(), words[-1].end()
    return None
