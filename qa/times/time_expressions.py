"""The expressions of time in a sentence, and what each names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from qa.times import day_rules, relative_rules, year_rules
from qa.times.intervals import Interval, days, third
from qa.times.tense import tense_at
from qa.times.time_rules import Rule, Vantage

_RULES: tuple[Rule, ...] = (
    *day_rules.RULES,
    *year_rules.RULES,
    *relative_rules.RULES,
    *day_rules.NAMES,
)
_PART = re.compile(
    r"\b(?:(?P<by>by\s+(?:the\s+)?end\s+of)|(?P<early>early|(?:the\s+)?(?:beginning|start)\s+of)|"
    r"(?P<mid>mid|(?:the\s+)?middle\s+of)|(?P<late>late|(?:the\s+)?end\s+of))"
    r"(?:\s*-\s*|\s+)(?:in\s+)?(?:the\s+)?$",
    re.IGNORECASE,
)
_SINCE = re.compile(r"\b(?:ever\s+)?since\s+(?:the\s+)?$", re.IGNORECASE)
_THIRDS = ("early", "mid", "late")
_PREFIX = 40
"""No words before an expression that change its meaning are longer than this."""

_TO_COME = re.compile(r"(?:before|after|following|prior to|of)$", re.IGNORECASE)
_BACK = re.compile(r"\b(?:before|prior|earlier|previous|preceding)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """Words that a rule has found, at `sentence[start:end]`."""

    start: int
    end: int
    match: re.Match[str]
    rule: Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The *interval* that `sentence[start:end]` names; *counted* if only from a story's day."""

    start: int
    end: int
    interval: Interval
    counted: bool = False


def expressions(sentence: str) -> list[Expression]:
    """Return the expressions in *sentence* in order: of two that overlap, the first, the longer."""
    found = []
    folded = sentence.casefold()
    for rule in (rule for rule in _RULES if rule.may_match(folded)):
        for match in rule.pattern.finditer(sentence):
            start = match.end("before") if match.groupdict().get("before") else match.start()
            found.append(Expression(start=start, end=match.end(), match=match, rule=rule))
    found.sort(key=lambda one: (one.start, -one.end))
    kept: list[Expression] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def read(sentence: str, found: Sequence[Expression], place: int, on: date | None) -> Reading | None:
    """Return what `found[place]` names, None if it can't be told; *on* is the story's day."""
    one = found[place]
    if one.rule.kind == "offset":
        return _from_another(sentence, found, place, on)
    tense = tense_at(sentence, one.start, one.end)
    year = _year_opening(found[:place])
    for vantage in (Vantage(on=None, year=year), Vantage(on=on, tense=tense)):
        if interval := built(one, vantage):
            whole = Reading(
                start=one.start, end=one.end, interval=interval, counted=vantage.on is not None
            )
            return _part(sentence, whole)
    return None


def built(one: Expression, vantage: Vantage) -> Interval | None:
    """Return what *one* names from *vantage*; None if it names no time that there is."""
    try:
        return one.rule.build(one.match, vantage)
    except (ValueError, OverflowError):
        return None


def opened(sentence: str, since: Reading) -> Reading:
    """Return the reading as one that is still going on, where "since" stands before it."""
    prefix = _SINCE.search(sentence, max(0, since.start - _PREFIX), since.start)
    if not prefix:
        return since
    return replace(since, start=prefix.start(), interval=replace(since.interval, open=True))


def _from_another(
    sentence: str, found: Sequence[Expression], place: int, on: date | None
) -> Reading | None:
    """Return what is counted from the nearest other time: ahead of "after", behind "later"."""
    one = found[place]
    ahead = [other for other in range(place + 1, len(found)) if _is_time(found[other])]
    behind = [other for other in range(place - 1, -1, -1) if _is_time(found[other])]
    to_come = _TO_COME.search(sentence[one.start : one.end])
    near = (ahead or behind) if to_come else behind
    anchor = read(sentence, found, near[0], on) if near else None
    if anchor is None:
        return None
    back = _BACK.search(sentence, one.start, one.end)
    vantage = Vantage(on=anchor.interval.first if back else anchor.interval.last)
    interval = built(one, vantage)
    if interval is None:
        return None
    end = anchor.end if to_come and anchor.start >= one.end else one.end
    return Reading(start=one.start, end=end, interval=interval, counted=anchor.counted)


def _is_time(one: Expression) -> bool:
    return one.rule.kind in ("time", "range")


def _year_opening(before: Sequence[Expression]) -> int | None:
    """Return the year of the last "in 2013" before an expression."""
    for one in reversed(before):
        told = one.match.groupdict()
        if (told.get("before") or "").casefold().strip() == "in" and told.get("year"):
            return int(one.match["year"])
    return None


def _part(sentence: str, whole: Reading) -> Reading:
    prefix = _PART.search(sentence, max(0, whole.start - _PREFIX), whole.start)
    if not prefix:
        return whole
    if prefix["by"]:
        interval = days(whole.interval.last, whole.interval.last)
    else:
        number = next(number for number, name in enumerate(_THIRDS) if prefix[name])
        interval = third(whole.interval, number)
    return replace(whole, start=prefix.start(), interval=interval)
