"""Comparing answers is symmetric, and an answer always agrees with itself."""

from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from qa.understanding.answer_types import AnswerType
from qa.values.normalize import value_of
from qa.values.same import compatible, same_value

PIECES = (
    "14 17 1,017 2.5 $ € % percent million billion dozen half third twenty five hundred and a the "
    "about more than up to additional another between - – / , . years weeks days miles people "
    "ships Sept. October 22 31 2021 1990s fiscal quarter first before since until Tuesday Gen. Dr. "
    "Ada Quinn Lind DTRA Defense Threat Reduction Agency Arlington Va. Virginia of in no none th"
).split(" ")
texts = st.lists(st.sampled_from(PIECES), max_size=8).map(" ".join) | st.text(max_size=40)
types = st.sampled_from(get_args(AnswerType))


@given(texts, types)
def test_an_answer_is_the_same_as_itself(text: str, answer_type: AnswerType) -> None:
    assert same_value(text, text, answer_type)
    assert compatible(text, text, answer_type)


@given(texts, texts, types)
def test_comparing_is_symmetric(one: str, other: str, answer_type: AnswerType) -> None:
    assert same_value(one, other, answer_type) == same_value(other, one, answer_type)
    assert compatible(one, other, answer_type) == compatible(other, one, answer_type)


@given(texts, texts, types)
def test_what_is_the_same_is_compatible(one: str, other: str, answer_type: AnswerType) -> None:
    assert not same_value(one, other, answer_type) or compatible(one, other, answer_type)


@given(texts, types)
def test_any_words_have_a_value_or_none(text: str, answer_type: AnswerType) -> None:
    assert value_of(text, answer_type) is None or value_of(text, answer_type)
