"""One edit makes a question unanswerable, and only where the passage said the term."""

from random import Random

import pytest

from qa.training.edits import COUNTRIES, edited, names_in
from qa.training.examples import Example


def example(question: str, passage: str) -> Example:
    return Example(question=question, title="", passage=passage, answer=(0, 3))


@pytest.mark.parametrize("seed", range(10))
def test_another_year_is_asked_for(seed: int) -> None:
    given = example("Who ran in 2019?", "Ada ran in 2019.")

    found = edited(given, [], Random(seed))

    assert found is not None
    assert found.answer is None
    assert found.question.startswith("Who ran in ")
    assert "2019" not in found.question
    assert found.passage == given.passage


def test_a_year_that_the_passage_holds_too_is_no_edit() -> None:
    years = " ".join(str(year) for year in range(2000, 2040))

    assert edited(example("Who ran in 2019?", f"Ada won in {years}."), [], Random(0)) is None


def test_a_country_gives_way_to_a_country() -> None:
    found = edited(example("Who toured Panama twice?", "Ada toured Panama."), [], Random(1))

    assert found is not None
    assert found.question.split()[2] in set(COUNTRIES) - {"Panama"}


def test_a_name_gives_way_to_one_as_long() -> None:
    names = ["Lee Park", "Springfield", "Kim of Shelby"]

    found = edited(example("When did Ada Quinn run?", "Ada Quinn ran."), names, Random(0))

    assert found is not None
    assert found.question == "When did Lee Park run?"


def test_a_word_gives_way_to_its_opposite() -> None:
    found = edited(example("Which ward was largest?", "The largest was ward 3."), [], Random(0))

    assert found is not None
    assert found.question == "Which ward was smallest?"


def test_a_term_that_the_passage_lacks_is_left_alone() -> None:
    assert edited(example("When did Ada Quinn run?", "She ran."), ["Lee Park"], Random(0)) is None


def test_names_are_told_from_the_words_that_open_a_question() -> None:
    assert names_in("When did Ada Quinn of Springfield win?") == ["Ada Quinn", "Springfield"]
