"""Words that point back at what was said: "that year", "that agency", "the second one".

Each is replaced by what the turns before name; where they name nothing that fits, it stays.
"""

import re
from collections.abc import Sequence
from itertools import chain

from qa.followups.mentions import Spoken, bare
from qa.times.date_words import ANY_MONTH
from qa.understanding.phrases import heads, phrases
from qa.values.ordinals import ordinals

_MONTHS = rf"(?:{ANY_MONTH})\b"
_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")
_DAY = re.compile(rf"\b{_MONTHS}\.?\s+\d{{1,2}}\b|\b\d{{1,2}}\s+{_MONTHS}", re.IGNORECASE)
_MONTH = re.compile(rf"\b{_MONTHS}", re.IGNORECASE)
_THAT_YEAR = re.compile(r"\b(?:in\s+)?(?:that|the same)\s+year\b", re.IGNORECASE)
_THAT_DAY = re.compile(r"\b(?:on\s+|in\s+)?(?:that|the same)\s+(?:day|date|month)\b", re.IGNORECASE)
_THEN = re.compile(r"\b(?:then|at that time|at the time)(?=\W*$)", re.IGNORECASE)
_NTH = re.compile(
    r"\bthe\s+(?P<which>first|second|third|fourth|fifth|\d{1,2}(?:st|[nr]d|th)|last|former|latter)"
    r"(?:\s+one\b|(?=\W*$|\s+(?:is|are|was|were|do|does|did|has|have|had|will)\b))",
    re.IGNORECASE,
)
_PLACE_OF = {"first": 0, "former": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4, "last": -1}
_ONE = re.compile(r"\b(?P<kind>the\s+[a-z-]+)\s+(?P<one>ones?)\b(?=\W*$|\s)", re.IGNORECASE)
_THAT = re.compile(
    r"\b(?P<how>that|this|the|those|these)\s+(?P<noun>[a-z-]{3,})\b(?!\s+(?:of|for)\b)"
)
_ASKED_NOUN = re.compile(r"^(?:which|what)\s+(?:[\w’'-]+\s+){0,3}?(?P<noun>[a-z-]{3,})\b")
_GROUPS = frozenset(
    """
    company agency firm organisation organization group program programme team unit department
    ministry office bank airline university party club council committee association
    """.split()
)
_PEOPLE = frozenset("man woman person official officer director minister leader winner".split())
_SEPARATOR = re.compile(r",\s*(?:and\s+)?|;\s*|\s+and\s+")


def referred(text: str, turns: Sequence[Spoken]) -> str:
    """Return *text* with what points back at *turns*, oldest first, in words of its own."""
    for pattern, said in ((_THAT_YEAR, _year), (_THAT_DAY, _day), (_THEN, _day)):
        if pattern.search(text) and (moment := said(turns[-1])):
            text = pattern.sub(moment.replace("\\", ""), text, count=1)
    if nth := _NTH.search(text):
        text = _with(text, nth, _member(nth["which"], turns[-1]))
    elif one := _ONE.search(text):
        text = _with(text, one, _other(one, turns[-1]))
    if that := _THAT.search(text):
        text = _with(text, that, _antecedent(that["how"].lower(), that["noun"], turns))
    return text


def _with(text: str, match: re.Match[str], meant: str | None) -> str:
    if not meant or meant.casefold() in text.casefold():
        return text
    return text[: match.start()] + meant + text[match.end() :]


def _year(turn: Spoken) -> str | None:
    told = (turn.resolution, turn.answer if turn.type == "date" else None, turn.question)
    for words in told:
        if words and (year := _YEAR.search(words)):
            return f"in {year.group()}"
    return None


def _day(turn: Spoken) -> str | None:
    """Return the date of the answer, as its story writes it."""
    if turn.type != "date" or not turn.answer:
        return None
    date = turn.answer.strip(" .,;")
    if re.match(r"(?:on|in|at|since|from|after|before)\b", date, re.IGNORECASE):
        return date
    if _DAY.search(date):
        return f"on {date}"
    return f"in {date}" if _YEAR.search(date) or _MONTH.search(date) else None


def _member(which: str, turn: Spoken) -> str | None:
    """Return the counted member of the last answer, where it is a list."""
    if not turn.answer:
        return None
    listed = turn.members or tuple(filter(None, _SEPARATOR.split(turn.answer)))
    digits = ordinals(which)
    at = 1 if which.lower() == "latter" else _PLACE_OF.get(which.lower())
    at = next(iter(digits)) - 1 if at is None and digits else at
    if len(listed) < 2 or at is None or at >= len(listed):
        return None
    return listed[at].strip(" .")


def _other(one: re.Match[str], turn: Spoken) -> str | None:
    """Return "the new bridge" for "the new one" after "the old bridge"."""
    for phrase in phrases(turn.question):
        joint = re.search(r"\s(?:of|for|in|at|on)\s", phrase.core)
        head = phrase.core[: joint.start()] if joint else phrase.core
        words = head.split()
        if phrase.determined and len(words) >= 2:
            last = words[2:] if len(words) > 2 and words[1].islower() else words[-1:]
            tail = phrase.core[joint.start() :] if joint else ""
            return f"{one['kind']} {' '.join(last)}{tail}"
    return None


def _antecedent(how: str, noun: str, turns: Sequence[Spoken]) -> str | None:
    """Return what was called *noun* before, or what such a noun may stand for."""
    called = noun.rstrip("s")
    for turn in reversed(turns):
        asked = _ASKED_NOUN.match(turn.question)
        named = turn.named_answer
        if named and asked and asked["noun"].rstrip("s") == called:
            return named
        spoken = chain([named or ""], (each.text for each in phrases(turn.question)))
        for phrase in filter(None, map(bare, spoken)):
            if called in heads(phrase) and len(phrase.split()) > 2 - (how != "the"):
                return phrase
    if noun in _PEOPLE and how != "the":
        return next(filter(None, (turn.meant_by("person") for turn in reversed(turns))), None)
    acts = how != "the" or turns[-1].type in ("organisation", "person")
    return turns[-1].named_answer if noun in _GROUPS and acts else None
