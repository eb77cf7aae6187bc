"""Abbreviations that a text spells out: World Health Organization (WHO), WHO (World Health …)."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_SHORT = r"[A-Z](?:[A-Za-z0-9&/-]|\.(?=[A-Za-z])){1,11}"
_AFTER_WORDS = re.compile(
    rf"(?:\(|, or )(?:the |an? )?[“\"‘']?(?P<short>{_SHORT})\.?[”\"’']?(?=[),;.]| or )"
)
_AFTER_BOTH = re.compile(rf"\((?P<own>[^(),;\n]{{3,90}}), (?P<short>{_SHORT})\)")
_BEFORE_WORDS = re.compile(
    rf"(?<![\w.])(?P<short>{_SHORT})(?: \(|,? (?:which )?stands for |, short for )(?:the )?"
    r"(?P<long>[^()\n]{3,120})"
)
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_STOP = re.compile(r"[,;:!?()“”\"]|\.(?!\w)")
SMALL = frozenset(
    "a an and at by de del der des du en et for in la of on or the to und with".split()
)
"""Words that an abbreviation may leave out."""

MIN_CAPITALS = 2
MAX_WORDS = 14
MAX_CHARS = 160
MAX_SKIPPED = 3
"""Words that an abbreviation of four letters or more may pass over, as CSCEP does in
Counter-Weapons of Mass Destruction Security Cooperation Engagement Program."""


class Acronym(NamedTuple):
    """An abbreviation, *short*, that stands at *short_start*; its words stand at *start* to *end*.

    All are code points in the text, *end* is exclusive.
    """

    short: str
    short_start: int
    start: int
    end: int


def acronyms_in(text: str) -> Iterator[Acronym]:
    """Yield the abbreviations whose words stand right before or right after them.

    Where a text gives the words in two languages, as in Border Service (Servicio de Fronteras,
    SEFRO), both are yielded.
    """
    for match in _AFTER_WORDS.finditer(text):
        short = _one_of_many(match["short"])
        if words := _spelt_before(text, match.start(), short):
            yield Acronym(short, match.start("short"), *words)
    for match in _AFTER_BOTH.finditer(text):
        if words := _spelt_before(text, match.end("own"), match["short"]):
            yield Acronym(match["short"], match.start("short"), *words)
            if named := _named_before(text, match.start()):
                yield Acronym(match["short"], match.start("short"), *named)
    for match in _BEFORE_WORDS.finditer(text):
        short = _one_of_many(match["short"])
        if words := _spelt_after(text, match.start("long"), match.end("long"), short):
            yield Acronym(short, match.start("short"), *words)


def acronym_key(short: str) -> str:
    """Return what *short* is compared by: its letters and digits in lower case."""
    return "".join(character for character in short.casefold() if character.isalnum())


def _one_of_many(short: str) -> str:
    """Return *short* without the s of a plural: IED of IEDs."""
    return short[:-1] if short.endswith("s") and short[:-1].isupper() else short


def _letters(short: str) -> str:
    """Return the letters that words have to begin with; none if it's no abbreviation."""
    capitals = sum(character.isupper() for character in short)
    return "".join(filter(str.isalpha, short)).casefold() if capitals >= MIN_CAPITALS else ""


def _spelt_before(text: str, to: int, short: str) -> tuple[int, int] | None:
    """Return where the words that *short* abbreviates stand, right at the end of a stretch."""
    words = _words_before(text, to)
    letters = _letters(short)
    if not letters or not words or text[words[-1].end() : to].strip(' "”’,'):
        return None
    spelt = [word.group() for word in words]
    for skipped in (0, MAX_SKIPPED if len(letters) > MAX_SKIPPED else 0):
        for start in reversed(range(len(words))):
            if _spells(spelt[start:], letters, skipped):
                return words[start].start(), words[-1].end()
    return None


def _spelt_after(text: str, from_: int, to: int, short: str) -> tuple[int, int] | None:
    """Return where the words that *short* abbreviates stand, right at the start of a stretch."""
    stop = _STOP.search(text, from_, to)
    words = list(_WORD.finditer(text, from_, stop.start() if stop else to))[:MAX_WORDS]
    letters = _letters(short)
    for end in range(len(words)):
        if letters and _spells([word.group() for word in words[: end + 1]], letters, 0):
            return words[0].start(), words[end].end()
    return None


def _named_before(text: str, to: int) -> tuple[int, int] | None:
    """Return where the run of words written like a name stands, right at the end of a stretch."""
    words = _words_before(text, to)
    if not words or text[words[-1].end() : to].strip():
        return None
    named: list[re.Match[str]] = []
    for word in reversed(words):
        if named and text[word.end() : named[-1].start()].strip(" -"):
            break
        if not (word.group()[0].isupper() or word.group() in SMALL):
            break
        named.append(word)
    while named and named[-1].group().casefold() in SMALL:
        named.pop()
    return (named[-1].start(), words[-1].end()) if len(named) > 1 else None


def _words_before(text: str, to: int) -> list[re.Match[str]]:
    return list(_WORD.finditer(text, max(0, to - MAX_CHARS), to))[-MAX_WORDS:]


def _spells(words: Sequence[str], letters: str, skipped: int) -> bool:
    """Whether *letters* are the beginnings of *words*, one letter or more of each.

    Small words may be left out, and within the words as many others as *skipped*. A single word
    is no expansion, nor one that opens or closes with a small word.
    """
    if len(words) < 2 or words[0] in SMALL or words[-1] in SMALL:
        return False
    states = {(0, 0)}
    for index, word in enumerate(words):
        inner = 0 < index < len(words) - 1
        reached = set()
        for at, left_out in states:
            common = _common(word.casefold(), letters[at:])
            reached |= {(at + taken, left_out) for taken in range(1, common + 1)}
            if inner and word in SMALL:
                reached.add((at, left_out))
            elif inner and left_out < skipped and word[0].isupper():
                reached.add((at, left_out + 1))
        states = reached
    return any(at == len(letters) for at, _ in states)


def _common(word: str, letters: str) -> int:
    length = 0
    while length < min(len(word), len(letters)) and word[length] == letters[length]:
        length += 1
    return length
