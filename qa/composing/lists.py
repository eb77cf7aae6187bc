"""The members of what a story lists, in a sentence or in lines of their own."""

import re
from dataclasses import dataclass

from corpus.sentences import sentence_spans
from qa.question import CALENDAR

MAX_RUN = 800
"""A list that is longer, in code points, is not shown as one."""

MAX_MEMBER = 160

_CUT = re.compile(
    r"; (?:and |or )?|, (?:and |or |as well as )?| (?:and|or|as well as|&) |,? and also "
)
_ABBREVIATED = re.compile(r"(?:Inc|Ltd|LLC|L\.L\.C|Co|Corp|Jr|Sr|S\.A|II|III|N\.V|PLC)\b\.?")
_ASIDE = re.compile(
    r"(?:who|whom|whose|which|where|including|such|(?:the|an?|his|her|its) [a-z])\b"
)
_ONE_NAME = re.compile(
    r"(?:department|ministry|office|bureau|cent(?:er|re)|institute|school|committee|council|"
    r"secretary|minister|agency|academy|board|commission|division|directorate|college)"
    r" (?:of|for|on) [^,;]* and ",
    re.IGNORECASE,
)
_CONJUNCTION = re.compile(r"(?:,| |;)(?:and|or|&|as well as) |;")
_DETERMINER = re.compile(r"(?:(?:the|a|an|its|their|[A-Z][\w.]*) ){0,5}")
_STOP_BEFORE = frozenset(
    """
    to with from by for in on at of that which who is are was were be been include includes
    included including such as between both from among through into under over against about
    announced said have has had will would can met visited named designated sanctioned joined the
    """.split()
)
_MARKER = re.compile(r"[ \t]*(?:[•·▪●◦‣*–-]|\d{1,2}[.)]|\([0-9a-zA-Z]{1,3}\))[ \t]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a text lists from *start* to *end*, and where each of its *members* stands, in order."""

    start: int
    end: int
    members: tuple[tuple[int, int], ...]


def listing(body: str, start: int, end: int) -> Listing | None:
    """Return the list that `body[start:end]` is, or is a part of; None where it is in none."""
    return _lines(body, start, end) or _coordination(body, start, end)


def _lines(body: str, start: int, end: int) -> Listing | None:
    """Return the list of marked lines that one of holds `body[start:end]`."""
    members: list[tuple[int, int]] = []
    for step in (-1, 1):
        at = start if step < 0 else (members[-1][1] if members else start)
        while (line := _line_at(body, at)) and (marker := _MARKER.match(body, *line)):
            member = marker.end(), line[0] + len(body[slice(*line)].rstrip())
            if member[1] - member[0] > MAX_MEMBER or not member[0] < member[1]:
                return None
            if member not in members:
                members.append(member)
            at = line[0] - 2 if step < 0 else line[1] + 1
            if (
                abs(at - start) > MAX_RUN
                or at < 0
                or at >= len(body)
                or (step > 0 and body[at : at + 1] == "\n")
            ):
                break
        members.sort()
    inside = any(first <= start < last for first, last in members)
    if len(members) < 2 or not inside or members[-1][1] - members[0][0] > MAX_RUN:
        return None
    return Listing(start=members[0][0], end=members[-1][1], members=tuple(members))


def _line_at(body: str, at: int) -> tuple[int, int] | None:
    if not 0 <= at < len(body):
        return None
    first = body.rfind("\n", 0, at) + 1
    last = body.find("\n", at, at + MAX_RUN)
    if last < 0:
        last = len(body) if len(body) - at < MAX_RUN else -1
    return (first, last) if first < last else None


def _coordination(body: str, start: int, end: int) -> Listing | None:
    """Return "A, B, and C" where `body[start:end]` is all of it or some of its members."""
    parts = _parts(body, *_sentence(body, start, end))
    touched = [n for n, part in enumerate(parts) if part[0] < end and start < part[1]]
    if not touched or len(parts) < 2:
        return None
    low, high = touched[0], touched[-1]
    if not _DETERMINER.fullmatch(body[parts[low][0] : start]):
        # The sentence runs into this part: what is read of it is the first member.
        parts[low] = start, parts[low][1]
        parts[:low], low, high = [], 0, high - low
    while low > 0 and (opened := _opens(body, parts[low - 1])) < parts[low - 1][1]:
        if not _kin(body, (opened, parts[low - 1][1]), parts[low]):
            break
        low -= 1
        if opened > parts[low][0]:
            parts[low] = opened, parts[low][1]
            break
    while high + 1 < len(parts) and _closes(body, parts[high]) >= parts[high][1] - 1:
        if not _kin(body, parts[high], parts[high + 1]):
            break
        high += 1
    parts[high] = parts[high][0], max(_closes(body, parts[high]), min(end, parts[high][1]))
    return _checked(body, parts[low : high + 1])


def _checked(body: str, members: list[tuple[int, int]]) -> Listing | None:
    """Return the list of *members* if that is what they are."""
    start, end = members[0][0], members[-1][1]
    conjoined = _CONJUNCTION.search(body, start, end)
    kinds = {_shape(body[slice(*member)]) for member in members}
    longest = max(b - a for a, b in members)
    if len(members) < 2 or not conjoined or len(kinds) > 1:
        return None
    if longest > MAX_MEMBER or end - start > MAX_RUN:
        return None
    return Listing(start=start, end=end, members=tuple(members))


def _sentence(body: str, start: int, end: int) -> tuple[int, int]:
    opened = body.rfind("\n", max(0, start - 4 * MAX_RUN), start) + 1 or max(0, start - MAX_RUN)
    closed = body.find("\n", end, end + 4 * MAX_RUN)
    closed = min(len(body), end + MAX_RUN) if closed < 0 else closed
    around = [
        (a + opened, b + opened)
        for a, b in sentence_spans(body[opened:closed])
        if b + opened > start and a + opened < end
    ]
    first, last = (around[0][0], around[-1][1]) if around else (start, end)
    # What dashes set off runs on without a space: "Japan, and the United States—will meet".
    opened, closed = body.rfind("—", first, start) + 1, body.find("—", end, last)
    return opened or first, last if closed < 0 else closed


def _parts(body: str, first: int, last: int) -> list[tuple[int, int]]:
    """Cut a sentence where members of a list may be parted."""
    semicolons = body.count(";", first, last) >= 2
    parts: list[tuple[int, int]] = []
    at = first
    for cut in _CUT.finditer(body, first, last):
        if semicolons and not cut[0].startswith(";"):
            continue
        aside = _ABBREVIATED.match(body, cut.end()) or (
            cut[0] == ", "
            and _ASIDE.match(body, cut.end())
            and _ends_in_name(body[at : cut.start()])
        )
        within_name = cut[0] == " and " and _ONE_NAME.search(body[at : cut.end()])
        if aside or within_name or cut.start() <= at:
            continue
        parts.append((at, cut.start()))
        at = cut.end()
    parts.append((at, last))
    return parts


def _opens(body: str, part: tuple[int, int]) -> int:
    """Return where the first member begins in a part that the sentence runs into."""
    words = list(re.finditer(r"\S+", body[slice(*part)]))
    capital = body[part[1] - 1 : part[1]] and words and words[-1].group()[0].isupper()
    opened = part[0]
    for word in words:
        bare = word.group().casefold().strip('“"(:')
        stops = bare in _STOP_BEFORE or word.group().endswith(":")
        stops = stops and not (bare in ("of", "for", "the", "in", "on", "at") and capital)
        if stops or (capital and word.group()[0].islower() and bare not in _STOP_BEFORE):
            opened = part[0] + word.end() + 1
    return min(opened, part[1])


def _closes(body: str, part: tuple[int, int]) -> int:
    """Return where the last member ends in a part that the sentence runs on from."""
    words = list(re.finditer(r"\S+", body[slice(*part)]))
    name = _shape(body[slice(*part)])
    closed = part[1]
    for n, word in enumerate(words):
        bare = word.group().casefold()
        runs_on = n and (
            (name and word.group()[0].islower() and bare not in ("of", "for", "the", "de"))
            or bare.strip(",.") in CALENDAR
            or (not name and bare in _STOP_BEFORE - {"of", "the"})
        )
        if runs_on:
            closed = part[0] + words[n - 1].end()
            break
    text = body[part[0] : closed]
    closed = part[0] + len(re.sub(r" (?:of|for|the|de)$", "", text))
    bare_end = closed - (body[closed - 1] in ".,;:" and not _ABBREVIATED.search(text[-5:]))
    return max(bare_end, part[0])


def _ends_in_name(words: str) -> bool:
    return words.split(" ")[-1][:1].isupper()


def _kin(body: str, one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two parts look like members of one list: both names, or both no names."""
    return _shape(body[slice(*one)]) == _shape(body[slice(*other)])


def _shape(words: str) -> bool:
    bare = re.sub(r"^(?:(?:the|a|an|and|its|former)\b|\W)+", "", words)
    return bare[:1].isupper() or bare[:1].isdigit()
