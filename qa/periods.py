"""Runs of days: a month, a year."""

import calendar
from datetime import date
from typing import NamedTuple


class Period(NamedTuple):
    """The days from *first* to *last*, both included."""

    first: date
    last: date


def year_of(year: int) -> Period:
    """Return the days of *year*."""
    return Period(date(year, 1, 1), date(year, 12, 31))


def month_of(year: int, month: int) -> Period:
    """Return the days of a *month*, counted from 1."""
    return Period(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))
