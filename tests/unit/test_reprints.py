"""The store links stories that have the same words, and keeps the links true."""

import sqlite3
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from corpus.near_duplicates import Wording, alike
from corpus.store import StoryStore
from corpus.story import Story
from tests.unit.test_near_duplicates import BODY, TITLE

FIRST = Story(
    story_id="first",
    source="first.html",
    title=TITLE,
    body=BODY,
    publisher="Tuscany Post",
    published_at=date(2024, 6, 18),
)
COPY = replace(
    FIRST, story_id="copy", publisher="Arno Gazette", published_at=date(2024, 6, 20),
    body=BODY.replace("FLORENCE — ", ""),
)  # fmt: skip
CUT = replace(
    FIRST, story_id="a-cut", published_at=None, body=COPY.body.rpartition(" The repair")[0]
)
OTHER = replace(FIRST, story_id="other", body=BODY.replace("1.5 million", "2.5 million"))
UNLIKE = replace(FIRST, story_id="unlike", body="Ada Quinn opened a bakery in Ogdenville.")


@pytest.fixture
def store(tmp_path: Path) -> StoryStore:
    return StoryStore(tmp_path / "stories.sqlite")


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (1, 3, 0, 2)])
def test_the_earliest_stands_for_all_that_have_its_words(
    store: StoryStore, order: tuple[int, ...]
) -> None:
    stories = (FIRST, COPY, UNLIKE, OTHER)
    for place in order:
        store.add([stories[place]])

    assert store.same_as(["copy", "first", "unlike", "other", "nothing"]) == {
        "copy": "first",
        "first": "first",
        "unlike": "unlike",
        "other": "other",
        "nothing": "nothing",
    }
    assert store.reprints("first") == ["copy"]
    assert store.reprints("copy") == ["first"]
    assert store.reprints("unlike") == store.reprints("nothing") == []
    assert [story.story_id for story in store.lineage("copy").reprints] == ["first"]


def test_stories_of_one_batch_are_linked(store: StoryStore) -> None:
    store.add([COPY, FIRST, UNLIKE])

    assert store.reprints("first") == ["copy"]


def test_an_undated_story_never_stands_for_a_dated_one(store: StoryStore) -> None:
    store.add([CUT, FIRST])

    assert store.same_as(["a-cut"]) == {"a-cut": "first"}


def test_a_cut_version_does_not_link_two_that_differ(store: StoryStore) -> None:
    """Else a conflict between the two would be taken for one story's words."""
    store.add([CUT, FIRST, OTHER])

    assert "2.5" not in CUT.body
    assert store.same_as(["first", "a-cut"]) == {"first": "first", "a-cut": "first"}
    assert store.same_as(["other"]) == {"other": "other"}


def test_the_next_earliest_takes_the_place_of_one_that_is_removed(store: StoryStore) -> None:
    store.add([FIRST, COPY, CUT])
    assert store.reprints("first") == ["copy", "a-cut"]

    store.remove("first")

    assert store.same_as(["copy", "a-cut"]) == {"copy": "copy", "a-cut": "copy"}
    assert store.reprints("copy") == ["a-cut"]


def test_a_story_that_changes_leaves_its_likes_and_may_come_back(store: StoryStore) -> None:
    store.add([FIRST, COPY])

    store.add([replace(FIRST, body=OTHER.body)])
    assert store.same_as(["first", "copy"]) == {"first": "first", "copy": "copy"}

    store.add([FIRST])
    assert store.same_as(["first", "copy"]) == {"first": "first", "copy": "first"}


def test_nothing_is_left_of_what_is_removed(store: StoryStore) -> None:
    store.add([FIRST, COPY])
    store.remove("first")
    store.remove("copy")

    connection = sqlite3.connect(store.path)
    for table in ("reprints", "bands", "revisions", "passages"):
        assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    connection.close()


def test_one_question_to_the_database_tells_of_many(store: StoryStore) -> None:
    store.add([FIRST, COPY, UNLIKE])
    asked: list[str] = []
    store._connections.current.set_trace_callback(asked.append)

    store.same_as(["first", "copy", "unlike"] * 7)

    assert len(asked) == 1


def test_a_story_that_many_others_are_like_costs_few_comparisons(
    store: StoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    series = [
        replace(FIRST, story_id=f"n{n:03}", body=BODY.replace("1.5 million", f"{n}.5 million"))
        for n in range(2, 60)
    ]
    store.add(series)
    compared: list[object] = []

    def counted(one: object, other: object) -> bool:
        compared.append(other)
        return False

    monkeypatch.setattr("corpus.reprints.alike", counted)
    store.add([FIRST])

    assert 1 <= len(compared) <= 16


@pytest.mark.parametrize(("endings", "most"), [(1, 1), (80, 50)])
def test_the_next_of_many_copies_costs_no_more_than_the_last(
    store: StoryStore, monkeypatch: pytest.MonkeyPatch, endings: int, most: int
) -> None:
    copies = [
        replace(FIRST, story_id=f"c{n:03}", body=f"{BODY} {chr(ord('a') + n % endings)}")
        for n in range(80)
    ]
    store.add(copies)
    compared = 0

    def counted(one: Wording, other: Wording) -> bool:
        nonlocal compared
        compared += 1
        return alike(one, other)

    monkeypatch.setattr("corpus.reprints.alike", counted)
    store.add([FIRST])

    assert compared == most
    assert store.same_as(["first"]) == {"first": "c000"}
