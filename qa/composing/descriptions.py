"""Clauses that say what a thing is, and words beside a name that say who it is."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import islice

from corpus.abbreviations import SPEECH_VERBS, TITLES
from corpus.sentences import sentence_spans

MAX_CLAUSE_CHARS = 240
"""A definition ends before so many code points, if need be where a clause of it begins."""

MAX_PLACES = 50
"""How often a name may stand in a text before what is said beside it is given up."""

_IS = re.compile(r"\)? (?:is|are|was|were) (?=(?:an?|the|any|one of) )")
_WHICH_IS = re.compile(r"\)?, (?:(?:which|who) (?:is|was) )?(?=(?:an?|the) )")
_CLAUSE_END = re.compile(r"[;\n—–]|, (?:said|says|told|but)\b|[.!?]$")
_APPOSITION_END = re.compile(r"[,;\n—–]|[.!?]$")
_PART_END = re.compile(r",| (?:that|which|who|through|by|to)\b")
_BESIDE = re.compile(
    r"(?: \( ?[\w .]{1,40}\))?\)?(?:, (?:who (?:is|was) )?|,? (?=\())"
    r"(?:\((?P<inside>[^()]{3,80})\)|(?P<apart>[^,;:()\n—–]{3,120})[,.;])"
)
_MORE = re.compile(r", (?P<more>[A-Z][^,;:.()\n]{3,80}),")
_OFFICE = re.compile(
    r"(?:ambassador|analyst|architect|artist|astronaut|attorney|author|captain|chair(?:man|woman)?|"
    r"chief|coach|commander|commissioner|coordinator|deputy|director|doctor|editor|engineer|envoy|"
    r"executive|founder|general|governor|head|historian|judge|justice|lawyer|lead(?:er)?|manager|"
    r"mayor|member|minister|officer|official|owner|pilot|president|professor|prosecutor|"
    r"representative|scientist|secretary|senator|sheriff|specialist|spokes(?:man|woman|person)|"
    r"superintendent|supervisor|teacher|treasurer|veteran|writer)s?\b",
    re.IGNORECASE,
)
_TITLE_WORD = re.compile(r"(?:[A-Z(][\w’'&.()-]*,?|of|for|the|and|to|on|in)$")
_RANKS = frozenset({"Chief", "Master", "Senior", "Staff", "Tech.", "Technical", "Sergeant"})
_SMALL = frozenset({"of", "for", "the", "and", "to", "on", "in"})


def clauses_of(text: str, thing: str) -> Iterator[tuple[int, int]]:
    """Yield where *text* says what *thing* is: "is a …" after it, or a phrase set off by commas."""
    for match, sentence_end in _named(text, thing):
        if clause := _clause_after(text, match.end(), sentence_end):
            yield clause


def descriptions_of(text: str, name: str) -> Iterator[tuple[int, int]]:
    """Yield where *text* says who *name* is: an office beside or before it, or "is the …"."""
    for match, sentence_end in _named(text, name):
        found = _beside(text, match.end(), sentence_end) or _title_before(text, match.start())
        if found := found or _clause_after(text, match.end(), sentence_end):
            yield found


def _clause_after(text: str, at: int, sentence_end: int) -> tuple[int, int] | None:
    rest = text[at : min(sentence_end, at + MAX_CLAUSE_CHARS)]
    says, ends = _IS.match(rest), _CLAUSE_END
    if not says:
        says, ends = _WHICH_IS.match(rest), _APPOSITION_END
    if not says:
        return None
    end = ends.search(rest, says.end()) or next(
        reversed(list(_PART_END.finditer(rest, says.end()))), None
    )
    if not end or end.start() - says.end() <= len("the one"):
        return None
    return at + says.end(), at + end.start()


def _beside(text: str, at: int, sentence_end: int) -> tuple[int, int] | None:
    """Return where an office stands right after a name, set off by commas or in brackets."""
    rest = text[at : min(sentence_end, at + MAX_CLAUSE_CHARS)]
    beside = _BESIDE.match(rest)
    if not beside:
        return None
    start, end = beside.span("inside" if beside["inside"] else "apart")
    if not _OFFICE.search(rest[start:end]) or not SPEECH_VERBS.isdisjoint(rest[start:end].split()):
        return None
    more = _MORE.match(rest, end) if _OFFICE.fullmatch(rest[start:end]) else None
    return at + start, at + (more.end("more") if more else end)


def _named(text: str, name: str) -> Iterator[tuple[re.Match[str], int]]:
    """Yield where *name* stands in *text*, be it with a middle name, and its sentence's end."""
    words = r"(?: [A-Z][\w.]*){0,2} ".join(map(re.escape, name.split()))
    found = list(islice(re.finditer(rf"(?<!\w)(?i:{words})(?!\w)", text), MAX_PLACES))
    ends = [end for _, end in sentence_spans(text)] if found else []
    for match in found:
        yield match, ends[bisect_right(ends, match.start())]


def _title_before(text: str, start: int) -> tuple[int, int] | None:
    """Return where the office stands that is written large right before a name, if there is one."""
    before = max(0, start - MAX_CLAUSE_CHARS, text.rfind("\n", 0, start) + 1)
    words = list(re.finditer(r"\S+", text[before:start]))
    while words and (words[-1].group().rstrip(".") in TITLES or words[-1].group() in _RANKS):
        words.pop()
    opened = None
    for at in range(len(words) - 1, -1, -1):
        word = words[at].group()
        if not _TITLE_WORD.match(word) or (word.endswith(",") and at < len(words) - 1):
            break
        if word not in _SMALL:
            opened = at
    if opened is None:
        return None
    first, last = before + words[opened].start(), before + words[-1].end()
    last -= text[last - 1] == ","
    return (first, last) if _OFFICE.search(text[first:last]) else None
