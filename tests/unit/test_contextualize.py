from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.contextualize import in_context
from qa.conversation import AnswerJson, Turn
from qa.question import analyse


def spoken(*turns: tuple[str, str | None] | tuple[str, str | None, str]) -> list[Turn]:
    """Return turns of a question, its answer and the sentence that the answer stands in."""
    return [
        Turn(n=n, asked_at=datetime.now(UTC), answer=answer(*turn))
        for n, turn in enumerate(turns, start=1)
    ]


def source(story_id: str, sentence: str = "") -> dict[str, object]:
    told = dict.fromkeys(("role", "source", "title", "quote"), "")
    return {"n": 1, "story_id": story_id, "sentence": {"text": sentence}, **told}


def answer(question: str, text: str | None, sentence: str = "") -> AnswerJson:
    return {
        "question": {"raw": question, "standalone": question, "filters": {}},
        "answer": {"text": text, "type": analyse(question).answer_type},
        "citations": [source(f"story of {text}", sentence)] if text else [],
        "abstention": None if text else {"nearest": [source("near")]},
    }


MOLDOVA = spoken(("Which Moldovan leader did Blinken meet in July 2022?", "Natalia Gavrilita"))
SHUTTLE = spoken(("Where does the shuttle Atlantis go on display?", "Kennedy Space Center"))
ACRONYM = spoken(("What does SENAFRONT stand for in Spanish?", None))
TREASURY = spoken(("What did Treasury estimate in May 2021 it would borrow?", "$821 billion"))
SCALE = spoken(("When was the System Usability Scale introduced?", "1986"))
NEIL = spoken(("Which squadron did Tom Neil fly with in the Battle of Britain?", "No. 249"))
AUCTION = spoken(("Who ran the 2012 auction of Zions warrants?", "Deutsche Bank"))
LYON = spoken(("Which congress did DTRA join in Lyon?", "Global Congress on Chemical Security"))
AIRLINE = spoken(("Which airline carried formula in June?", "Delta Air Lines"))
DONFRIED = spoken(("Which prime minister was Karen Donfried to meet?", "Xavier Bettel"))

FOLLOW_UPS = [
    (MOLDOVA, "Where is she from?", "Where is Natalia Gavrilita from?"),
    (MOLDOVA, "How old is her country?", "How old is Natalia Gavrilita’s country?"),
    (SHUTTLE, "And Endeavour?", "Where does the shuttle Endeavour go on display?"),
    (ACRONYM, "And CNCC?", "What does CNCC stand for in Spanish?"),
    (TREASURY, "And in August?", "What did Treasury estimate in August 2021 it would borrow?"),
    (SCALE, "By whom?", "By whom was the System Usability Scale introduced?"),
    (SCALE, "And the Kano model?", "When was the Kano model introduced?"),
    (NEIL, "In which plane?", "In which plane did Tom Neil fly with in the Battle of Britain?"),
    (NEIL, "How old was he then?", "How old was Tom Neil then?"),
    (AUCTION, "who bought the most", "Who bought the most (the 2012 auction of Zions warrants)?"),
    (LYON, "Who organised it?", "Who organised Global Congress on Chemical Security?"),
    (LYON, "Who else met there?", "Who else met in Lyon?"),
    (AIRLINE, "To which airports?", "To which airports Delta Air Lines carried formula in June?"),
    (DONFRIED, "And the finance minister?", "Which finance minister was Karen Donfried to meet?"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("past", "question", "meant"), FOLLOW_UPS, ids=[q for _, q, _ in FOLLOW_UPS]
)
def test_follow_up_is_made_to_stand_alone(past: Sequence[Turn], question: str, meant: str) -> None:
    assert in_context(question, past).text == meant


@pytest.mark.parametrize(
    "question",
    [
        "Who signed the Botswana agreements for the United States?",
        "When was Horacio Cartes sanctioned?",
        "What is ketosis?",
        "How long does it take to fly from Boston to Lyon?",
        "What is feijoada and what is its origin?",
        "How many people live in Panama?",
    ],
)
def test_question_of_its_own_is_left_alone(question: str) -> None:
    context = in_context(question, NEIL)
    assert (context.text, context.story_ids) == (question, ())


def test_who_said_that_asks_after_the_sentence_that_was_quoted() -> None:
    sentence = "“We have been training Panama since 2017,” said David Musgrave."
    past = spoken(("Since when does DTRA train Panama?", "2017", sentence))
    meant = in_context("Who said that?", past).text

    assert meant.startswith("Who said “We have been training Panama since 2017")
    assert "David Musgrave" in meant


def test_pronoun_reaches_back_over_a_turn_that_named_nobody() -> None:
    past = spoken(
        ("What job did Maximiliano Perez have?", None), ("What does FELCN mean?", "Fuerza Especial")
    )
    assert (
        in_context("When was he convicted?", past).text == "When was Maximiliano Perez convicted?"
    )


@pytest.mark.parametrize(
    ("before", "answer", "question", "meant"),
    [
        (
            "Where was the conference on security held?",
            "Lyon",
            "When was it held?",
            "When was the conference on security held?",
        ),
        (
            "What is PANAMAX focused on?",
            "the defense of the Panama Canal",
            "Who hosted it?",
            "Who hosted PANAMAX?",
        ),
        ("When did DTRA start training Panama?", "2017", "Who directs it?", "Who directs DTRA?"),
        (
            "When did DTRA start training Panama?",
            "2017",
            "What has DTRA provided to it?",
            "What has DTRA provided to Panama?",
        ),
    ],
)
def test_it_is_what_the_question_before_was_about(
    before: str, answer: str, question: str, meant: str
) -> None:
    assert in_context(question, spoken((before, answer))).text == meant


def test_no_place_is_taken_for_a_person() -> None:
    past = spoken(
        ("Who leads the program?", "Dr. Robert Pope"),
        ("How many were hurt in the Port Ellery fire?", "14"),
    )
    assert in_context("Where was he speaking?", past).text == "Where was Dr. Robert Pope speaking?"


def test_stories_that_were_cited_stay_in_view_the_last_first() -> None:
    past = spoken(("Who is Ada Quinn?", "the mayor"), ("Who is Bo Reed?", None))
    assert in_context("When was she elected?", past).story_ids == ("near", "story of the mayor")


def test_topic_is_dropped_after_a_question_of_its_own() -> None:
    past = spoken(("Who is Ada Quinn?", "the mayor"), ("What does NASA build?", "rockets"))
    assert "Quinn" not in in_context("How many were built?", past).text


@given(st.text(max_size=80), st.text(max_size=80), st.none() | st.text(min_size=1, max_size=40))
def test_any_question_after_any_turn_means_one_thing(
    question: str, before: str, text: str | None
) -> None:
    past = spoken((before, text))
    assert in_context(question, past) == in_context(question, past)
    assert in_context(question, []).text == question
