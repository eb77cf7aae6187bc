"""What an answer's words come to, where they say it outright: a day, a month, a year, a number."""

from calendar import monthrange

from qa.times.written_days import days_of
from qa.understanding.answer_types import AnswerType
from qa.values.figures import figures_in, tokens_of

LONGEST = 160
"""Longer words are no value: code points."""

_DECIMALS = 4
"""Of a share such as a third."""


def value_of(text: str, answer_type: AnswerType) -> str | None:
    """Return *text* as an ISO 8601 day, month or year, or as a plain decimal number.

    A percentage keeps its sign. None where the words name no value of the type that was asked
    for, or more than one, or one that depends on the story's date ("last week").
    """
    if len(text) > LONGEST:
        return None
    if answer_type == "date":
        return _date(text)
    if answer_type in ("number", "money"):
        return _number(text)
    return None


def _date(text: str) -> str | None:
    days = days_of(text)
    if days is None or not days.dated:
        return None
    first, last = days.first, days.last
    if first == last:
        return first.isoformat()
    if (first.year, first.day, last.day) != (last.year, 1, monthrange(last.year, last.month)[1]):
        return None
    if first.month == last.month:
        return f"{first:%Y-%m}"
    return f"{first:%Y}" if (first.month, last.month) == (1, 12) else None


def _number(text: str) -> str | None:
    tokens = tokens_of(text)
    figures = list(figures_in(tokens))
    if len(figures) != 1 or figures[0].low != figures[0].high:
        return None
    percent = figures[0].kind == "part" or not {"%", "percent", "pct"}.isdisjoint(tokens)
    value = round(figures[0].low, _DECIMALS).normalize()
    return f"{value:f}{'%' if percent else ''}"
