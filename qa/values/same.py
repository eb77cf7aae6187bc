"""Whether two answers say the same, and whether both can be right at once."""

from qa.scoring.metrics import normalized
from qa.times.written_days import days_of
from qa.understanding.answer_types import AnswerType
from qa.values.amounts import Amount, amount_of
from qa.values.naming import (
    may_be_same_organisation,
    may_be_same_person,
    may_be_same_place,
    same_organisation,
    same_person,
    same_place,
)
from qa.values.units import ROUGHLY_EQUAL

_TYPOGRAPHIC = str.maketrans("“”‘’—–", "\"\"''--")


def same_words(text: str) -> str:
    """Return *text* without what makes no difference to an answer."""
    return normalized(text.translate(_TYPOGRAPHIC))


def same_value(one: str, other: str, answer_type: AnswerType) -> bool:
    """Whether both answers say the same: in the same words, or in others for one value."""
    if same_words(one) == same_words(other):
        # Without its point, 1.5 reads like 15; without its sign, $5 like 5%.
        return not _plainly_differ(amount_of(one), amount_of(other))
    if answer_type in ("number", "money", "duration"):
        return _same_amount(amount_of(one), amount_of(other))
    if answer_type == "date":
        days = days_of(one)
        return days is not None and days == days_of(other)
    if answer_type == "person":
        return same_person(one, other)
    if answer_type == "organisation":
        return same_organisation(one, other)
    return answer_type == "place" and same_place(one, other)


def compatible(one: str, other: str, answer_type: AnswerType) -> bool:
    """Whether both answers can be right at once, or it can't be told that they can't.

    Rounded, less exact, counted in another unit, of another thing: what may agree does. Only
    amounts, days and names are ever told apart.
    """
    if same_value(one, other, answer_type):
        return True
    if answer_type in ("number", "money", "duration"):
        return _compatible_amounts(amount_of(one), amount_of(other))
    if answer_type == "date":
        days, other_days = days_of(one), days_of(other)
        return days is None or other_days is None or days.meets(other_days)
    if answer_type == "person":
        return may_be_same_person(one, other)
    if answer_type == "organisation":
        return may_be_same_organisation(one, other)
    return answer_type != "place" or may_be_same_place(one, other)


def _same_amount(one: Amount | None, other: Amount | None) -> bool:
    if one is None or other is None or one.said is None or one.said != other.said:
        return False
    return _comparable(one, other)


def _plainly_differ(one: Amount | None, other: Amount | None) -> bool:
    if one is None or other is None:
        return False
    measured = None not in (one.unit.dimension, other.unit.dimension)
    return one.said != other.said or (measured and one.unit.dimension != other.unit.dimension)


def _compatible_amounts(one: Amount | None, other: Amount | None) -> bool:
    if one is None or other is None or not _comparable(one, other):
        return True
    if 0 in (one.said, other.said):
        return one.low <= other.high and other.low <= one.high
    slack = 1 + (ROUGHLY_EQUAL if one.unit.size != other.unit.size else 0)
    return one.low <= other.high * slack and other.low <= one.high * slack


def _comparable(one: Amount, other: Amount) -> bool:
    """Whether both count the same thing in the same way, as far as their words tell."""
    alike = (one.kind, one.extra) == (other.kind, other.extra)
    return alike and one.unit.counts_like(other.unit)
