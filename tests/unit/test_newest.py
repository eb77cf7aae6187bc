"""Where a question asks how things stand, the newest of stories that are as good is preferred."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from corpus.passages import split_story
from corpus.store import StoryStore
from embeddings.retriever import Hit
from qa.assistant import Assistant
from qa.understanding.asked_now import asks_for_now
from qa.understanding.newest import with_newest
from tests.fakes import assistant_of_words, mayor_story


@pytest.mark.parametrize(
    "question",
    [
        "Who is the director of DTRA?",
        "who's the mayor",
        "Who is DTRA's current director?",
        "Who are the deputy directors?",
        "Who leads the agency?",
        "What is the latest exercise?",
        "What is the current price of E15?",
    ],
)
def test_questions_of_how_things_stand_are_told(question: str) -> None:
    assert asks_for_now(question)


@pytest.mark.parametrize(
    "question",
    [
        "Who was the director of DTRA?",
        "Who is Ada Quinn?",
        "Who met the mayor?",
        "Who is the director who resigned?",
        "Who led the agency?",
        "What is in today's speech?",
    ],
)
def test_others_are_not(question: str) -> None:
    assert not asks_for_now(question)


def test_the_best_hits_are_kept_and_the_newest_of_the_others() -> None:
    def hit(number: int, day: date | None) -> Hit:
        story = mayor_story(story_id=str(number), published_at=day)
        return Hit(passage=split_story(story)[0], story=story, score=1 / (number + 1))

    days = [date(2010 + number, 1, 1) for number in range(5)]
    hits = [hit(number, day) for number, day in enumerate([*days, None])]
    assert [one.story.story_id for one in with_newest(hits, 3)] == ["0", "1", "4"]
    assert with_newest(hits[:2], 3) == hits[:2]


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    store = StoryStore(tmp_path / "stories.sqlite")
    told = {
        2019: "Ada Quinn is the mayor of Springfield.",
        2021: "Bo Reyes is the mayor of Springfield.",
        2023: "The former mayor of Springfield is Cal Odom now.",
    }
    for year, sentence in told.items():
        story = mayor_story(
            story_id=str(year), title="News", body=sentence, published_at=date(year, 5, 6)
        )
        store.put([(story, split_story(story))])
    yield assistant_of_words(store)
    store.close()


def test_the_newest_answer_is_given_with_its_day(assistant: Assistant) -> None:
    answer = assistant.ask("Who is the mayor of Springfield?")
    assert (answer.text, answer.as_of) == ("Bo Reyes", date(2021, 5, 6))
    assert answer.prefers is not None
    assert answer.prefers.newest


def test_an_old_answer_is_given_where_the_past_is_asked_of(assistant: Assistant) -> None:
    answer = assistant.ask("Who was the mayor of Springfield in 2019?")
    assert answer.as_of is None
    assert answer.prefers is not None
    assert answer.prefers.from_date == date(2019, 1, 1)


def test_a_story_of_the_year_that_is_asked_of_goes_before_one_that_is_as_good(
    assistant: Assistant,
) -> None:
    for year, mayor in ((2019, "Ada Quinn"), (2021, "Bo Reyes")):
        answer = assistant.ask(f"Who was the mayor of Springfield in {year}?")
        assert (answer.status, answer.text) == ("answered", mayor)


def test_as_asked_nothing_is_preferred(assistant: Assistant) -> None:
    answer = assistant.ask("Who is the mayor of Springfield?", as_asked=True)
    assert answer.prefers is None
    assert answer.as_of is not None
