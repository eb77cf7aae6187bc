"""Passages are cut around the answer, beside it and without it, and never lose its place."""

from random import Random

import pytest

from qa.training.crops import among, around, beside, emptied, holds_answer, whole
from qa.training.examples import Example, sentences_of, title_of
from qa.training.rows import Row

SENTENCES = [f"Ward {number} counted {number + 100} votes before midnight." for number in range(20)]
ANSWER = "Ada Quinn"
CONTEXT = " ".join(
    [*SENTENCES[:10], f"{ANSWER} was elected mayor of Springfield.", *SENTENCES[10:]]
)


def row(context: str = CONTEXT, *answers: str, title: str = "Springfield_(city)") -> Row:
    return {
        "id": "1",
        "title": title,
        "context": context,
        "question": "Who was elected mayor?",
        "answers": [{"text": text, "start": context.index(text)} for text in answers],
        "is_impossible": not answers,
        "source": "test",
    }


def words_of(example: Example) -> str | None:
    return example.passage[slice(*example.answer)] if example.answer else None


@pytest.mark.parametrize("seed", range(20))
def test_a_window_holds_the_answer_where_it_says(seed: int) -> None:
    example = around(row(CONTEXT, ANSWER), Random(seed))

    assert words_of(example) == ANSWER
    assert example.passage in CONTEXT
    assert example.title == "Springfield (city)"


def test_windows_differ_in_length_and_place() -> None:
    windows = {around(row(CONTEXT, ANSWER), Random(seed)).passage for seed in range(20)}

    assert len(windows) > 10
    assert min(map(len, windows)) < len(CONTEXT) / 3


def test_an_answer_across_two_sentences_stays_whole() -> None:
    answer = "Ward 3 counted 103 votes before midnight. Ward 4"

    assert words_of(around(row(CONTEXT, answer), Random(0))) == answer


def test_a_row_without_an_answer_keeps_a_window_without_one() -> None:
    example = around(row(), Random(0))

    assert example.answer is None
    assert example.passage in CONTEXT


def test_the_whole_context_can_be_read() -> None:
    example = whole(row(CONTEXT, ANSWER), Random(0))

    assert (example.passage, words_of(example)) == (CONTEXT, ANSWER)


@pytest.mark.parametrize("seed", range(20))
def test_a_window_beside_the_answer_does_not_answer(seed: int) -> None:
    example = beside(row(CONTEXT, ANSWER), Random(seed))

    assert example is not None
    assert example.answer is None
    assert ANSWER not in example.passage
    assert example.passage in CONTEXT


def test_nothing_stands_beside_the_answer_of_one_sentence() -> None:
    assert beside(row("Ada Quinn was elected mayor.", ANSWER), Random(0)) is None


@pytest.mark.parametrize("seed", range(20))
def test_an_emptied_window_lacks_just_the_sentence_of_the_answer(seed: int) -> None:
    example = emptied(row(CONTEXT, ANSWER), Random(seed))

    assert example is None or (example.answer is None and ANSWER not in example.passage)
    assert example is None or "Ward" in example.passage


def test_a_window_that_says_the_answer_twice_is_not_emptied() -> None:
    twice = f"{CONTEXT} {ANSWER} thanked her voters."

    emptied_windows = [emptied(row(twice, ANSWER), Random(seed)) for seed in range(50)]

    assert all(one is None or ANSWER not in one.passage for one in emptied_windows)


@pytest.mark.parametrize("seed", range(10))
def test_a_sentence_among_others_keeps_its_answer(seed: int) -> None:
    sentence = "Ada Quinn was elected mayor of Springfield."

    example = among(row(sentence, ANSWER), SENTENCES[:4], Random(seed))

    assert words_of(example) == ANSWER
    assert all(other in example.passage for other in SENTENCES[:4])


def test_answers_are_found_in_whatever_case_and_spacing() -> None:
    assert holds_answer(row(CONTEXT, ANSWER), "the mayor, ADA\n quinn")
    assert not holds_answer(row(CONTEXT, ANSWER), "the mayor")


def test_a_title_that_is_a_file_name_is_not_read() -> None:
    assert title_of(row(title="Snow-man-questions.csv")) == ""


def test_sentences_cover_the_context() -> None:
    found = sentences_of(CONTEXT)

    assert len(found) == 21
    assert sum(sentence.tokens for sentence in found) > 100
