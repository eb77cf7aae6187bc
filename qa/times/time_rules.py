"""What a rule for an expression of time is made of, and from where recurring words are counted."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Literal, Self

from qa.times.intervals import Interval, nearest
from qa.times.tense import Tense

Kind = Literal["time", "range", "offset", "name"]
"""*range* is several days in one expression, *offset* counts from another time that the sentence
names, *name* looks like a time and is none, as "Black Friday".
"""

_SLACK = timedelta(days=45)
_YEARS_AROUND = range(-4, 5)
"""Enough to hold a 29 February on either side, but around years like 1900."""


class Undated(ValueError):
    """The words need a day to be counted from, and there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vantage:
    """The day that words are counted *on*, and whether they speak of what is before or after it.

    *year* is that of words that recur every year, where the sentence gives it.
    """

    on: date | None
    tense: Tense | None = None
    year: int | None = None

    @property
    def today(self) -> date:
        """The day itself; raises `Undated` if it isn't known."""
        if self.on is None:
            raise Undated("no day to count from is known")
        return self.on

    def recurring(self, in_year: Callable[[int], Interval], *, strict: bool = False) -> Interval:
        """Return which of the years' occurrences is meant.

        The nearest that fits the tense; unless *strict*, one that lies soon ahead is preferred to
        one almost a year ago.
        """
        if self.year is not None:
            return in_year(self.year)
        slack = timedelta() if strict else _SLACK
        found = _that_exist(in_year, (self.today.year + shift for shift in _YEARS_AROUND))
        return nearest(found, self.today, self.tense, slack=slack)


Match = re.Match[str]
Build = Callable[[Match, Vantage], Interval]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How an expression is found, by *words*, and the interval that it names from a vantage.

    *words* are a pattern, made ready when a text may hold it for the first time. *build* raises
    ValueError or OverflowError where there is no such time. Any match holds one of *needs*, in
    lower case, if there are any. A group "before" of the pattern holds words in front of the
    expression that are no part of it.
    """

    words: str
    build: Build
    kind: Kind = "time"
    needs: tuple[str, ...] = ()

    @property
    def pattern(self) -> re.Pattern[str]:
        """The pattern of *words*, ready."""
        return _ready(self.words)

    @classmethod
    def of(cls, build: Build, pattern: str, *, needs: str = "", kind: Kind = "time") -> Self:
        """Return the rule of a pattern in words; *needs* are its words, with spaces between."""
        return cls(words=pattern, build=build, kind=kind, needs=tuple(needs.split()))

    @classmethod
    def name(cls, pattern: str, *, needs: str = "") -> Self:
        """Return the rule of what is no time."""
        return cls.of(_no_time, pattern, needs=needs, kind="name")

    def may_match(self, folded: str) -> bool:
        """Return whether a text, in lower case, holds one of the needed words: quickly told."""
        return not self.needs or any(word in folded for word in self.needs)


@cache
def _ready(words: str) -> re.Pattern[str]:
    return re.compile(words)


def _no_time(match: Match, vantage: Vantage) -> Interval:
    raise ValueError(f"{match[0]} is a name")


def given_year(match: Match, vantage: Vantage) -> int | None:
    """Return the year that the words name, or None if they leave it open."""
    if match["year"]:
        return int(match["year"])
    if match["which"]:
        shift = {"last": -1, "next": 1}.get(match["which"].casefold(), 0)
        return vantage.today.year + shift
    return None


def _that_exist(in_year: Callable[[int], Interval], years: Iterable[int]) -> list[Interval]:
    found = []
    for year in years:
        try:
            found.append(in_year(year))
        except ValueError:
            continue
    return found
