"""Questions tell what their answer must be like."""

import json
from pathlib import Path
from time import process_time

import pytest

from qa.question import analyse
from qa.understanding.answer_types import AnswerType
from qa.understanding.asked_type import asked_type


@pytest.mark.parametrize(
    ("text", "answer_type"),
    [
        ("When did DTRA start training Panama?", "date"),
        ("In what year was the congress held?", "date"),
        ("Who is the director?", "person"),
        ("whose signature is on it", "person"),
        ("Where was the conference?", "place"),
        ("In which country did they meet?", "place"),
        ("Which agency paid for it?", "organisation"),
        ("How many units took part?", "number"),
        ("How much did the exercise cost?", "money"),
        ("How long did the exercise last?", "duration"),
        ("Why was the meeting moved?", "reason"),
        ("What does CSCEP stand for?", "definition"),
        ("What did Dr. Pope say about ownership?", "quote"),
        ("Describe the exercise", "description"),
    ],
)
def test_the_kind_of_answer_follows_from_the_words(text: str, answer_type: AnswerType) -> None:
    assert analyse(text).answer_type == answer_type


def test_names_and_years_are_told_from_other_words() -> None:
    question = analyse("When did DTRA train the Panama National Police in 2019?")

    assert question.names == ("DTRA", "Panama", "National", "Police")
    assert question.years == ("2019",)
    assert question.words == ("dtra", "train", "panama", "national", "police", "2019")


def test_a_first_word_is_no_name_unless_it_is_in_capitals() -> None:
    assert analyse("Exercises in Panama").names == ("Panama",)
    assert analyse("PANAMAX dates").names == ("PANAMAX",)


def test_amounts_are_no_years() -> None:
    assert analyse("Who paid $2,000 for 2019% of 2020.5 points?").years == ()


def test_months_and_days_are_no_names() -> None:
    assert analyse("Who met Blinken on Friday, 13 May?").names == ("Blinken",)


def test_the_kind_of_answer_is_told_for_the_questions_collected() -> None:
    collected = Path(__file__).parents[1] / "gold" / "question_types.jsonl"
    rows = [json.loads(line) for line in collected.read_text("utf-8").splitlines()]
    wrong = [row for row in rows if asked_type(row["question"]) != row["type"]]
    assert len(rows) >= 150
    assert len(wrong) <= 0.03 * len(rows), wrong


@pytest.mark.parametrize("text", ["which " * 170_000, "what is " * 120_000, "what did x " * 90_000])
def test_a_megabyte_of_question_words_takes_seconds_at_most(text: str) -> None:
    started = process_time()
    analyse(text)
    assert process_time() - started < 20
