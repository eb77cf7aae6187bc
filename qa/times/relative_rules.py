"""Times that are counted from the story's day, or from another time in the sentence."""

from dataclasses import replace
from datetime import timedelta

from qa.times import intervals
from qa.times.date_words import (
    COUNT,
    FULL_WEEKDAY,
    SEASON,
    SEASONS_NEEDED,
    UNIT,
    count_of,
    season_of,
    unit_of,
    weekday_of,
)
from qa.times.intervals import Grain, Interval, moved, unit_around
from qa.times.time_rules import Match, Rule, Vantage

_PART_OF_DAY = r"(?:\s+(?i:morning|afternoon|evening|night))?"
_SHIFT_OF = {"last": -1, "past": -1, "this past": -1, "next": 1, "coming": 1, "this coming": 1}
_SHIFT = r"(?i:(?P<shift>this past|this coming|this|last|next|past|coming))"
_LATER = r"(?i:(?:earlier|later)\s+)?"
_DAYS_OFF = {"today": 0, "tonight": 0, "yesterday": -1, "tomorrow": 1}
_BACK = {"before", "earlier", "previous", "preceding", "prior to", "previously"}


def _day_word(match: Match, vantage: Vantage) -> Interval:
    off = _DAYS_OFF[match["word"].casefold()]
    beyond = (match["beyond"] or "").casefold()
    off += 1 if "after" in beyond else -1 if "before" in beyond else 0
    return intervals.day(vantage.today + timedelta(days=off))


def _part_of_today(match: Match, vantage: Vantage) -> Interval:
    return intervals.day(vantage.today - timedelta(days=match[0].casefold().startswith("last")))


def _weekday(match: Match, vantage: Vantage) -> Interval:
    weekday, shift = weekday_of(match["weekday"]), (match["shift"] or "").casefold()
    today = vantage.today
    if shift == "next":
        monday = unit_around(today, "week", 1).first
        return intervals.day(monday + timedelta(days=weekday))
    back = timedelta(days=(today.weekday() - weekday) % 7)
    ahead = timedelta(days=(weekday - today.weekday()) % 7)
    if shift in _SHIFT_OF:
        # One that is set apart from "this" is never the day of publication itself.
        week = timedelta(days=7)
        return intervals.day(
            today - (back or week) if _SHIFT_OF[shift] < 0 else today + (ahead or week)
        )
    to_come = vantage.tense == "future" or (shift == "this" and vantage.tense is None)
    return intervals.day(today + ahead if to_come else today - back)


def _weekend(match: Match, vantage: Vantage) -> Interval:
    shift, today = (match["shift"] or "the").casefold(), vantage.today
    off = _SHIFT_OF.get(shift, 0)
    saturday = unit_around(today, "week", off).first + timedelta(days=5)
    if shift == "this past" and today > saturday + timedelta(days=7):
        saturday += timedelta(days=7)
    if shift == "the" or (shift == "this" and vantage.tense == "past"):
        behind = vantage.tense != "future" and today < saturday
        saturday -= timedelta(days=7 * behind)
    return intervals.days(saturday, saturday + timedelta(days=1))


def _unit(match: Match, vantage: Vantage) -> Interval:
    shift = _SHIFT_OF.get((match["shift"] or "").casefold(), 0)
    unit = unit_of(match["unit"])
    if match["fiscal"] and unit == "year":
        today = vantage.today
        return intervals.fiscal_year(today.year + (today.month >= 10) + shift)
    return unit_around(vantage.today, unit, shift)


def _season(match: Match, vantage: Vantage) -> Interval:
    month, today = season_of(match["season"]), vantage.today
    shift = (match["shift"] or "").casefold()
    near = [intervals.season(today.year + off, month) for off in (-2, -1, 0, 1)]
    if shift == "last":
        return [one for one in near if one.last < today][-1]
    if shift in ("next", "this coming", "coming"):
        return next(one for one in near if one.first > today)
    if shift in ("this past", "past"):
        return [one for one in near if one.first <= today][-1]
    tense = vantage.tense or ("future" if shift == "this" else None)
    return replace(vantage, tense=tense).recurring(
        lambda year: intervals.season(year, month), strict=tense == "past"
    )


def _ago(match: Match, vantage: Vantage) -> Interval:
    unit, count = unit_of(match["unit"]), count_of(match["count"])
    then = moved(vantage.today, unit, -count)
    if match["today"]:
        return intervals.day(then)
    return unit_around(then, "year" if unit in ("decade", "century") else unit)


def _stretch(match: Match, vantage: Vantage) -> Interval:
    """Return so many units up to the story's day, or from it on."""
    unit, today = unit_of(match["unit"]), vantage.today
    count = count_of(match["count"]) if match["count"] else 1
    behind = match["way"].casefold() in ("past", "last")
    first, last = today, today
    if behind:
        first = moved(today, unit, -count)
    else:
        last = moved(today, unit, count)
    if unit in ("day", "week"):
        return intervals.days(first, last)
    grain: Grain = "year" if unit in ("decade", "century") else "month"
    return intervals.span(unit_around(first, grain), unit_around(last, grain))


def _offset(match: Match, vantage: Vantage) -> Interval:
    unit = unit_of(match["unit"])
    count = count_of(match["count"]) if match["count"] else 1
    then = moved(vantage.today, unit, -count if match["way"].casefold() in _BACK else count)
    return unit_around(then, "year" if unit in ("decade", "century") else unit)


def _beside(match: Match, vantage: Vantage) -> Interval:
    shift = -1 if match["way"].casefold() in _BACK else 1
    return unit_around(vantage.today, unit_of(match["unit"] or "day"), shift)


def _same(match: Match, vantage: Vantage) -> Interval:
    return unit_around(vantage.today, unit_of(match["unit"]))


def _around(match: Match, vantage: Vantage) -> Interval:
    week = unit_around(vantage.today, "week")
    if match["unit"] == "week" and vantage.today == week.last:
        # "The week of" a Sunday begins with it.
        return intervals.days(week.last, week.last + timedelta(days=6))
    saturday = week.first + timedelta(days=5)
    return week if match["unit"] == "week" else intervals.days(saturday, week.last)


_ONE = r"(?i:(?P<unit>day|week|month|quarter|year|decade|century))\b"

RULES = (
    Rule.of(
        _day_word,
        r"(?i:(?:earlier|later|late|early)\s+)?\b(?i:(?P<beyond>the day (?:after|before) )?"
        r"(?P<word>today|tonight|yesterday|tomorrow))\b" + _PART_OF_DAY,
        needs="today tonight yesterday tomorrow",
    ),
    Rule.of(
        _part_of_today, r"\b(?i:this (?:morning|afternoon|evening)|last night)\b", needs="this last"
    ),
    Rule.of(
        _weekday, rf"(?:\b{_SHIFT}\s+)?\b(?P<weekday>{FULL_WEEKDAY}){_PART_OF_DAY}", needs="day"
    ),
    Rule.of(_weekend, rf"\b(?:{_SHIFT}|(?i:the))\s+(?i:weekend)\b", needs="weekend"),
    Rule.of(
        _unit,
        rf"{_LATER}\b{_SHIFT}\s+(?:(?i:(?P<fiscal>fiscal))\s+)?(?i:calendar\s+)?{_ONE}",
        needs="this last next past coming",
    ),
    Rule.of(
        _unit,
        rf"(?<=\bof )(?P<shift>)(?i:the)\s+(?:(?i:(?P<fiscal>fiscal))\s+)?{_ONE}"
        r"(?!\s+(?:of|before)\b)",
        needs="of",
    ),
    Rule.of(
        _season,
        rf"{_LATER}\b(?:{_SHIFT}\s+|(?P<before>(?i:in|over|during|by)(?i:\s+the)?\s+))(?P<season>{SEASON})\b",
        needs=SEASONS_NEEDED,
    ),
    Rule.of(
        _ago,
        rf"\b(?P<count>{COUNT})\s+(?P<unit>{UNIT})\s+(?i:ago)\b(?P<today>\s+(?i:today))?",
        needs="ago",
    ),
    Rule.of(
        _stretch,
        rf"\b(?i:the|these)\s+(?i:(?P<way>past|last))\s+(?:(?P<count>{COUNT})\s+)?"
        rf"(?P<unit>{UNIT})\b(?!\s+(?:of|in)\b)",
        needs="past last",
    ),
    Rule.of(
        _stretch,
        rf"\b(?i:the)\s+(?i:(?P<way>next|coming))\s+(?P<count>{COUNT})\s+(?P<unit>{UNIT})\b",
        needs="next coming",
    ),
    Rule.of(
        _offset,
        rf"\b(?:(?P<count>{COUNT})|(?i:the))\s+(?P<unit>{UNIT})\s+"
        rf"(?i:(?P<way>before|after|following|prior to|earlier|later))\b",
        kind="offset",
        needs="before after following prior earlier later",
    ),
    Rule.of(
        _beside,
        rf"\b(?i:the)\s+(?i:(?P<way>next|following|previous|preceding))\s+(?:{_ONE}|(?i:morning|afternoon|evening|night)\b)",
        kind="offset",
        needs="next following previous preceding",
    ),
    Rule.of(
        _same, rf"{_LATER}\b(?i:that(?: same)?|the same)\s+{_ONE}", kind="offset", needs="that same"
    ),
    Rule.of(_around, r"\b(?i:the)\s+(?P<unit>week|weekend)\s+of\b", kind="offset", needs="week"),
)
