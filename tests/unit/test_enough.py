"""No more is read once a passage answers clearly, unless more than one counts."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from corpus.passages import split_story
from embeddings.index import EVERY_STORY
from embeddings.retriever import Hit
from qa.reader import Span
from qa.reading.enough import AT_ONCE, read_enough
from qa.understanding.asked_time import Preference
from qa.understanding.understand import Meaning, taken_literally
from tests.fakes import WordReader, mayor_story

HITS = 3 * AT_ONCE


class Counting(WordReader):
    """A reader that compares words, and keeps how many hits it was given each time."""

    def __init__(self) -> None:
        self.given: list[int] = []

    def read(self, question: str, hits: Sequence[Hit]) -> list[Span]:
        self.given.append(len(hits))
        return super().read(question, hits)


def hits_with_answer_at(place: int) -> list[Hit]:
    """Return hits of which only that at *place* holds many of the question's words."""
    stories = [
        mayor_story(
            story_id=f"s{number}",
            body="Ada Quinn was elected mayor of Springfield."
            if number == place
            else "Lee Park sells bread in 1998.",
        )
        for number in range(HITS)
    ]
    return [
        Hit(passage=replace(passage, passage_id=number), story=story, score=0.03)
        for number, story in enumerate(stories)
        for passage in split_story(story)[:1]
    ]


def asked(text: str = "Who was elected mayor of Springfield?") -> Meaning:
    return taken_literally(text, EVERY_STORY)


@pytest.mark.parametrize(
    ("place", "given"),
    [(0, [AT_ONCE]), (AT_ONCE, [AT_ONCE] * 2), (HITS - 1, [AT_ONCE] * 3)],
)
def test_reading_ends_with_the_passages_that_answer_clearly(place: int, given: list[int]) -> None:
    reader = Counting()

    spans = read_enough(reader, asked(), hits_with_answer_at(place), enough=4)

    assert reader.given == given
    assert spans[0].text == "Ada Quinn"
    assert [span.score for span in spans] == sorted((s.score for s in spans), reverse=True)


def test_all_is_read_where_nothing_is_enough() -> None:
    reader, hits = Counting(), hits_with_answer_at(0)

    spans = read_enough(reader, asked(), hits, enough=None)

    assert reader.given == [HITS]
    assert spans == read_enough(Counting(), asked(), hits, enough=99)


@pytest.mark.parametrize(
    "meant",
    [
        replace(asked(), story_ids=("s0",)),
        replace(asked(), prefers=Preference(newest=True)),
    ],
)
def test_all_is_read_where_what_was_found_first_is_not_what_counts_most(meant: Meaning) -> None:
    reader = Counting()

    read_enough(reader, meant, hits_with_answer_at(0), enough=1)

    assert reader.given == [HITS]


def test_all_is_read_for_a_list() -> None:
    reader = Counting()
    meant = asked("Which people were elected mayor of Springfield?")

    read_enough(reader, meant, hits_with_answer_at(0), enough=1)

    assert sum(reader.given) == HITS


def test_no_passages_give_no_spans() -> None:
    assert read_enough(WordReader(), asked(), [], enough=4) == []
