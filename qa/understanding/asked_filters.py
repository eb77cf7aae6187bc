"""Filters that a question states in words: "in stories from 2021", "according to NASA".

Only phrases that speak of the stories themselves count. A year alone ("the exercise in 2021") is
about what happened, not about when it was reported, and stays part of the question.
"""

import calendar
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from embeddings.index import Filters
from qa.times.date_words import month_of
from qa.times.intervals import months, years

_MONTHS = tuple(calendar.month_name)
_WHEN = rf"(?:(?P<month>{'|'.join(_MONTHS[1:])})\s+)?(?P<year>(?:19|20)\d\d)"
_STORIES = r"(?:(?:the\s+)?(?:stories|news|reports|coverage|articles|releases))"
_PERIOD = re.compile(
    rf",?\s*\b(?:in|from|according to)\s+{_STORIES}\s+(?:published|reported|posted|dated)?\s*"
    rf"(?P<how>from|in|of|since|after|before|until)\s+{_WHEN}\b,?\s*",
    re.IGNORECASE,
)
_SOURCE = r"(?:according to|as reported by|in (?:stories|news|reports|releases) (?:from|by|of))"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question without the words that narrow the stories down, and what those words mean.

    *inferred* names the fields of *filters* that were read out of the question.
    """

    text: str
    filters: Filters
    inferred: tuple[str, ...] = ()


def read_filters(question: str, filters: Filters, publishers: Callable[[], Sequence[str]]) -> Asked:
    """Return *question* and *filters* with what the question says of the stories it is asked of.

    *publishers* gives the names that can be meant; it is asked only where a question names a
    source. Where *filters* has a period or a publisher, the question's words are left alone.
    """
    asked = Asked(text=question, filters=filters)
    if filters.from_date is None and filters.to_date is None:
        asked = _with_period(asked)
    if filters.publisher is None and re.search(_SOURCE, asked.text, re.IGNORECASE):
        asked = _with_publisher(asked, publishers())
    return asked


def _with_period(asked: Asked) -> Asked:
    match = _PERIOD.search(asked.text)
    if match is None:
        return asked
    year, month = int(match["year"]), match["month"]
    named = months(year, month_of(month)) if month else years(year)
    first, last = named.first, named.last
    how = match["how"].lower()
    from_date = {"before": None, "until": None, "after": _next_day(last)}.get(how, first)
    to_date = {"since": None, "after": None, "before": _day_before(first)}.get(how, last)
    fields = (("from", from_date), ("to", to_date))
    return Asked(
        text=_without(asked.text, match),
        filters=replace(asked.filters, from_date=from_date, to_date=to_date),
        inferred=(*asked.inferred, *(name for name, day in fields if day)),
    )


def _with_publisher(asked: Asked, publishers: Sequence[str]) -> Asked:
    named = sorted(publishers, key=len, reverse=True)
    for publisher in named:
        match = re.search(
            rf",?\s*\b{_SOURCE}\s+(?:the\s+)?{re.escape(publisher)}(?!\w),?\s*",
            asked.text,
            re.IGNORECASE,
        )
        if match:
            return Asked(
                text=_without(asked.text, match),
                filters=replace(asked.filters, publisher=publisher),
                inferred=(*asked.inferred, "publisher"),
            )
    return asked


def _next_day(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


def _day_before(day: date) -> date:
    return date.fromordinal(day.toordinal() - 1)


def _without(text: str, match: re.Match[str]) -> str:
    left = f"{text[: match.start()]} {text[match.end() :]}".strip(" ,")
    left = re.sub(r"\s+([?.!,])", r"\1", left)
    return left[:1].upper() + left[1:]
