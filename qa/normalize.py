"""What an answer's words come to, where they say it outright: a day, a month, a year, a number."""

import re
from decimal import Decimal

from corpus.dates import iso_date, written_date, written_month
from qa.answer_types import AnswerType

_YEAR = re.compile(r"(?:1[0-9]|20)\d\d")
_NUMBER = re.compile(
    r"(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?:[ -]?(hundred|thousand|million|billion|trillion))?",
    re.IGNORECASE,
)
_TIMES = {
    "hundred": 10**2,
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
}
_WORDS = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen twenty".split()
    )
}


def value_of(text: str, answer_type: AnswerType) -> str | None:
    """Return *text* as an ISO 8601 day, month or year, or as a plain decimal number.

    A percentage keeps its sign. None where the words name no value of the type that was asked
    for, or more than one, or one that depends on the story's date ("last week").
    """
    text = " ".join(text.split()).strip(".,;:")
    if answer_type == "date":
        return _date(text)
    if answer_type in ("number", "money"):
        return _number(text)
    return None


def _date(text: str) -> str | None:
    if _YEAR.fullmatch(text):
        return text
    day = written_date(text) or iso_date(text)
    return day.isoformat() if day else written_month(text)


def _number(text: str) -> str | None:
    numbers = list(_NUMBER.finditer(text))
    if len(numbers) == 1:
        digits, times = numbers[0].groups()
        value = Decimal(digits.replace(",", "")) * _TIMES.get((times or "").lower(), 1)
        percent = "%" if "%" in text or "percent" in text.lower() else ""
        return f"{value.normalize():f}{percent}"
    if numbers:
        return None
    named = [_WORDS[word] for word in re.findall(r"[a-z]+", text.lower()) if word in _WORDS]
    return str(named[0]) if len(named) == 1 else None
