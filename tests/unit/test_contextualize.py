from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from time import process_time

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
BRIDGE = spoken(("Who won the contract for the new bridge?", "Brandt Lowell"))
ENGINEER = spoken(("Who is the engineer of the old bridge?", "Piotr Valdane"))
DIRECTOR = spoken(("Who is the director of the fair?", "Tobias Renk"))
FLOOD = spoken(("When did the Calder River break its levee?", "2019"))
FOUND = spoken(("What did divers find in the lake?", "43 striped mussels"))
VISITORS = spoken(("How many visitors did the fair have?", "38,400"))
GRANT = spoken(("How much did the foundation give?", "$750,000"))
CLUB = spoken(("Who is chairman of the rowing club?", None))
MEANING = spoken(("What does RIB stand for?", "Rapid Inundation Barrier"))
COACHES = spoken(("Who coached the team?", "Ada Quinn, Bo Reed and Cy Poe"))
DAY = spoken(("When did the fair open?", "June 10"))
SANCTIONED = spoken(("Who was sanctioned with him?", "Hugo Velazquez"))

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
    (BRIDGE, "Who awarded it?", "Who awarded the contract for the new bridge?"),
    (BRIDGE, "How much did that company ask?", "How much did Brandt Lowell ask?"),
    (ENGINEER, "When did it open?", "When did the old bridge open?"),
    (ENGINEER, "What about the new one?", "Who is the engineer of the new bridge?"),
    (DIRECTOR, "And his successor?", "Who is Tobias Renk’s successor?"),
    (DIRECTOR, "and its deputy?", "Who is the fair’s deputy?"),
    (FLOOD, "How many fled that year?", "How many fled in 2019?"),
    (FLOOD, "Who was mayor then?", "Who was mayor in 2019?"),
    (FOUND, "On what day?", "On what day did divers find in the lake (43 striped mussels)?"),
    (FOUND, "What are their larvae called?", "What are striped mussels’ larvae called?"),
    (VISITORS, "And exhibitors?", "How many exhibitors did the fair have?"),
    (GRANT, "And the city?", "How much did the city give?"),
    (GRANT, "no, I meant the readers", "How much did the readers give?"),
    (CLUB, "no, the sailing club", "Who is chairman of the sailing club?"),
    (MEANING, "What is it used for?", "What is Rapid Inundation Barrier used for?"),
    (COACHES, "Where was the second one born?", "Where was Bo Reed born?"),
    (COACHES, "What does the last do?", "What does Cy Poe do?"),
    (GRANT, "Who is the head of the city?", "Who is the head of the city (the foundation)?"),
    (DAY, "What else opened the same day?", "What else opened on June 10?"),
    (SANCTIONED, "Under which order?", "Under which order was Hugo Velazquez sanctioned with him?"),
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
        "What is the capital requirement for Swiss banks?",
        "No. 249 Squadron flew which plane?",
        "Which teams that play in Lyon won?",
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


def test_question_of_that_story_is_asked_of_the_story_cited_last() -> None:
    past = spoken(("Who is Ada Quinn?", "the mayor"), ("Who is Bo Reed?", "the judge"))
    context = in_context("In that story, when was he elected?", past)
    assert (context.text, context.of_story) == ("When was Bo Reed elected?", "story of the judge")
    assert in_context("In that story, when was he elected?", []).of_story is None


def test_after_an_abstention_the_question_still_says_who_is_meant() -> None:
    past = spoken(("Who directs the Northern Fair?", None))
    assert (
        in_context("When will he retire?", past).text == "When will he retire (the Northern Fair)?"
    )
    assert in_context("Where is it held?", past).text == "Where is the Northern Fair held?"


def test_who_speaks_of_it_again_speaks_of_the_same() -> None:
    [first] = spoken(("What is lung cancer?", None))
    meant = in_context("Can it spread to the throat?", [first]).text
    kept = answer(meant, None)
    question = {"raw": "Can it spread to the throat?", "standalone": meant, "filters": {}}
    second = replace(first, n=2, answer={**kept, "question": question})
    assert in_context("Is it curable?", [first, second]).text == "Is lung cancer curable?"


def test_a_date_is_what_it_was_resolved_to() -> None:
    [turn] = spoken(("When did the mussel come to the lake?", "ten years ago"))
    words = {"text": "ten years ago", "type": "date", "resolution": {"value": "2013"}}
    past = [replace(turn, answer={**turn.answer, "answer": words})]
    assert in_context("Who was mayor that year?", past).text == "Who was mayor in 2013?"


def test_members_of_a_list_are_counted_as_the_answer_counts_them() -> None:
    [turn] = spoken(("Which units took part?", "1st, 2nd and Light Brigade"))
    members = [{"text": "1st and 2nd Company", "n": 1}, {"text": "Light Brigade", "n": 2}]
    words = {"text": "1st, 2nd and Light Brigade", "type": "organisation", "members": members}
    past = [replace(turn, answer={**turn.answer, "answer": words})]
    assert in_context("Who led the second one?", past).text == "Who led Light Brigade?"


HOSTILE = (
    *(
        "a ",
        "A ",
        "A. ",
        "A.",
        "the ",
        "and ",
        "it ",
        "there ",
        "’s ",
        "a’",
        "in A-",
        " ",
        "(",
        "x",
    ),
    *("in that story ", "that year ", "the X one ", "A of the ", "who said ", "how many ", "no, "),
)


@pytest.mark.parametrize("unit", HOSTILE)
def test_a_megabyte_of_words_takes_no_longer_than_a_page(unit: str) -> None:
    endless = unit * (1_000_000 // len(unit))
    [turn] = spoken(("Who?", endless, endless))
    question = {"raw": endless, "standalone": endless, "filters": {}}
    past = [replace(turn, answer={**turn.answer, "question": question})]
    began = process_time()
    for asked in ("When was it made?", "And X?", "Who is the second one?", "Who lives there?"):
        in_context(asked, past)
    in_context(endless, spoken(("Who is Ada Quinn?", "the mayor")))
    # In quadratic time a megabyte would take days.
    assert process_time() - began < 10


@given(st.text(max_size=80), st.text(max_size=80), st.none() | st.text(min_size=1, max_size=40))
def test_any_question_after_any_turn_means_one_thing(
    question: str, before: str, text: str | None
) -> None:
    past = spoken((before, text))
    assert in_context(question, past) == in_context(question, past)
    assert in_context(question, []).text == question
