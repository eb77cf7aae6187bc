"""The phrases of a question that name things."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.understanding.phrases import is_plural, phrases


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("Who is the mayor of Port Ellery?", ["the mayor of Port Ellery"]),
        ("Who awarded the contract for the new bridge?", ["the contract for the new bridge"]),
        ("When was the conference on security held?", ["the conference on security"]),
        ("What does the airline charge?", ["the airline"]),
        ("What did Treasury estimate in May?", ["Treasury"]),
        ("Which conference did DTRA join in Lyon?", ["DTRA", "Lyon"]),
        ("How many people live in Panama?", ["Panama"]),
        ("Who works for Tolliver & Sons?", ["Tolliver & Sons"]),
        ("What does the U.S. Department of State say?", ["the U.S. Department of State"]),
        ("When did Dr. Freya Lindgren speak?", ["Dr. Freya Lindgren"]),
        ("What are the larvae of the striped mussel called?", ["the larvae of the striped mussel"]),
        ("What is throat cancer?", ["throat cancer"]),
        ("Is melatonin bad for you?", ["melatonin"]),
        ("Can binge drinking damage it?", ["binge drinking"]),
        ("When was it held in June 2021?", []),
        ("Why?", []),
        ("", []),
    ],
)
def test_phrases_begin_and_end_at_the_small_words(question: str, named: list[str]) -> None:
    assert [phrase.text for phrase in phrases(question)] == named


@pytest.mark.parametrize(
    ("question", "core"),
    [
        ("What is the history of toilets?", "toilets"),
        ("Who is the director of the agency?", "the agency"),
        ("What is Josiah Carrow’s trade?", "Josiah Carrow"),
        ("Who left the house of Josiah Carrow?", "the house of Josiah Carrow"),
    ],
)
def test_what_a_relation_is_of_is_the_core(question: str, core: str) -> None:
    [phrase] = phrases(question)
    assert phrase.core == core


def test_a_name_ends_in_s_and_is_one() -> None:
    assert is_plural("striped mussels")
    assert is_plural("300 people")
    assert not any(map(is_plural, ("Brussels", "the boss", "Ada’s", "")))


@given(st.text(max_size=120))
def test_phrases_are_words_of_the_question_in_order(question: str) -> None:
    found = phrases(question)
    assert [phrase.start for phrase in found] == sorted(phrase.start for phrase in found)
    for phrase in found:
        assert question[phrase.start :].startswith(phrase.text)
