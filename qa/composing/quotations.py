"""Quotations in a text: what stands in quotation marks, and who says it."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

_SAID = re.compile(
    r"\b(?:said|says|say|add(?:ed|s)|explain(?:ed|s)|told|tells|noted|notes|stated|states|"
    r"remarked|commented|continue[ds]|recall(?:ed|s)|asked|asks|wrote|writes|declared|announced|"
    r"replied|answered|warned|argued|insisted|admitted|concluded|emphasi[sz]ed|stressed|observed|"
    r"specified|joked|acknowledged|encouraged|urged|calls|called|describe[ds]|exclaimed|testified|"
    r"mentioned|put it|according to)\b"
)
_MARK = re.compile('[“”"\n]')
_PRONOUN = re.compile(r"\b(?:he|she|they|who)\b", re.IGNORECASE)
_NAME = re.compile(
    r"(?:[A-Z][\w’'-]*\.?)(?: (?:[A-Z][\w’'-]*\.?|\([A-Z]+\)|of|de|van|von|the|for|and)(?= |$|\W))*"
)
_BOUNDARY = re.compile(r"(?<![A-Z])(?<!\b[A-Z][a-z])(?<!\b[A-Z][a-z]{2})[.!?] (?=[A-Z])")
_LINKING = (" of", " the", " for", " and", " de", " van", " von")
_NOT_A_NAME = frozenset(
    "He She They We I It In On At As When While After Before But And The A An This That For".split()
)
REACH = 260
"""Code points before or after a quotation in which its speaker is looked for."""

MAX_CHARS = 1500
"""A quotation mark that is not closed within so many code points opens no quotation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation:
    """Words in quotation marks, at *start* to *end* of a text without the marks.

    *told* is where the words stand that say who speaks, of this quotation or of the one that it
    goes on from; *speaker* the name in them. All are half-open, None where the text doesn't say.
    """

    start: int
    end: int
    told: tuple[int, int] | None = None
    speaker: tuple[int, int] | None = None


def quotations(text: str) -> list[Quotation]:
    """Return the quotations of *text*, in order, each part of a split one by itself.

    One that goes on in the next paragraph, which then opens with a mark too, is one a paragraph.
    """
    found: list[Quotation] = []
    stretches = list(_stretches(text))
    for n, (start, end) in enumerate(stretches):
        last = stretches[n - 1][1] if n else 0
        following = stretches[n + 1][0] if n + 1 < len(stretches) else len(text)
        told = _told_after(text, end, following) or _told_before(text, start, last)
        speaker = _speaker(text, *told) if told else None
        goes_on = bool(found) and "\n\n" not in text[last:start].strip('“" ')
        unclosed = bool(found) and text[last : last + 1] == "\n"
        if speaker is None and found and (told or goes_on or unclosed):
            told, speaker = found[-1].told or told, found[-1].speaker
        found.append(Quotation(start=start, end=end, told=told, speaker=speaker))
    return found


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    """Yield where words stand between marks, or after one that its paragraph leaves open."""
    opened: int | None = None
    for match in _MARK.finditer(text):
        mark = match[0]
        opens = mark == "“" or (mark == '"' and opened is None)
        if opens:
            opened = match.end()
        elif opened is not None:
            if 1 < match.start() - opened <= MAX_CHARS:
                yield opened, match.start()
            opened = None
    if opened is not None and 1 < len(text) - opened <= MAX_CHARS:
        yield opened, len(text)


def _told_after(text: str, end: int, following: int) -> tuple[int, int] | None:
    """Return where the words stand that say who speaks, right after a quotation's *end*."""
    start = end + 1
    stop = min(start + REACH, following - 1 if following < len(text) else len(text))
    line = text.find("\n", end, stop)
    stop = line if line >= 0 else stop
    if boundary := _BOUNDARY.search(text, start, stop):
        stop = boundary.start()
    said = _SAID.search(text, start, stop)
    return (start, stop) if said and said.start() - start < REACH // 2 else None


def _told_before(text: str, start: int, last: int) -> tuple[int, int] | None:
    """Return where the words stand that say who speaks, right before a quotation's *start*."""
    opened = max(start - REACH, last + 1 if last else 0, text.rfind("\n", 0, start) + 1)
    for boundary in _BOUNDARY.finditer(text, opened, start):
        opened = boundary.end()
    return (opened, start - 1) if _SAID.search(text, opened, start) else None


def _speaker(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return where the speaker's name stands in the words that say who speaks."""
    said = _SAID.search(text, start, end)
    if said is None:
        return None
    names = list(_names(text, start, end))
    after = [name for name in names if name[0] >= said.end()]
    before = [name for name in names if name[1] <= said.start()]
    apart = text[said.end() : after[0][0]].strip() if after else "-"
    if after and (not before or len(text[start : said.start()].strip(" ,")) == 0):
        # "said Quinn", "said the mayor, Ada Quinn", not "said in Lyon".
        return (
            after[0] if not _PRONOUN.search(text, start, said.start()) and apart != "in" else None
        )
    if not before:
        return None
    return next((name for name in before if not _within_a_phrase(text, start, name[0])), before[0])


def _names(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for match in _NAME.finditer(text, start, end):
        first, last = match.span()
        while (words := text[first:last]).endswith(_LINKING):
            last = first + words.rindex(" ")
        # A full stop after a long word ends the sentence; "Sgt." and "T." are part of a name.
        last -= text[last - 1] == "." and text[last - 4 : last - 1].islower()
        if text[first:last] not in _NOT_A_NAME and not _SAID.fullmatch(text[first:last]):
            yield first, last


def _within_a_phrase(text: str, start: int, at: int) -> bool:
    """Whether the word before *at* makes the name part of something else: "director of the …"."""
    before = text[max(start, at - 12) : at].split()
    return bool(before) and before[-1].casefold() in {
        "of",
        "the",
        "for",
        "in",
        "at",
        "on",
        "to",
        "by",
    }


def spoken_at(found: list[Quotation], start: int, end: int) -> Quotation | None:
    """Return the quotation among *found* that holds *start* to *end*, or None."""
    n = bisect_right([quotation.start for quotation in found], start + 1) - 1
    within = n >= 0 and end <= found[n].end + 1
    return found[n] if within else None
