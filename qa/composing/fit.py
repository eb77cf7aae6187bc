"""Whether the words of an answer look like what was asked for."""

import re

from qa.times.date_words import ANY_MONTH
from qa.understanding.answer_types import AnswerType

_DAYS = "(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_PERIODS = "second|minute|hour|day|night|week|weekend|fortnight|month|quarter|year|decade|century"
_NUMBERS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|"
    "sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|"
    "hundreds?|thousands?|millions?|billions?|trillions?|dozens?|half|third|quarter|couple|once|"
    "twice|no|none|single|both|pair"
)


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words})\b", re.IGNORECASE)


_DATE = _pattern(
    rf"{ANY_MONTH}|{_DAYS}|1[0-9]{{3}}s?|20[0-9]{{2}}s?|today|tomorrow|yesterday|tonight|recently|"
    rf"(?:{_PERIODS})s?|century|centuries|spring|summer|autumn|fall|winter|now|"
    r"morning|afternoon|evening|noon|midnight|[0-9]{1,2}(?::[0-9]{2})?\s?[ap]\.?m\.?"
)
_DURATION = _pattern(rf"(?:{_PERIODS})s?|centuries|since|until")
_NUMBER = re.compile(rf"[0-9]|\b(?:{_NUMBERS})\b", re.IGNORECASE)
_BARE_NUMBER = re.compile(rf"[0-9][0-9.,]*|(?:{_NUMBERS})", re.IGNORECASE)
_MONEY = re.compile(r"[$€£¥]|\b(?:dollars?|euros?|pounds?|cents?|yen|USD|EUR)\b", re.IGNORECASE)
_AMOUNT = re.compile(
    r"[0-9][.,][0-9]|\b(?:hundred|thousand|million|billion|trillion)s?\b", re.IGNORECASE
)
_CAPITAL = re.compile(r"\b[A-Z]")
_PRONOUN = _pattern(
    "i|you|he|she|it|we|they|him|her|us|them|his|hers|its|their|theirs|who|whom|whose|which|that|"
    "this|these|those|someone|one|another|others?|people"
)
_BODY = _pattern(
    "administration|agency|army|association|bank|board|bureau|center|centre|college|command|commission|committee|"
    "company|corporation|corps|council|court|department|division|force|forces|foundation|governments?|group|"
    "inc|institute|llc|ltd|ministry|navy|office|organi[sz]ation|party|program|republic|school|service|"
    "squadron|treasury|union|university|wing"
)


def fit(text: str, answer_type: AnswerType) -> float:
    """Return how well *text* looks like an answer of the type: 1 well, 0 not at all, 0.5 unsure.

    Told by its letters and words alone; a type that any words may answer gives 0.5. "How many
    days" may be answered without the days.
    """
    if answer_type == "duration" and _BARE_NUMBER.fullmatch(text.strip()):
        return 1.0
    if answer_type in _SHAPES:
        return float(bool(_SHAPES[answer_type].search(text)))
    if answer_type == "money":
        return 1.0 if _MONEY.search(text) else 0.5 * bool(_AMOUNT.search(text))
    if answer_type in ("person", "place", "organisation"):
        return _fit_of_name(text, answer_type)
    return 0.5


def _fit_of_name(text: str, answer_type: AnswerType) -> float:
    if _PRONOUN.fullmatch(text.strip()):
        return 0.0
    if not _CAPITAL.search(text):
        return 0.0 if re.search(r"[0-9]", text) else 0.5
    if answer_type == "person" and _BODY.search(text):
        return 0.5
    return 1.0 if _CAPITAL.search(_DATE.sub("", text)) else 0.5


_SHAPES = {"date": _DATE, "duration": _DURATION, "number": _NUMBER}
