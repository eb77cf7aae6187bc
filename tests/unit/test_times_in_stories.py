"""What stories say about time is counted from the story's own day, or named as it stands."""

import json
import time
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from qa.answer import Resolution
from qa.dates import resolve, story_day, time_told
from qa.understanding.answer_types import AnswerType
from tests.fakes import cite, mayor_story

WEDNESDAY = date(2021, 9, 22)
EXPRESSIONS = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "gold" / "dates.jsonl").read_text("utf-8").splitlines()
]


def value(words: str, sentence: str, on: date | None = WEDNESDAY) -> str | None:
    told = resolve(words, sentence, on)
    return told.value if told else None


@pytest.mark.parametrize(
    "row", EXPRESSIONS, ids=[f"{n} {row['words']}" for n, row in enumerate(EXPRESSIONS, start=1)]
)
def test_expression_comes_to_what_a_person_read(row: dict[str, str]) -> None:
    on = date.fromisoformat(row["published"]) if row["published"] else None

    assert row["words"] in row["sentence"]
    assert value(row["words"], row["sentence"], on) == row["resolved"]


def test_there_are_enough_expressions_and_none_twice() -> None:
    assert len(EXPRESSIONS) >= 200
    assert len({json.dumps(row) for row in EXPRESSIONS}) == len(EXPRESSIONS)


def test_resolution_says_which_words_and_from_which_day() -> None:
    sentence = "The exercise is ending later this month in Panama."

    assert resolve("later this month in Panama", sentence, WEDNESDAY) == Resolution(
        value="2021-09", words="later this month", relative_to=WEDNESDAY
    )


def test_words_that_say_it_all_are_counted_from_nothing() -> None:
    sentence = "The team finished on Sept. 20, 2021."

    assert resolve("Sept. 20", sentence, WEDNESDAY) == Resolution(
        value="2021-09-20", words="Sept. 20, 2021"
    )


def test_place_of_the_words_tells_two_of_the_same_apart() -> None:
    sentence = "He was seen Friday, and the search will resume Friday."

    first = resolve("Friday", sentence, WEDNESDAY, at=sentence.index("Friday"))
    second = resolve("Friday", sentence, WEDNESDAY, at=sentence.rindex("Friday"))

    assert first
    assert first.value == "2021-09-17"
    assert second
    assert second.value == "2021-09-24"


def test_words_over_two_lines_are_read_as_on_one() -> None:
    assert value("Sept.\n20,\n2021", "on Sept.\n20,\n2021 in Riga") == "2021-09-20"


def test_words_that_are_not_in_the_sentence_are_read_by_themselves() -> None:
    assert value("last month", "Nothing of the kind.") == "2021-08"
    assert resolve("last month", "short", WEDNESDAY, at=900)


@pytest.mark.parametrize("words", ["", "  ", "in " * 400, "the commander", "?" * 150])
def test_what_is_no_time_names_none(words: str) -> None:
    assert resolve(words, words, WEDNESDAY) is None


@pytest.mark.parametrize("on", [date.min, date.max, date(1, 3, 1), date(9999, 11, 30)])
@pytest.mark.parametrize("row", EXPRESSIONS[::5], ids=lambda row: row["words"])
def test_ends_of_the_calendar_are_no_fault(row: dict[str, str], on: date) -> None:
    resolve(row["words"], row["sentence"], on)


@pytest.mark.parametrize(
    ("body", "published", "day"),
    [
        ("MARIETTA, Georgia, July 10, 2013 - It flew.", date(2013, 7, 12), date(2013, 7, 10)),
        ("WASHINGTON, July 10, 2013 – He spoke.", datetime(2013, 7, 12, 8), date(2013, 7, 10)),
        ("SOUTH CHINA SEA (July 10, 2013) -- It sailed.", date(2013, 7, 12), date(2013, 7, 10)),
        ("ROTA, Spain, Sept. 3, 2021 (AFNS) -- It sailed.", None, date(2021, 9, 3)),
        ("MARIETTA, Georgia - It flew July 10, 2013.", date(2013, 7, 12), date(2013, 7, 12)),
        ("It flew July 10, 2013 - and again later.", date(2012, 7, 12), date(2012, 7, 12)),
        ("WASHINGTON, July 40, 2013 - He spoke.", date(2013, 7, 12), date(2013, 7, 12)),
        ("It flew.", None, None),
    ],
)
def test_day_of_a_story_is_its_datelines_else_that_of_publication(
    body: str, published: date | None, day: date | None
) -> None:
    assert story_day(mayor_story(body=body, published_at=published)) == day


def test_day_that_a_photo_was_taken_is_never_counted_from() -> None:
    story = mayor_story(published_at=None, taken_at=WEDNESDAY)
    citation = cite(story, "on Tuesday", "Voters went to the polls on Tuesday.")

    assert time_told(citation, story, "date") is None
    posted = replace(story, published_at=date(2021, 11, 3))
    assert time_told(citation, posted, "date") == Resolution(
        value="2021-11-02", words="Tuesday", relative_to=date(2021, 11, 3)
    )


@pytest.mark.parametrize(
    ("quote", "answer_type", "told"),
    [
        ("since May 3", "date", "2021-05-03/.."),
        ("since May 3", "duration", "2021-05-03/.."),
        ("May 3", "duration", None),
        ("May 3", "person", None),
        ("since May 3", "description", "2021-05-03/.."),
        ("been idle since May 3", "description", None),
    ],
)
def test_time_is_told_where_a_question_asks_for_it(
    quote: str, answer_type: AnswerType, told: str | None
) -> None:
    story = mayor_story(body="Ferries have been idle since May 3.")
    citation = cite(story, quote, story.body)

    resolution = time_told(citation, story, answer_type)

    assert (resolution and resolution.value) == told


def test_time_taken_grows_no_faster_than_the_sentence() -> None:
    seconds = []
    for length in (250_000, 500_000, 1_000_000):
        for unit in ("Sept. 3, ", "two days after ", "1, 2, ", " ", "in the ", "a-", "?"):
            sentence = unit * (length // len(unit))
            started = time.process_time()
            resolve(sentence, sentence, WEDNESDAY)
            resolve("last month", sentence + " last month " + sentence, WEDNESDAY)
            seconds.append(time.process_time() - started)

    assert max(seconds) < 10


def test_answer_costs_less_than_a_millisecond() -> None:
    took = []
    for row in EXPRESSIONS:
        started = time.process_time()
        resolve(row["words"], row["sentence"], WEDNESDAY)
        took.append(time.process_time() - started)

    assert sorted(took)[len(took) // 2] < 1e-3


def test_weekdays_of_a_week_follow_each_other() -> None:
    names = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    found = [value(name, f"It will open {name}.", date(2021, 9, 20)) for name in names]
    days = [date.fromisoformat(one) for one in found if one]

    assert len(days) == 7
    assert all(later - day == timedelta(days=1) for day, later in pairwise(days))
