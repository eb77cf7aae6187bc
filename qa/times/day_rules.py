"""Days that a story names by the calendar, with their year or without, and what only looks so."""

from datetime import date
from functools import partial

from qa.times import intervals
from qa.times.date_words import (
    FULL_MONTH,
    FULL_WEEKDAY,
    HOLIDAY,
    HOLIDAYS_NEEDED,
    MONTH,
    MONTHS_NEEDED,
    ORDINAL,
    SEASON,
    UNIT,
    WEEKDAY,
    WITH_YEAR,
    YEAR,
    count_of,
    holiday,
    month_of,
    weekday_of,
)
from qa.times.intervals import Interval
from qa.times.time_rules import Match, Rule, Vantage, given_year

_NO_MORE = r"(?i:st|[nr]d|th)?(?![\d%]|:\d|,\d{3}(?!\d)|\.\d|\s?[ap]\.?m|-[a-z])"
_DAY = rf"(?P<day>\d{{1,2}}){_NO_MORE}"
_LAST = rf"(?P<last>\d{{1,2}}){_NO_MORE}"
_LISTED = rf"(?P<list>{_DAY}(?:,\s*\d{{1,2}}(?!\d)){{0,9}})"
_JOINT = r"(?:\s*[-–—]\s*|,?\s+(?i:to|through|thru|until|(?P<and>and|&))\s+)"
_OF_YEAR = f"{WITH_YEAR}?"
_OF_MONTH = rf"\s+(?:of\s+)?(?P<month>{MONTH}){_OF_YEAR}"
_WEEKDAY_FIRST = rf"(?:(?P<weekday>{WEEKDAY}),?\s+)?"

_NAMED_DAYS = "Black|Good|Ash|Super|Cyber|Bloody|Palm|Easter|Fat|Giving|Holy|Casual"
_NO_NAME = (
    rf"(?!(?:(?i:in|since|of|by|year|until|through|during|from|late|early|the|and|between|to|"
    rf"before|after|around|about|circa|throughout|for|back|on|as|at|this|last|next|past|coming|"
    rf"each|every|fiscal|calendar|mid|FY|{SEASON}|quarter|half)|{MONTH}|{WEEKDAY})\b)"
)


def _iso_day(match: Match, vantage: Vantage) -> Interval:
    return intervals.day(date.fromisoformat(match[0]))


def _slashed_day(match: Match, vantage: Vantage) -> Interval:
    return intervals.day(date(int(match[3]), int(match[1]), int(match[2])))


def _day(match: Match, vantage: Vantage) -> Interval:
    month, number = month_of(match["month"]), int(match["day"])
    year = given_year(match, vantage)
    if year:
        return intervals.day(date(year, month, number))
    found = vantage.recurring(lambda year: intervals.day(date(year, month, number)))
    weekday = match.groupdict().get("weekday")
    if weekday and found.first.weekday() != weekday_of(weekday):
        raise ValueError("the weekday named belongs to another year")
    return found


def _days(match: Match, vantage: Vantage) -> Interval:
    first, last = int(match["day"]), int(match["last"])
    if match["and"] and last - first != 1 + match["list"].count(","):
        raise ValueError("the days named are not one stretch")
    start = _day(match, vantage).first
    return intervals.days(start, start.replace(day=last))


def _holiday(match: Match, vantage: Vantage) -> Interval:
    in_year, year = partial(holiday, match["holiday"]), given_year(match, vantage)
    return in_year(year) if year else vantage.recurring(in_year)


def _nth_weekday(match: Match, vantage: Vantage) -> Interval:
    month, weekday = month_of(match["month"]), weekday_of(match["weekday"])
    nth, year = count_of(match["nth"]), given_year(match, vantage)

    def in_year(year: int) -> Interval:
        return intervals.nth_weekday(year, month, weekday, nth)

    return in_year(year) if year else vantage.recurring(in_year)


RULES = (
    Rule.of(_iso_day, r"(?<![\w-])[12]\d{3}-\d\d-\d\d(?![\d-])"),
    Rule.of(_slashed_day, r"(?<![\w/])(\d{1,2})/(\d{1,2})/(\d{4})(?![\d/])"),
    Rule.of(_day, rf"{_WEEKDAY_FIRST}(?P<month>{MONTH})\s+{_DAY}{_OF_YEAR}", needs=MONTHS_NEEDED),
    Rule.of(
        _day, rf"{_WEEKDAY_FIRST}(?<![\w.,$/-])(?:the\s+)?{_DAY}{_OF_MONTH}", needs=MONTHS_NEEDED
    ),
    Rule.of(
        _days,
        rf"(?P<month>{MONTH})\s+{_LISTED}{_JOINT}{_LAST}{_OF_YEAR}",
        kind="range",
        needs=MONTHS_NEEDED,
    ),
    Rule.of(
        _days,
        rf"(?<![\w.,$/-]){_LISTED}{_JOINT}{_LAST}{_OF_MONTH}",
        kind="range",
        needs=MONTHS_NEEDED,
    ),
    Rule.of(_holiday, rf"\b(?P<holiday>{HOLIDAY}){_OF_YEAR}", needs=HOLIDAYS_NEEDED),
    Rule.of(
        _nth_weekday,
        rf"(?i:the\s+)?\b(?P<nth>{ORDINAL})\s+(?P<weekday>{WEEKDAY})\s+(?:in|of)\s+"
        rf"(?P<month>{MONTH}){_OF_YEAR}",
        needs=MONTHS_NEEDED,
    ),
)

NAMES = (
    Rule.name(rf"\b(?:{_NAMED_DAYS})\s+{FULL_WEEKDAY}", needs="day"),
    Rule.name(
        rf"{FULL_WEEKDAY}\s+(?i:school|mass|services?|best|times|night football)\b", needs="day"
    ),
    Rule.name(rf"\b{_NO_NAME}[A-Z][\w&-]{{0,40}}\s+{YEAR}\b"),
    Rule.name(rf"\b{YEAR}\s+(?:(?i:hours|hrs|local)|[A-Z]{{2,4}}T)\b"),
    Rule.name(rf"\b{_NO_NAME}[A-Z][a-z]{{1,40}}\.?\s+{FULL_MONTH}(?!,?\s+\d)", needs=MONTHS_NEEDED),
    Rule.name(rf"\b(?i:each|every)\s+(?:{MONTH}|{WEEKDAY}|{SEASON}|{UNIT})\b", needs="each every"),
    Rule.name(rf"\b{HOLIDAY}\s+(?:weekend|week|season)\b", needs="weekend week season"),
)
"""What looks like a time and is none, as "Black Friday", "Vision 2030", "Sgt. April Jones"."""
