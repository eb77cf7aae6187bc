"""Stretches of days that words can name, and how they are written in ISO 8601."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from qa.times.tense import Tense

Grain = Literal["day", "month", "year"]
Unit = Literal["day", "week", "month", "quarter", "year", "decade", "century"]

_FAR = timedelta(days=300)
_LENGTH = {"day": 10, "month": 7, "year": 4}
_MONTHS_IN = {"month": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200}


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """The days from *first* to *last*, both included, as exactly as *grain* says.

    An *open* one goes on after its last day.
    """

    first: date
    last: date
    grain: Grain = "day"
    open: bool = False

    @property
    def iso(self) -> str:
        """ISO 8601's day, month or year, or two of them with a slash between; two dots for open."""
        first, last = (day.isoformat()[: _LENGTH[self.grain]] for day in (self.first, self.last))
        if self.open:
            return f"{first}/.."
        return first if first == last else f"{first}/{last}"

    def holds(self, other: "Interval") -> bool:
        """Return whether every day of *other* is one of these."""
        return self.first <= other.first and other.last <= self.last


def day(on: date) -> Interval:
    """Return a single day."""
    return Interval(first=on, last=on)


def days(first: date, last: date) -> Interval:
    """Return the days from *first* to *last*; ValueError if they run backwards."""
    if last < first:
        raise ValueError("an interval ends before it begins")
    return Interval(first=first, last=last)


def span(first: Interval, last: Interval) -> Interval:
    """Return what reaches from one interval into another, as exactly as the finer of them."""
    grain = min(first.grain, last.grain, key=tuple(_LENGTH).index)
    return replace(days(first.first, last.last), grain=grain)


def months(year: int, month: int, count: int = 1, *, grain: Grain = "month") -> Interval:
    """Return *count* months; *month* may lie outside 1 to 12 and counts into other years."""
    first = _month_start(year, month)
    end = _month_start(year, month + count - 1)
    last = end.replace(day=monthrange(end.year, end.month)[1])
    return Interval(first=first, last=last, grain=grain)


def years(first: int, count: int = 1) -> Interval:
    """Return *count* calendar years."""
    return months(first, 1, 12 * count, grain="year")


def quarter(year: int, number: int) -> Interval:
    """Return a calendar quarter, to the day; *number* may lie outside 1 to 4."""
    return months(year, 3 * number - 2, 3, grain="day")


def fiscal_year(year: int) -> Interval:
    """Return a fiscal year of the US government: from 1 October of the year before."""
    return months(year - 1, 10, 12, grain="day")


def season(year: int, first_month: int) -> Interval:
    """Return three whole months, as meteorologists count seasons; winter begins in *year*."""
    return months(year, first_month, 3)


def unit_around(on: date, unit: Unit, shift: int = 0) -> Interval:
    """Return the calendar's unit that holds *on*, or the one so many before or after it.

    Weeks run from Monday to Sunday, as in ISO 8601.
    """
    if unit == "day":
        return day(on + timedelta(days=shift))
    if unit == "week":
        monday = on - timedelta(days=on.weekday() - 7 * shift)
        return days(monday, monday + timedelta(days=6))
    if unit == "month":
        return months(on.year, on.month + shift)
    if unit == "quarter":
        return quarter(on.year, (on.month + 2) // 3 + shift)
    if unit == "year":
        return years(on.year + shift)
    if unit == "decade":
        return years(on.year // 10 * 10 + 10 * shift, 10)
    return years((on.year - 1) // 100 * 100 + 1 + 100 * shift, 100)


def moved(on: date, unit: Unit, count: int) -> date:
    """Return the day so many units after *on*, or before; a month's last day if it has no such."""
    if unit in ("day", "week"):
        return on + timedelta(days=count * (7 if unit == "week" else 1))
    start = _month_start(on.year, on.month + count * _MONTHS_IN[unit])
    return start.replace(day=min(on.day, monthrange(start.year, start.month)[1]))


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> Interval:
    """Return a month's first (1), second or last (-1) of a weekday, Monday being 0.

    ValueError if the month has no such day.
    """
    whole = months(year, month)
    if nth < 0:
        return day(whole.last - timedelta(days=(whole.last.weekday() - weekday) % 7))
    found = whole.first + timedelta(days=(weekday - whole.first.weekday()) % 7 + 7 * (nth - 1))
    if found > whole.last:
        raise ValueError(f"the month has no weekday number {nth}")
    return day(found)


def third(whole: Interval, number: int) -> Interval:
    """Return the first (0), middle (1) or last (2) third: what is called early, mid and late.

    Of a month, days 1 to 10, 11 to 20 and the rest; of years, whole months; of decades, years.
    """
    first = whole.first
    if whole.grain == "month" and whole.first.month == whole.last.month:
        starts = [first, first.replace(day=11), first.replace(day=21)]
        ends = [first.replace(day=10), first.replace(day=20), whole.last]
        return days(starts[number], ends[number])
    count = (whole.last.year - first.year) * 12 + whole.last.month - first.month + 1
    if count > 100:
        edges = [first.year + count // 12 * part // 3 for part in range(4)]
        edges = [edge + (0 < place < 3) for place, edge in enumerate(edges)]
        return years(edges[number], edges[number + 1] - edges[number])
    if count < 3:
        return whole
    return months(first.year, first.month + count * number // 3, count // 3)


def nearest(
    occurrences: Iterable[Interval], on: date, tense: Tense | None, *, slack: timedelta
) -> Interval:
    """Return the occurrence that is meant by words that recur, such as a month without its year.

    In the future the first that is not over, in the past the latest that has begun, unless that
    is ten months away or more and another lies within *slack*. With no tense, the nearest.
    """
    ordered = sorted(occurrences, key=lambda one: one.first)
    to_come = next((one for one in ordered if one.last >= on), None)
    begun = next((one for one in reversed(ordered) if one.first <= on), None)
    if to_come is None or begun is None:
        if not ordered:
            raise ValueError("it never occurs")
        return to_come or begun or ordered[0]
    ahead, behind = to_come.first - on, on - begun.last
    if tense == "future":
        return begun if ahead > _FAR and behind <= slack else to_come
    if tense is None:
        return to_come if ahead < behind else begun
    return to_come if behind > _FAR and timedelta() < ahead <= slack else begun


def _month_start(year: int, month: int) -> date:
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
