"""Quotations are found with their speakers, and answer what somebody said."""

import time
from pathlib import Path

import pytest

from corpus.passages import split_story
from corpus.store import StoryStore
from qa.answer import Answer
from qa.composing.quotations import quotations
from qa.composing.quoting import asked_of
from tests.fakes import assistant_of_words, mayor_story

BODY = (
    "“The harbour is open to everyone,” said Mayor Ada Quinn. “We rebuilt the old pier by hand, "
    "plank by plank.”\n\nBo Lind, director of the Harbour Board, said, “Nobody asked the divers.”"
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“We won,” said Ada Quinn.", [("We won,", "Ada Quinn")]),
        ('"We won," Ada Quinn said.', [("We won,", "Ada Quinn")]),
        (
            "“We won,” said Mayor Ada Quinn of Springfield.",
            [("We won,", "Mayor Ada Quinn of Springfield")],
        ),
        ("Ada Quinn said, “We won.”", [("We won.", "Ada Quinn")]),
        ("Bo Lind, director of the Harbour Board, added: “No.”", [("No.", "Bo Lind")]),
        (
            "“We have trained,” said Mr. David Musgrave, director, Works, he continued, “these.”",
            [("We have trained,", "Mr. David Musgrave"), ("these.", "Mr. David Musgrave")],
        ),
        (
            "“We won,” said Ada Quinn. “It was close.”",
            [("We won,", "Ada Quinn"), ("It was close.", "Ada Quinn")],
        ),
        (
            "“We won,” said Ada Quinn. Then the rain came.\n\n“It was close,” she said.",
            [("We won,", "Ada Quinn"), ("It was close,", "Ada Quinn")],
        ),
        (
            "Ada Quinn said, “We won.\n\n“It was close.”",
            [("We won.", "Ada Quinn"), ("It was close.", "Ada Quinn")],
        ),
        ("They call it “the beast” here.", [("the beast", None)]),
        ("The “old” pier burned.", [("old", None)]),
        ("No marks at all.", []),
    ],
)
def test_a_quotation_is_found_with_its_speaker(
    text: str, expected: list[tuple[str, str | None]]
) -> None:
    found = quotations(text)

    assert [
        (text[one.start : one.end], text[slice(*one.speaker)] if one.speaker else None)
        for one in found
    ] == expected


@pytest.mark.parametrize(
    ("question", "who", "about"),
    [
        ("What did Ada Quinn say about the pier?", {"ada", "quinn"}, {"pier"}),
        ("what did the fire chief say about wind", {"fire", "chief"}, {"wind"}),
        ("How did engineer Lind describe the repairs?", {"engineer", "lind"}, {"repai"}),
        ("What do we need to win, in Maj. Quinn's words?", {"quinn"}, {"need", "win"}),
        ("What can they do, as Mr. Lind put it?", {"lind"}, set()),
    ],
)
def test_a_question_tells_whose_words_it_asks_for(
    question: str, who: set[str], about: set[str]
) -> None:
    asked = asked_of(question)

    assert asked is not None
    assert (set(asked.who), set(asked.about)) == (who, about)


def asked(question: str, tmp_path: Path) -> Answer:
    story = mayor_story(body=BODY)
    store = StoryStore(tmp_path / "stories.sqlite")
    store.put([(story, split_story(story))])
    return assistant_of_words(store).ask(question)


def test_what_somebody_said_is_answered_in_the_exact_words_with_the_speaker(tmp_path: Path) -> None:
    answer = asked("What did Ada Quinn say about the old pier?", tmp_path)

    assert answer.text == "We rebuilt the old pier by hand, plank by plank"
    assert answer.speaker == "Mayor Ada Quinn"
    [citation] = answer.citations
    assert BODY[citation.start : citation.end] == answer.text


def test_another_speakers_words_are_not_given(tmp_path: Path) -> None:
    answer = asked("What did Ada Quinn say about the divers?", tmp_path)

    assert answer.text is None or "divers" not in answer.text


def test_who_said_words_is_answered_with_the_speaker(tmp_path: Path) -> None:
    assert asked("Who said “Nobody asked the divers”?", tmp_path).text == "Bo Lind"


@pytest.mark.parametrize(
    "text", ["“a” said A B ", "“", '" ', "A said “b ", "said ", "A B of ", "A. "]
)
def test_quotations_are_found_in_linear_time(text: str) -> None:
    began = time.process_time()
    quotations(text * (300_000 // len(text)))
    assert time.process_time() - began < 20
