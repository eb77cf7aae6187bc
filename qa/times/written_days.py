"""The days that a few words write out: Sept. 22, 22 September 2021, Oct. 28-31, 2021, the 1990s."""

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from qa.times.date_words import ANY_MONTH, month_of

LONGEST = 120
"""Longer words are no date: code points."""

UNDATED = 2000
"""The year of days whose year is not said; it has every day that a year can have."""

_MONTH = rf"(?P<month>{ANY_MONTH})\b\.?"
_DAY = r"(?:st|[nr]d|th)?\b"
_YEAR = r"(?:1[5-9]|20)\d\d"
_FORMS = (
    rf"(?P<iso>{_YEAR}-\d\d(?:-\d\d)?)\b",
    rf"(?:fiscal(?: year)?|fy) ?(?P<fiscal>{_YEAR})",
    rf"(?P<quarter>first|second|third|fourth) quarter(?: of)? (?P<quarter_of>{_YEAR})",
    rf"(?P<decade>{_YEAR[:-2]}0)s\b",
    rf"{_MONTH} (?P<day>\d{{1,2}}){_DAY}(?: ?[-–—] ?(?P<until>\d{{1,2}}){_DAY})?"
    rf"(?:,? (?P<year>{_YEAR}))?",
    rf"(?P<day>\d{{1,2}}){_DAY} (?:of )?{_MONTH}(?:,? (?P<year>{_YEAR}))?",
    rf"{_MONTH},?(?: of)?(?: (?P<year>{_YEAR}))?",
    rf"\b(?P<year>{_YEAR})\b",
)
_PATTERNS = [re.compile(form) for form in _FORMS]
_LETTER = re.compile(r"[a-z0-9]")
_JOINS = re.compile(r" ?(?:[-–—/]|to|through|until|till) ?")
_BEFORE = re.compile(r"\b(?:before|by|until|prior to|no later than)\b")
_AFTER = re.compile(r"\b(?:after|no earlier than)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """The days from *first* to *last*, both included.

    Where no year is said, *dated* is False and the year is UNDATED.
    """

    first: date
    last: date
    dated: bool = True

    def meets(self, other: "Days") -> bool:
        """Whether some day may be one of both."""
        one, two = self, other
        if one.dated != two.dated:
            one, two = one._in_no_year(), two._in_no_year()
        return one.first <= two.last and two.first <= one.last

    def _in_no_year(self) -> "Days":
        if self.first.year != self.last.year:
            return Days(first=date(UNDATED, 1, 1), last=date(UNDATED, 12, 31), dated=False)
        first, last = (day.replace(year=UNDATED) for day in (self.first, self.last))
        return Days(first=first, last=last, dated=False)


def days_of(text: str) -> Days | None:
    """Return the days that *text* writes out; None if it writes none, or several apart."""
    if len(text) > LONGEST:
        return None
    words = " ".join(text.casefold().split())
    found = _written(words)
    if not found:
        return None
    merged = _joined(words, found)
    if merged is None:
        return None
    if _BEFORE.search(words[: found[0][0]]):
        return replace(merged, first=date.min)
    return replace(merged, last=date.max) if _AFTER.search(words[: found[0][0]]) else merged


def _written(words: str) -> list[tuple[int, int, Days]]:
    """Return the days written in *words*, with where they stand, in order."""
    found: list[tuple[int, int, Days]] = []
    at = 0
    while start := _LETTER.search(words, at):
        match = next((m for form in _PATTERNS if (m := form.match(words, start.start()))), None)
        days = _read(match) if match else None
        if match and days:
            found.append((match.start(), match.end(), days))
        at = match.end() if match else _word_end(words, start.start())
    return found


def _word_end(words: str, at: int) -> int:
    while at < len(words) and words[at].isalnum():
        at += 1
    return at


def _joined(words: str, found: Sequence[tuple[int, int, Days]]) -> Days | None:
    """Return the only days, or those from the first to the last of two that a dash joins."""
    if len(found) == 1:
        return found[0][2]
    between = words[found[0][1] : found[1][0]]
    joined = _JOINS.fullmatch(between) or (between == " and " and "between " in words)
    if len(found) == 2 and joined:
        first, last = found[0][2], found[1][2]
        if not first.dated and last.dated:
            first = _dated(first, last.first.year)
        if first.dated == last.dated and first.first <= last.last:
            return Days(first=first.first, last=last.last, dated=last.dated)
    same = all(one[2] == two[2] for one, two in pairwise(found))
    return found[0][2] if same else None


def _dated(days: Days, year: int) -> Days:
    first, last = days.first, days.last
    # The 29th of February is the last of the month in every year.
    last_day = min(last.day, monthrange(year, last.month)[1])
    return Days(
        first=first.replace(year=year, day=min(first.day, monthrange(year, first.month)[1])),
        last=last.replace(year=year, day=last_day),
    )


def _read(match: re.Match[str]) -> Days | None:
    named = match.groupdict()
    if fiscal := named.get("fiscal"):
        # The fiscal year of the United States begins in October of the year before.
        return Days(first=date(int(fiscal) - 1, 10, 1), last=date(int(fiscal), 9, 30))
    if quarter := named.get("quarter"):
        last_month = 3 * (1 + ("first", "second", "third", "fourth").index(quarter))
        return _months(int(named["quarter_of"]), last_month - 2, last_month)
    if decade := named.get("decade"):
        return Days(first=date(int(decade), 1, 1), last=date(int(decade) + 9, 12, 31))
    if iso := named.get("iso"):
        in_year, in_month, *on_day = map(int, iso.split("-"))
        return _day_or_month(in_year, in_month, on_day[0] if on_day else None, None)
    year = int(named["year"]) if named.get("year") else None
    if not named.get("month"):
        return _months(int(match["year"]), 1, 12)
    month = month_of(match["month"])
    day_said = int(match["day"]) if named.get("day") else None
    until = int(match["until"]) if named.get("until") else None
    return _day_or_month(year, month, day_said, until)


def _day_or_month(year: int | None, month: int, day: int | None, until: int | None) -> Days | None:
    if not 1 <= month <= 12:
        return None
    days_in_month = monthrange(year or UNDATED, month)[1]
    first, last = day or 1, until or day or days_in_month
    if not 1 <= first <= last <= days_in_month:
        return None
    return Days(
        first=date(year or UNDATED, month, first),
        last=date(year or UNDATED, month, last),
        dated=year is not None,
    )


def _months(year: int, first: int, last: int) -> Days:
    return Days(first=date(year, first, 1), last=date(year, last, monthrange(year, last)[1]))
