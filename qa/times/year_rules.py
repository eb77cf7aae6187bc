"""Months, quarters, seasons, years and longer, which a story names by the calendar."""

from datetime import date
from functools import partial

from qa.times import intervals
from qa.times.date_words import (
    FULL_MONTH,
    MONTH,
    MONTHS_NEEDED,
    ORDINAL,
    SEASON,
    SEASONS_NEEDED,
    WITH_YEAR,
    YEAR,
    count_of,
    month_of,
    season_of,
)
from qa.times.intervals import Interval
from qa.times.time_rules import Match, Rule, Undated, Vantage, given_year

_FISCAL = rf"(?i:fiscal\s+year|fiscal|FY)[\s-]?[’']?(?P<fiscal>{YEAR}|\d\d(?!\d))"
_IN_PERIOD = (
    rf"(?:,?\s+(?:(?i:of|in)\s+)?(?i:the\s+)?(?:{_FISCAL}|(?P<year>{YEAR})|"
    r"(?i:(?P<which>this|last|next|the)\s+year)))"
)
_NTH = rf"(?i:the\s+)?(?P<nth>{ORDINAL})[\s-]+"
_SHIFT = (
    r"(?:(?i:(?P<shift>this past|this coming|this|last|next|past|coming))\s+|"
    r"\b(?P<before>(?i:in|of|by|since|until|through|during|from|to|and|or|late|early|mid)[\s-]+))?"
)


def _month(match: Match, vantage: Vantage) -> Interval:
    month, year = month_of(match["month"]), given_year(match, vantage)
    if year is None:
        raise Undated("a month without its year has a rule of its own")
    return intervals.months(year, month)


def _month_alone(match: Match, vantage: Vantage) -> Interval:
    month, shift = month_of(match["month"]), (match["shift"] or "").casefold()
    if match["month"].casefold() == "may" and not (shift or match["before"]):
        raise ValueError('"May" alone is a verb or a name')
    if not shift:
        in_year = partial(intervals.months, month=month)
        return vantage.recurring(in_year, strict=vantage.tense == "past")
    today = vantage.today
    if shift == "this":
        return intervals.months(today.year, month)
    if shift in ("last", "this past", "past"):
        return intervals.months(today.year - (month >= today.month), month)
    return intervals.months(today.year + (month <= today.month), month)


def _months_of_quarter(match: Match, vantage: Vantage) -> Interval:
    first, last = month_of(match["month"]), month_of(match["to"])
    year = given_year(match, vantage)
    count = (last - first) % 12 + 1

    def in_year(year: int) -> Interval:
        return intervals.months(year - (last < first), first, count, grain="day")

    return in_year(year) if year else vantage.recurring(in_year)


def _part_of_year(match: Match, vantage: Vantage) -> Interval:
    number = count_of(match["nth"])
    length = 3 if match["part"].casefold() in ("q", "quarter") else 6
    number = 12 // length if number < 0 else number
    if not 1 <= number <= 12 // length:
        raise ValueError(f"a year has no such {match['part']}")

    def in_year(year: int) -> Interval:
        return intervals.months(year, length * (number - 1) + 1, length, grain="day")

    if match["fiscal"]:
        began = _full_year(match["fiscal"]) - 1
        return intervals.months(began, 10 + length * (number - 1), length, grain="day")
    year = given_year(match, vantage)
    return in_year(year) if year else vantage.recurring(in_year)


def _fiscal_year(match: Match, vantage: Vantage) -> Interval:
    return intervals.fiscal_year(_full_year(match["fiscal"]))


def _season(match: Match, vantage: Vantage) -> Interval:
    month, year = season_of(match["season"]), given_year(match, vantage)
    if year is None:
        raise Undated("a season without its year has a rule of its own")
    return intervals.season(year, month)


def _decade(match: Match, vantage: Vantage) -> Interval:
    first = int(match["decade"] + "0") if match["decade"] else 1900 + int(match["short"] + "0")
    # "the 1800s" are a century; "the 2000s" are ten years in news.
    return intervals.years(first, 100 if first % 100 == 0 and first < 2000 else 10)


def _century(match: Match, vantage: Vantage) -> Interval:
    return intervals.years(100 * (int(match["nth"]) - 1) + 1, 100)


def _year_alone(match: Match, vantage: Vantage) -> Interval:
    return intervals.years(int(match["year"]))


def _years(match: Match, vantage: Vantage) -> Interval:
    first, last = match["year"], match["last"]
    end = int(first[: 4 - len(last)] + last)
    if end < int(first) and len(last) == 2:
        # "2021-09" is ISO 8601's September, "2009-10" two years.
        return intervals.months(int(first), date(int(first), int(last), 1).month)
    return intervals.span(intervals.years(int(first)), intervals.years(end))


def _full_year(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


RULES = (
    Rule.of(_month, rf"(?P<month>{MONTH}){WITH_YEAR}", needs=MONTHS_NEEDED),
    Rule.of(
        _month_alone,
        rf"{_SHIFT}(?P<month>{FULL_MONTH})(?!\s+(?:of\s+)?[A-Z][a-z]|\s+\d)",
        needs=MONTHS_NEEDED,
    ),
    Rule.of(_month_alone, rf"{_SHIFT}(?P<month>{MONTH})(?<=\.)(?!\s+\d)", needs=MONTHS_NEEDED),
    Rule.of(
        _months_of_quarter,
        rf"(?P<month>{MONTH})\s*(?:[-–—]|to|through)\s*(?P<to>{MONTH}){WITH_YEAR}?\s+quarter\b",
        needs="quarter",
    ),
    Rule.of(
        _part_of_year, rf"{_NTH}(?i:(?P<part>quarter)){_IN_PERIOD}?\b(?!\s+of)", needs="quarter"
    ),
    Rule.of(_part_of_year, rf"{_NTH}(?i:(?P<part>half)){_IN_PERIOD}\b", needs="half"),
    Rule.of(_part_of_year, rf"\b(?P<part>[QH])(?P<nth>[1-4])(?!\d){_IN_PERIOD}?"),
    Rule.of(_fiscal_year, rf"\b{_FISCAL}", needs="fiscal fy"),
    Rule.of(_season, rf"(?i:the\s+)?\b(?P<season>{SEASON}){WITH_YEAR}", needs=SEASONS_NEEDED),
    Rule.of(
        _decade,
        r"(?i:the\s+)?(?<![\w,.$])(?:(?P<decade>1[5-9]\d|20\d)0|[’'](?P<short>\d)0)[’']?s\b",
        needs="0s 0’s 0's",
    ),
    Rule.of(_century, r"(?i:the\s+)?\b(?P<nth>1\d|2[01])(?:th|st)[\s-]century\b", needs="century"),
    Rule.of(
        _year_alone,
        r"(?:\b(?P<before>(?i:in|since|until|year|during|late|early|mid)\s+))?"
        rf"(?:(?<=mid-)|(?<![\w,.$€£#/-]))(?P<year>{YEAR})"
        r"(?![\w%/-])(?(before)|(?!\s+[a-z]{2,30}s\b))",
    ),
    Rule.of(
        _years,
        rf"(?<![\w,.$-])(?P<year>{YEAR})\s?[-–—]\s?(?P<last>{YEAR}|\d\d)(?![\w-])",
        kind="range",
    ),
)
