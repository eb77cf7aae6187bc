"""Words of the calendar: months, weekdays, seasons, holidays, and numbers as stories write them."""

import re
from collections.abc import Iterable
from datetime import date
from typing import get_args

from corpus.dates import MONTHS
from qa.times.intervals import Interval, Unit, day, nth_weekday

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SHORT_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_SEASONS = {"spring": 3, "summer": 6, "fall": 9, "autumn": 9, "winter": 12}
_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty"
).split()
_TENS = {
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
}
_COUNTS = {word: count for count, word in enumerate(_SMALL)} | _TENS | {"a": 1, "an": 1}
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": -1}

_WEEKDAY_OF = {
    name.casefold(): number
    for names in (_WEEKDAYS, _SHORT_WEEKDAYS)
    for number, name in enumerate(names)
}


_UNIT_OF: dict[str, Unit] = {f"{unit}s": unit for unit in get_args(Unit)}
_UNIT_OF |= {unit: unit for unit in get_args(Unit)} | {"centuries": "century"}


def _any(words: Iterable[str]) -> str:
    # Longer words first: an alternative that begins another must not win over it.
    return "|".join(sorted(words, key=len, reverse=True))


def _written(names: Iterable[str]) -> str:
    # With a capital or in capitals: "may", "march" and "sun" are other words.
    return _any([form for name in names for form in (name, name.upper())])


ANY_MONTH = _any(MONTHS)
"""The alternatives of a pattern that knows no small and capital letters apart."""

_FULL_MONTHS = {number: name.title() for name, number in MONTHS.items()}  # the last is in full
FULL_MONTH = rf"(?:{_written(_FULL_MONTHS.values())})\b"
MONTH = rf"(?:{_written(map(str.title, MONTHS))})\b\.?"
FULL_WEEKDAY = rf"(?:{_written(_WEEKDAYS)})\b"
WEEKDAY = rf"(?:{_written((*_WEEKDAYS, *_SHORT_WEEKDAYS))})\b\.?"
MONTHS_NEEDED = "jan feb mar apr may jun jul aug sep oct nov dec"
SEASONS_NEEDED = " ".join(_SEASONS)
HOLIDAYS_NEEDED = "day new christmas halloween juneteenth thanksgiving july"
"""Parts of words without which there is no month, season or holiday, in lower case."""

SEASON = rf"(?i:{_any(_SEASONS)})"
COUNT = (
    rf"(?<![\w-])(?i:\d{{1,3}}|(?:twenty|{_any(_TENS)})[- ](?:{_any(_SMALL[1:10])})|"
    rf"{_any(_COUNTS)})\b"
)
ORDINAL = rf"(?i:{_any(_ORDINALS)}|[1-5](?:st|[nr]d|th))"
UNIT = r"(?i:days?|weeks?|months?|quarters?|years?|decades?|centur(?:y|ies))"
YEAR = r"(?:1[5-9]|20)\d\d(?!\d|,\d|\.\d)"
WITH_YEAR = (
    rf"(?:,?\s+(?:(?i:of|in)\s+)?(?:(?P<year>{YEAR})|(?i:(?P<which>this|last|next)\s+year)))"
)
"""Words after a day or month that give its year."""

_FIXED_DAYS = {
    r"New Year[’']?s Eve": (12, 31),
    r"New Year[’']?s(?: Day)?": (1, 1),
    r"Valentine[’']?s Day": (2, 14),
    r"St\. Patrick[’']?s Day": (3, 17),
    r"Earth Day": (4, 22),
    r"May Day": (5, 1),
    r"Flag Day": (6, 14),
    r"Juneteenth": (6, 19),
    r"Independence Day|(?:the )?Fourth of July": (7, 4),
    r"Halloween": (10, 31),
    r"Veterans Day": (11, 11),
    r"Christmas Eve": (12, 24),
    r"Christmas(?: Day)?": (12, 25),
}
_NTH_WEEKDAYS = {
    r"(?:Martin Luther King,? Jr\.?|MLK) Day": (1, 0, 3),
    r"President[’']?s[’']? Day": (2, 0, 3),
    r"Mother[’']?s Day": (5, 6, 2),
    r"Armed Forces Day": (5, 5, 3),
    r"Memorial Day": (5, 0, -1),
    r"Father[’']?s Day": (6, 6, 3),
    r"Labor Day": (9, 0, 1),
    r"Columbus Day|Indigenous Peoples[’']? Day": (10, 0, 2),
    r"Thanksgiving(?: Day)?": (11, 3, 4),
}
"""Holidays in the United States: the month, the weekday from Monday as 0, and which of them."""

HOLIDAY = rf"(?:{'|'.join((*_FIXED_DAYS, *_NTH_WEEKDAYS))})"


def holiday(name: str, year: int) -> Interval:
    """Return the day that *name*, words that `HOLIDAY` matches, falls on in *year*."""
    for pattern, (month, number) in _FIXED_DAYS.items():
        if re.fullmatch(pattern, name, re.IGNORECASE):
            return day(date(year, month, number))
    for pattern, (month, weekday, nth) in _NTH_WEEKDAYS.items():
        if re.fullmatch(pattern, name, re.IGNORECASE):
            return nth_weekday(year, month, weekday, nth)
    raise ValueError(f"{name} is no holiday")


def month_of(name: str) -> int:
    """Return the number of a month, 1 to 12."""
    return MONTHS[name.casefold().rstrip(".")]


def short_month(number: int) -> str:
    """Return the short name of a month, in lower case and three letters."""
    return _FULL_MONTHS[number][:3].casefold()


def weekday_of(name: str) -> int:
    """Return the number of a weekday, from Monday as 0."""
    return _WEEKDAY_OF[name.casefold().rstrip(".")]


def season_of(name: str) -> int:
    """Return the month that a season begins in."""
    return _SEASONS[name.casefold()]


def count_of(words: str) -> int:
    """Return the number that `COUNT` or `ORDINAL` matched; -1 for last."""
    word = words.casefold()
    digits = re.match(r"\d+", word)
    if digits:
        return int(digits[0])
    return sum((_COUNTS | _ORDINALS)[part] for part in re.split("[- ]", word))


def unit_of(word: str) -> Unit:
    """Return the unit that a word of `UNIT` names, in the singular or the plural."""
    return _UNIT_OF[word.casefold()]
