"""When: the times that a question names, as filters of the stories or as what it prefers.

A year or month ("in March 2022", "since 2019") is that of an event, which later stories tell too:
stories of that time are preferred, and no others shut out. Words that count from today ("last
year", "since June") ask for news of that time: they become filters. "Latest" prefers the newest.
Times that only an event names ("before the exercise") are left to the reader of the stories.
"""

import calendar
import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from embeddings.index import Filters
from qa.times.date_words import month_of, unit_of
from qa.times.intervals import Interval, days, months, unit_around, years
from qa.understanding.asked_now import asks_for_now

GRACE_DAYS = 31
"""How long after a time its news still comes."""

_MONTHS = tuple(calendar.month_name)
_SHORT_MONTHS = tuple(calendar.month_abbr)
_MONTH = rf"(?:{'|'.join(_MONTHS[1:])}|(?:{'|'.join(_SHORT_MONTHS[1:])}|Sept)\.?)"
_NAMED = re.compile(
    rf"(?:\b(?P<how>since|after|before|until|by|from|between)\s+(?:early |mid-|late )?)?"
    rf"(?:\b(?P<month>{_MONTH})\s+(?:(?P<day>[0-9]{{1,2}})(?:[a-z]{{2}})?,?\s+)?(?:of\s+)?)?"
    r"(?<![\w.,$])(?P<year>(?:19|20)[0-9]{2})(?![\w%]|[.,][0-9])",
    re.IGNORECASE,
)
# Forecasts and accounts of a period are published before it, and long after.
_SPAN = re.compile(
    rf"\b{_MONTH}(?:\s+[0-9]{{1,2}})?\s*(?:[-–—]|to|through|and|until)\s*{_MONTH}\b"
    r"|\b(?:first|second|third|fourth|last)\s+(?:quarter|half)\b|\bQ[1-4]\b|\bfiscal\b|\bFY",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"(?:\b(?P<since>since|after)\s+)?\b(?:the\s+)?"
    r"(?P<which>last|past|previous|this)\s+(?:(?P<n>[0-9]{1,3}|few|two|three|four|five|six|ten)\s+)?"
    r"(?P<unit>day|week|month|quarter|year)s?\b(?!['’-]|\s+(?:of|before|in)\b)"
    r"|\b(?P<yesterday>yesterday)\b(?!['’])",
    re.IGNORECASE,
)
_SINCE_MONTH = re.compile(
    rf"\bsince\s+(?P<month>{_MONTH})\b(?!\s+(?:of\s+)?[0-9])(?!\s+[A-Z])", re.IGNORECASE
)
_NUMBERS = {"few": 3, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10}
_DAYS = {"day": 1, "week": 7, "month": 30, "quarter": 91, "year": 365}


@dataclass(frozen=True, slots=True, kw_only=True)
class Preference:
    """Stories that are preferred, where others may answer too.

    Those published *from_date* to *to_date*, both days included, or else, if *newest*, the newest.
    """

    newest: bool = False
    from_date: date | None = None
    to_date: date | None = None

    def includes(self, day: date | None) -> bool:
        """Whether *day* lies in the period; none does where there is no period."""
        if day is None or not (self.from_date or self.to_date):
            return False
        return (self.from_date or day) <= day <= (self.to_date or day)

    def filters(self, others: Filters) -> Filters:
        """Return *others* narrowed to the period."""
        return replace(others, from_date=self.from_date, to_date=self.to_date)


def counted_filters(text: str, filters: Filters, today: date) -> Filters:
    """Return *filters* with the period that *text* counts from *today*, if it does.

    Where *filters* has a period, or *text* names a year, they stay as they are.
    """
    if filters.from_date or filters.to_date or _NAMED.search(text):
        return filters
    if since := _SINCE_MONTH.search(text):
        number = month_of(since["month"])
        year = today.year if number <= today.month else today.year - 1
        return replace(filters, from_date=date(year, number, 1))
    counted = _COUNTED.search(text)
    if counted is None:
        return filters
    period = _counted(counted, today)
    last = period.last + timedelta(days=_grace(counted))
    open_ended = counted["since"] or last >= today
    return replace(filters, from_date=period.first, to_date=None if open_ended else last)


def preference(text: str, filters: Filters) -> Preference | None:
    """Return what stories *text* prefers, if it does.

    Filters that name a period leave nothing to prefer but the newest.
    """
    named = _named_period(text)
    if named is None:
        return Preference(newest=True) if asks_for_now(text) else None
    if filters.from_date or filters.to_date:
        return None
    return named


def _named_period(text: str) -> Preference | None:
    """Return the period of the years and months that *text* names, with time for its news.

    None for quarters, halves and fiscal years: their figures are published at any time.
    """
    if _SPAN.search(text):
        return None
    first: date | None = None
    last: date | None = None
    for match in _NAMED.finditer(text):
        period, how = _named(match), (match["how"] or "").casefold()
        if how in ("since", "after") and not match["day"]:
            return Preference(from_date=period.first)
        if how in ("before", "until"):
            return Preference(to_date=_later(period.first, GRACE_DAYS))
        first = min(first or period.first, period.first)
        last = max(last or period.last, period.last)
    return Preference(from_date=first, to_date=_later(last, GRACE_DAYS)) if first and last else None


def _named(match: re.Match[str]) -> Interval:
    year = int(match["year"])
    return months(year, month_of(match["month"])) if match["month"] else years(year)


def _counted(match: re.Match[str], today: date) -> Interval:
    """Return the days that words such as "last month" mean on *today*."""
    if match["yesterday"]:
        return unit_around(today, "day", -1)
    unit = unit_of(match["unit"])
    if match["n"]:
        number = int(match["n"]) if match["n"].isdigit() else _NUMBERS[match["n"].casefold()]
        return days(_later(today, -number * _DAYS[unit]), today)
    if match["which"].casefold() == "past":
        return days(_later(today, -_DAYS[unit]), today)
    return unit_around(today, unit, 0 if match["which"].casefold() == "this" else -1)


def _grace(match: re.Match[str]) -> int:
    long = match["unit"] and match["unit"].casefold() in ("month", "quarter", "year")
    return GRACE_DAYS if long else 7


def _later(day: date, days: int) -> date:
    return date.fromordinal(min(max(day.toordinal() + days, 1), date.max.toordinal()))
