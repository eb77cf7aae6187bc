"""A story's sentences are turned into questions that read well and name what they ask about."""

import re
from time import process_time

import pytest

from qa.suggesting.next_questions import NextQuestion, next_questions
from qa.suggesting.turned_words import TOLD, base_of, stands_alone
from tests.fakes import mayor_story


def questions_of(body: str) -> dict[str, str]:
    return {asked.text: asked.expected for asked in next_questions(mayor_story(body=body))}


@pytest.mark.parametrize(
    ("body", "question", "expected"),
    [
        (
            "The World Health Organization (WHO) met.",
            "What does WHO stand for?",
            "World Health Organization",
        ),
        (
            "“We are ready,” said Col. Ada Quinn, commander of the 9th Wing.",
            "Who is Col. Ada Quinn?",
            "commander of the 9th Wing",
        ),
        (
            "Ada Quinn, the director of the Bridge Institute, said it was safe.",
            "Who is the director of the Bridge Institute?",
            "Quinn",
        ),
        (
            "The Arno Bridge was closed to lorries on June 18, 2024.",
            "When was the Arno Bridge closed to lorries?",
            "June 18, 2024",
        ),
        (
            "Operation Clean Sea began off Malta in May 2019.",
            "When did Operation Clean Sea begin off Malta?",
            "May 2019",
        ),
        (
            "On March 3, 2021, Ada Quinn joined the Bridge Institute.",
            "When did Ada Quinn join the Bridge Institute?",
            "March 3, 2021",
        ),
        (
            "The Global Bridge Congress was held in Florence, Italy, last week.",
            "Where was the Global Bridge Congress held?",
            "Florence, Italy",
        ),
        ("PANAMAX took place in Panama.", "Where did PANAMAX take place?", "Panama"),
        (
            "More than 1,200 service members participated in PANAMAX.",
            "How many service members participated in PANAMAX?",
            "1,200",
        ),
        (
            "Gov. Ada Quinn visited the Arno Bridge on foot.",
            "Who visited the Arno Bridge on foot?",
            "Quinn",
        ),
        (
            "Quinn Industries has agreed to pay $2.5 million.",
            "How much did Quinn Industries agree to pay?",
            "$2.5 million",
        ),
        (
            "Ada Quinn, 45, of Leeds, pleaded guilty today to one count of wire fraud.",
            "What did Ada Quinn plead guilty to?",
            "one count of wire fraud",
        ),
        (
            "Ada Quinn was sentenced on Monday to 18 months in prison.",
            "What was Ada Quinn sentenced to?",
            "18 months",
        ),
        ("The Siege of Leeds lasted 40 days.", "How long did the Siege of Leeds last?", "40 days"),
        (
            "“We learned a great deal from the Arno Bridge while it was closed,” said Ada Quinn.",
            "What did Ada Quinn say about the Arno Bridge?",
            "We learned a great deal from the Arno Bridge while it was closed",
        ),
    ],
)
def test_a_sentence_is_turned_into_a_question(body: str, question: str, expected: str) -> None:
    assert questions_of(body).get(question) == expected


@pytest.mark.parametrize(
    "body",
    [
        "She joined the Bridge Institute in 2019.",  # who?
        "The bridge was closed on June 18, 2024.",  # which?
        "While the Arno Bridge was closed in 2019, ferries ran.",
        "A Leeds bakery opened in 2019.",  # one of many
        "Ada Quinn, former director of the Bridge Institute, said so.",
        "Bomb Squadron, commander of the 9th Wing, said so.",  # no person
        "Two men from here joined the Leeds militia last week.",
        "Gov. Ada Quinn visited the bridge.",  # asks of nothing that has a name
        "",
    ],
)
def test_what_would_not_be_understood_alone_is_passed_over(body: str) -> None:
    assert questions_of(body) == {}


def test_each_question_is_asked_once_and_abbreviations_come_last() -> None:
    sentence = "The Arno Bridge was closed to lorries on June 18, 2024."
    body = f"The Bridge Institute of Leeds (BIL) met. {sentence} {sentence}"

    assert [*questions_of(body)] == [
        "When was the Arno Bridge closed to lorries?",
        "What does BIL stand for?",
    ]


def test_every_verb_has_a_base_form() -> None:
    verbs = re.findall(r"[a-z]+", TOLD.partition("<verb>")[2].rpartition(")")[0])

    assert {base_of(verb) for verb in verbs} >= {"begin", "hold", "open", "celebrate"}
    assert not any(base_of(verb) == verb for verb in verbs if verb not in ("come", "become"))


@pytest.mark.parametrize(
    "question", ["When was it closed?", "Who left Leeds on?", "Who is here?", "Who visited St?"]
)
def test_a_question_that_hangs_on_its_story_does_not_stand_alone(question: str) -> None:
    assert not stands_alone(question)


@pytest.mark.parametrize(
    "unit", ["A ", "Aa Aa, ", "Gen. Aa B. Cc, ", "“a", "On 2010, Aa ", "a.\n\n"]
)
def test_a_megabyte_is_looked_through_quickly(unit: str) -> None:
    began = process_time()
    found: list[NextQuestion] = [*next_questions(mayor_story(body=unit * (1_000_000 // len(unit))))]

    assert len(found) < 10
    assert process_time() - began < 20
