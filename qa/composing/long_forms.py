"""The words that stand for an abbreviation, in a text that spells it out."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from corpus.acronyms import SMALL, acronyms_in

REACH = 200
"""Code points around an abbreviation in which its words are looked for."""

MAX_PLACES = 50
"""How often an abbreviation may stand in a text before its words are given up."""

MAX_LEFT_OUT = 1
"""Words, but for small ones, that an abbreviation may leave out."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


def long_forms(text: str, short: str) -> Iterator[tuple[int, int]]:
    """Yield where *text* spells out *short*: Long Form (LF), (Long Form, LF) or LF (Long Form)."""
    letters = [letter for letter in short.casefold() if letter.isalpha()]
    known: dict[int, tuple[int, int]] = {}
    for pair in acronyms_in(text):
        if _same(pair.short, short) and ")" not in text[pair.start : pair.end]:
            # Of words in two languages, those that begin with its letters come first.
            known.setdefault(pair.short_start, (pair.start, pair.end))
    yield from known.values()
    if known or len(letters) < 2:
        return
    places = re.finditer(rf"(?<!\w){re.escape(short)}s?(?!\w)", text, re.IGNORECASE)
    for match in islice(places, MAX_PLACES):
        before = text[max(0, match.start() - REACH) : match.start()]
        after = text[match.end() : match.end() + REACH]
        shift = match.start() - len(before)
        inside = re.search(r"\(([^()]{3,120}), (?:or )?$", before)
        if inside and _abbreviates(letters, inside[1]):
            yield shift + inside.start(1), shift + inside.end(1)
        elif before.endswith("(") and (words := _around_brackets(letters, before[:-1].rstrip())):
            yield shift + words[0], shift + words[1]
        elif (opened := re.match(r",? \(?(?:or )?([^(),;.]{3,120})[),]", after)) and _abbreviates(
            letters, opened[1]
        ):
            yield match.end() + opened.start(1), match.end() + opened.end(1)


def _same(written: str, asked: str) -> bool:
    """Whether an abbreviation is the one asked for, be it of several, or asked in small letters."""
    if asked.islower():
        return written.casefold() == asked
    return written.removesuffix("s") == asked.removesuffix("s")


def _abbreviates(letters: Sequence[str], words: str) -> bool:
    """Whether *letters* begin words of *words*, in order, the first of them the first word.

    A word may give more than one letter, as in SErvicio NAcional de FRONTeras.
    """
    initials = [word.group().casefold() for word in _WORD.finditer(words)]
    at = left_out = 0
    for word in initials:
        if at < len(letters) and word[0] == letters[at]:
            taken = 0
            while at < len(letters) and taken < len(word) and word[taken] == letters[at]:
                at, taken = at + 1, taken + 1
        else:
            left_out += word not in SMALL
    begins = bool(initials) and initials[0][0] == letters[0]
    # Any sentence has words that begin so, and nothing spells out itself.
    spells = left_out <= MAX_LEFT_OUT and "".join(letters) not in initials
    return at == len(letters) and begins and spells


def _around_brackets(letters: Sequence[str], before: str) -> tuple[int, int] | None:
    """Return where words stand that *letters* begin, what stands in brackets among them left out.

    The first may stand some words before the second: Counter-Weapons of Mass Destruction (CWMD)
    Security Cooperation Engagement Program.
    """
    plain = re.sub(r"\([^()]*\)", lambda match: " " * len(match[0]), before)
    words = [word for word in _WORD.finditer(plain) if word.group()[0].isupper()]
    at = len(letters) - 1
    for word in reversed(words[-len(letters) - 3 :]):
        if re.search(r"[.;:]\s", plain[word.start() :]):
            return None
        if word.group()[0].casefold() == letters[at]:
            at -= 1
        elif at > 0:
            return None
        if at < 0:
            return word.start(), len(before)
    return None
