"""No more is read once a passage answers clearly, unless more than one counts."""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date

import pytest

from corpus.passages import split_story
from embeddings.index import EVERY_STORY
from embeddings.retriever import Hit
from qa.reader import Span
from qa.reading.enough import AT_ONCE, StopRule
from qa.reading.first_look import FirstLook, Outlook
from qa.reading.glances import Glance
from qa.understanding.asked_time import Preference
from qa.understanding.understand import Meaning, taken_literally
from tests.fakes import WordReader, mayor_story

HITS = 4 * AT_ONCE
EVERY_STEP = 4 * [AT_ONCE]


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
    [(0, [AT_ONCE]), (AT_ONCE, [AT_ONCE, AT_ONCE]), (HITS - 1, EVERY_STEP)],
)
def test_reading_ends_with_the_passages_that_answer_clearly(place: int, given: list[int]) -> None:
    reader = Counting()

    spans = StopRule(enough=4).read(reader, asked(), hits_with_answer_at(place))

    assert reader.given == given
    assert spans[0].text == "Ada Quinn"
    assert [span.score for span in spans] == sorted((s.score for s in spans), reverse=True)


def test_all_is_read_where_nothing_is_enough() -> None:
    reader, hits = Counting(), hits_with_answer_at(0)

    spans = StopRule(enough=None).read(reader, asked(), hits)

    assert reader.given == [HITS]
    assert spans == StopRule(enough=99).read(Counting(), asked(), hits)


@pytest.mark.parametrize(
    "meant",
    [
        replace(asked(), story_ids=("s0",)),
        replace(asked(), prefers=Preference(newest=True)),
    ],
)
def test_all_is_read_where_what_was_found_first_is_not_what_counts_most(meant: Meaning) -> None:
    reader = Counting()

    StopRule(enough=1).read(reader, meant, hits_with_answer_at(0))

    assert reader.given == [HITS]


def test_all_is_read_for_a_list() -> None:
    reader = Counting()
    meant = asked("Which people were elected mayor of Springfield?")

    StopRule(enough=1).read(reader, meant, hits_with_answer_at(0))

    assert sum(reader.given) == HITS


def look(*, change: float = 0) -> FirstLook:
    """Return a look that goes by a sentence's words, and reads on where nothing is ahead."""
    return FirstLook(
        score=dict.fromkeys((field.name for field in fields(Glance)), 0.0)
        | {"bias": -5.0, "sentence": 10.0},
        change=dict.fromkeys((field.name for field in fields(Outlook)), 0.0)
        | {"bias": change, "lead": -10.0},
    )


def test_what_looks_best_is_read_first() -> None:
    reader = Counting()

    spans = StopRule(enough=4, look=look()).read(reader, asked(), hits_with_answer_at(HITS - 1))

    assert reader.given == [AT_ONCE]
    assert spans[0].text == "Ada Quinn"


def test_nothing_more_is_read_once_the_rest_can_hardly_change_the_answer() -> None:
    reader = Counting()

    StopRule(risk=0.5, look=look()).read(reader, asked(), hits_with_answer_at(3))

    assert reader.given == [AT_ONCE]


def test_without_a_risk_all_is_read_in_whatever_order() -> None:
    reader, hits = Counting(), hits_with_answer_at(3)

    spans = StopRule(look=look()).read(reader, asked(), hits)

    assert reader.given == EVERY_STEP
    assert spans == StopRule().read(Counting(), asked(), hits)


def test_all_is_read_where_the_rest_may_change_the_answer() -> None:
    reader = Counting()

    rule = StopRule(risk=0.5, look=look(change=99))
    rule.read(reader, asked(), hits_with_answer_at(0))

    assert reader.given == EVERY_STEP


@pytest.mark.parametrize("rule", [StopRule(enough=4), StopRule(risk=0.5, look=look())])
def test_no_passages_give_no_spans(rule: StopRule) -> None:
    assert rule.read(WordReader(), asked(), []) == []


def test_of_a_value_all_is_read_that_seems_to_tell_it() -> None:
    reader, place = Counting(), HITS - 1
    meant = asked("When was the mayor of Springfield elected?")
    hits = hits_with_answer_at(place)
    tell = [
        replace(hits[place], passage=replace(hits[place].passage, passage_id=50 + n))
        for n in range(AT_ONCE)
    ]

    StopRule(risk=1.0, look=look()).read(reader, meant, hits + tell)
    assert reader.given == [AT_ONCE, AT_ONCE]

    StopRule(risk=1.0, look=look()).read(reader, asked(), hits + tell)
    assert reader.given == [AT_ONCE, AT_ONCE, AT_ONCE]


@pytest.mark.parametrize(("years", "given"), [(0, [AT_ONCE]), (-3, EVERY_STEP)])
def test_reading_ends_only_with_a_story_of_the_time_that_is_asked_of(
    years: int, given: list[int]
) -> None:
    reader, hits = Counting(), hits_with_answer_at(0)
    day = hits[0].story.published_on
    assert day
    year = day.year + years
    period = Preference(from_date=date(year, 1, 1), to_date=date(year, 12, 31))

    StopRule(enough=4).read(reader, replace(asked(), prefers=period), hits)

    assert reader.given == given
