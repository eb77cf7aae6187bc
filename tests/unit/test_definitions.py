"""Abbreviations are spelt out, and things and people are said to be what the story says."""

import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from corpus.passages import split_story
from corpus.store import StoryStore
from embeddings.retriever import Hit
from qa.answer import Answer
from qa.composing.definitions import abbreviation_asked, defining
from qa.composing.descriptions import clauses_of, descriptions_of
from qa.composing.long_forms import long_forms
from tests.fakes import assistant_of_words, mayor_story

BODY = (
    "The Springfield Harbour Safety Board (SHSB) met on Monday. "
    "SHSB is a body of nine volunteers that inspects the piers twice a year. "
    "Deputy Harbour Director Mara Lindqvist, who joined in 2019, thanked the divers."
)


def asked(question: str, tmp_path: Path, body: str = BODY) -> Answer:
    story = mayor_story(body=body)
    store = StoryStore(tmp_path / "stories.sqlite")
    store.put([(story, split_story(story))])
    return assistant_of_words(store).ask(question)


@pytest.mark.parametrize(
    ("question", "abbreviation"),
    [
        ("What does SHSB stand for?", "SHSB"),
        ("what does shsb stand for", "shsb"),
        ("What do the letters CBRN mean?", "CBRN"),
        ("What does FELCN, Bolivia's anti-drug force, stand for?", "FELCN"),
        ("TOCRP full form", "TOCRP"),
        ("URI panama border service meaning", "URI"),
        ("full form of TOCRP", "TOCRP"),
        ("What is the meaning of QIST?", "QIST"),
        ("What is HAMP short for?", "HAMP"),
        ("what is RPN, the rural initiative?", "RPN"),
        ("What is the CNCC in Panama?", "CNCC"),
        ("What is scour?", None),
        ("What does the mayor stand for in the debate?", None),
        ("What does C. diff mean?", None),
        ("Who is mayor?", None),
        ("What is the price of fish?", None),
    ],
)
def test_a_question_tells_which_abbreviation_it_is_about(
    question: str, abbreviation: str | None
) -> None:
    assert abbreviation_asked(question) == abbreviation


@pytest.mark.parametrize(
    ("text", "short", "words"),
    [
        ("The Harbour Safety Board (HSB) met.", "HSB", "Harbour Safety Board"),
        ("the Board (Junta de Seguridad, JDS) met", "JDS", "Junta de Seguridad"),
        (
            "Servicio Nacional (Servicio Nacional de Fronteras, SENAFRONT)",
            "SENAFRONT",
            "Servicio Nacional de Fronteras",
        ),
        ("The HSB (Harbour Safety Board) met.", "HSB", "Harbour Safety Board"),
        ("The HSB, or Harbour Safety Board, met.", "HSB", "Harbour Safety Board"),
        (
            "the Counter-Weapons of Mass Destruction (CWMD) Security Cooperation Program (CSCP)",
            "CSCP",
            "Counter-Weapons of Mass Destruction (CWMD) Security Cooperation Program",
        ),
        ("Harbour Safety Boards (HSBs) met.", "HSB", "Harbour Safety Boards"),
        ("Harbour Safety Board (HSB) met.", "hsb", "Harbour Safety Board"),
    ],
)
def test_words_that_an_abbreviation_stands_for_are_found(text: str, short: str, words: str) -> None:
    assert [text[start:end] for start, end in long_forms(text, short)] == [words]


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("The U.S. Geological Survey (USGS) said so.", "USG"),
        ("The board (HSB) met.", "HSB"),
        # Any sentence has words that begin so, and nothing spells out itself.
        ("The HSB (harbours that no ship is brought to) met.", "HSB"),
        ("The HSB (HSB Invest, a fund) met.", "HSB"),
        ("Some boats (how many ships are broken, HSB) met.", "HSB"),
        ("She met HSB (Monday).", "HSB"),
        ("An idea of the Harbour Club (IDEA).", "HSB"),
    ],
)
def test_words_that_an_abbreviation_does_not_stand_for_are_not_found(text: str, short: str) -> None:
    assert list(long_forms(text, short)) == []


@pytest.mark.parametrize(
    ("text", "thing", "clause"),
    [
        (BODY, "SHSB", "a body of nine volunteers that inspects the piers twice a year"),
        ("In Alpha21, a three-day exercise, all took part.", "Alpha21", "a three-day exercise"),
        ("Scour is the washing away of sand; it is slow.", "scour", "the washing away of sand"),
        (
            "Led by CWP, the U.S. Army’s (USA) lead program for X.",
            "CWP",
            "the U.S. Army’s (USA) lead program for X",
        ),
    ],
)
def test_the_clause_that_says_what_a_thing_is_is_found(text: str, thing: str, clause: str) -> None:
    assert [text[start:end] for start, end in clauses_of(text, thing)] == [clause]


@pytest.mark.parametrize(
    ("text", "name", "description"),
    [
        (BODY, "Mara Lindqvist", "Deputy Harbour Director"),
        ("Ada Quinn, mayor of Springfield, spoke.", "Ada Quinn", "mayor of Springfield"),
        (
            "Ada Quinn, mayor, City of Springfield, spoke.",
            "Ada Quinn",
            "mayor, City of Springfield",
        ),
        ("Maj. Ada Quinn, (program manager) said so.", "Ada Quinn", "program manager"),
        ("Ada Lee Quinn (Quinn), the former mayor, left.", "Ada Quinn", "the former mayor"),
        (
            "the Former First Minister of Ruritania, Lord David Quinn.",
            "lord quinn",
            "Former First Minister of Ruritania",
        ),
        ("Board Director (BD) Dr. Ada Quinn spoke.", "Ada Quinn", "Board Director (BD)"),
        ("Ada Quinn is the first woman to win.", "Ada Quinn", "the first woman to win"),
    ],
)
def test_words_that_say_who_a_person_is_are_found(text: str, name: str, description: str) -> None:
    assert [text[start:end] for start, end in descriptions_of(text, name)] == [description]


@pytest.mark.parametrize(
    "text",
    [
        "“We won,” Ada Quinn, smiling, said.",
        "Chief Master Sgt. Ada Quinn left.",
        "Ada Quinn, Lee Park and Bo Lind won.",
        "A day later Ada Quinn, said the mayor, won.",
    ],
)
def test_words_beside_a_name_that_name_no_office_are_no_description(text: str) -> None:
    assert list(descriptions_of(text, "Ada Quinn")) == []


def test_an_abbreviation_is_answered_with_its_words_and_cited(tmp_path: Path) -> None:
    answer = asked("What does SHSB stand for?", tmp_path)

    assert answer.text == "Springfield Harbour Safety Board"
    assert answer.confidence.p > 0.8
    [citation] = answer.citations
    assert citation.verified
    assert citation.sentence.endswith("met on Monday.")


def test_what_is_asked_of_a_person_is_answered_with_the_office(tmp_path: Path) -> None:
    assert asked("Who is Mara Lindqvist?", tmp_path).text == "Deputy Harbour Director"


def test_a_question_that_defines_nothing_is_left_to_the_reader() -> None:
    def look(words: str) -> Sequence[Hit]:
        raise AssertionError(words)

    assert defining("When did the board meet?", [], [], look) == []


def test_more_passages_are_looked_through_for_what_those_read_do_not_spell_out(
    tmp_path: Path,
) -> None:
    noise = [
        mayor_story(story_id=f"s{n}", body=f"What does it stand for, this stand {n}, he asked.")
        for n in range(20)
    ]
    stories = [*noise, mayor_story(body=BODY)]
    store = StoryStore(tmp_path / "stories.sqlite")
    store.put([(story, split_story(story)) for story in stories])

    answer = assistant_of_words(store).ask("What does SHSB stand for?")

    assert answer.text == "Springfield Harbour Safety Board"


@pytest.mark.parametrize("words", ["HSB (", "HSB is a ", "(a, HSB) ", "HSB, the ", "Director HSB "])
def test_definitions_are_found_in_linear_time(words: str) -> None:
    text = words * (1_000_000 // len(words))
    for find in (long_forms, clauses_of, descriptions_of):
        began = time.process_time()
        list(find(text, "HSB"))
        assert time.process_time() - began < 20
