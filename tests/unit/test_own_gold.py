"""The project's own gold set is true to its stories: `make quality` scores the answers to it."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from corpus.sources import read_stories
from corpus.story import Story
from qa.scoring.gold import read_gold

ROOT = Path(__file__).resolve().parents[2]
GOLD = ROOT / "tests" / "gold" / "questions.jsonl"
BUNDLED = {file.name: file for file in (ROOT / "corpus" / "stories").iterdir()}
PAGES = BUNDLED | {file.name: file for file in (ROOT / "tests" / "gold" / "stories").iterdir()}
KINDS = """
    person organisation date relative_date number money place reason definition description quote
    unanswerable boilerplate_trap multi_story conflict
    """.split()

Row = dict[str, Any]
FOLLOW_UPS = ROOT / "tests" / "gold" / "followups.jsonl"
CONVERSATIONS: list[Row] = [json.loads(line) for line in FOLLOW_UPS.read_text("utf-8").splitlines()]
TURNS: list[Row] = [
    turn | {"id": f"{conversation['id']}/{number}"}
    for conversation in CONVERSATIONS
    for number, turn in enumerate(conversation["turns"], start=1)
]
ROWS: list[Row] = [json.loads(line) for line in GOLD.read_text("utf-8").splitlines()]
ANSWERABLE = [row for row in ROWS if not row["is_impossible"]]
IMPOSSIBLE = [row for row in ROWS if row["is_impossible"]]
TRAPS = [row for row in ROWS if row["kind"] == "boilerplate_trap"]
SHARED = [row for row in ROWS if len(row["files"]) > 1]


def flat(text: str) -> str:
    """Return *text* with each run of white space as one space."""
    return " ".join(text.split())


def story_in(page: Path) -> Story:
    [story] = read_stories(page.read_bytes(), page.name)
    return story


STORIES = {name: story_in(page) for name, page in PAGES.items()}
BODIES = {name: flat(story.body) for name, story in STORIES.items()}
RAW = {name: flat(page.read_text("utf-8")) for name, page in PAGES.items()}


def each(rows: list[Row]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("row", rows, ids=[row["id"] for row in rows])


def test_the_evaluation_reads_every_question() -> None:
    assert len(read_gold([GOLD])) == len(ROWS)


def test_there_are_enough_questions_to_see_a_drop() -> None:
    assert len(ROWS) >= 100
    assert len(IMPOSSIBLE) >= len(ROWS) / 5
    assert sum(not BUNDLED.keys().isdisjoint(row["files"]) for row in ROWS) >= 30


def test_every_kind_of_question_is_asked_three_times() -> None:
    asked = Counter(row["kind"] for row in ROWS)
    assert asked.keys() == set(KINDS)
    assert min(asked.values()) >= 3


def test_no_id_and_no_question_stands_twice() -> None:
    assert len({row["id"] for row in ROWS}) == len(ROWS)
    assert len({row["question"].casefold().rstrip("?") for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_a_story_with_a_title_and_a_dateline(name: str) -> None:
    assert STORIES[name].title
    assert STORIES[name].dateline or name in BUNDLED


def test_every_page_is_asked_about() -> None:
    assert {file for row in ROWS for file in row["files"]} == PAGES.keys()


@each(ANSWERABLE + [turn for turn in TURNS if turn["answers"]])
def test_answers_and_evidence_stand_in_the_stories(row: Row) -> None:
    bodies = [BODIES[file] for file in row["files"]]
    for answer in row["answers"]:
        assert any(answer["text"] in body for body in bodies)
    assert any(row["evidence"] in body for body in bodies)


@each(ANSWERABLE)
def test_answers_stand_in_the_evidence(row: Row) -> None:
    proof = [row["evidence"], *(part["evidence"] for part in row.get("per_file", {}).values())]
    assert any(answer["text"] in evidence for answer in row["answers"] for evidence in proof)


@each(ANSWERABLE)
def test_the_day_meant_is_written_as_iso_does(row: Row) -> None:
    assert re.fullmatch(r"\d{4}(-\d\d){0,2}", row["resolved"] or "2024-01")
    assert row["resolved"] or row["kind"] not in {"date", "relative_date"}


@each(SHARED)
def test_each_of_several_stories_has_its_answers(row: Row) -> None:
    assert row["kind"] in {"multi_story", "conflict"}
    assert row["per_file"].keys() == set(row["files"])
    for file, part in row["per_file"].items():
        assert any(answer in part["evidence"] for answer in part["answers"])
        assert all(answer in BODIES[file] for answer in part["answers"])
        assert part["evidence"] in BODIES[file]


def test_only_stories_that_agree_or_differ_share_a_question() -> None:
    kinds = {"multi_story", "conflict"}
    assert [row for row in ROWS if row["kind"] in kinds] == SHARED


@each([row for row in ROWS if row["kind"] == "conflict"])
def test_conflicting_stories_have_no_answer_in_common(row: Row) -> None:
    first, second = row["per_file"].values()
    assert set(first["answers"]).isdisjoint(second["answers"])


@each(IMPOSSIBLE + [turn for turn in TURNS if not turn["answers"]])
def test_what_the_stories_do_not_say_has_no_file_and_a_reason(row: Row) -> None:
    assert (row["answers"], row["files"], row["evidence"]) == ([], [], None)
    assert row["why_impossible"]
    assert row["kind"] in {"unanswerable", "boilerplate_trap"}


@each(TRAPS)
def test_the_words_of_a_trap_stand_on_a_page_but_in_no_story(row: Row) -> None:
    assert any(row["trap"] in page for page in RAW.values())
    assert not any(row["trap"] in body for body in BODIES.values())


def test_the_evaluation_reads_every_turn_of_the_conversations() -> None:
    assert [gold.id for gold in read_gold([FOLLOW_UPS])] == [turn["id"] for turn in TURNS]
    assert len(CONVERSATIONS) >= 25
    assert all(3 <= len(conversation["turns"]) <= 4 for conversation in CONVERSATIONS)


def test_a_conversation_begins_with_a_question_that_stands_alone() -> None:
    for conversation in CONVERSATIONS:
        first, *later = conversation["turns"]
        assert first["standalone"] == first["question"]
        assert any(turn["standalone"] != turn["question"] for turn in later)
