"""The story store keeps what it was given, and tells indexes what to do."""

import re
import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import RevisionNotFound, StoreDamaged, StoryNotFound
from corpus.passages import split_story
from corpus.store import StoryStore
from corpus.story import Passage, Story
from embeddings.build import encode_pending
from tests.fakes import HashingEncoder, mayor_story


@pytest.fixture
def store(tmp_path: Path) -> StoryStore:
    return StoryStore(tmp_path / "stories.sqlite")


@pytest.fixture
def story() -> Story:
    return Story(
        story_id="s1",
        source="springfield/mayor.txt",
        title="Ada Quinn sworn in",
        body="SPRINGFIELD — Ada Quinn is mayor. She was sworn in.\n\nThe “city” cheered.",
        publisher="Springfield Post",
        published_at=datetime(2024, 5, 7, 9, 30, tzinfo=UTC),
        taken_at=date(2024, 5, 6),
        tags=("city", "mayor"),
    )


def add(store: StoryStore, *stories: Story) -> list[str]:
    return list(store.put([(story, split_story(story)) for story in stories]))


def embed_all(store: StoryStore) -> int:
    batch = [
        (story, np.eye(len(passages), 4, dtype=np.float32))
        for story, passages in store.pending(limit=10)
    ]
    return store.put_vectors(batch)


def test_a_story_comes_back_as_it_went_in(store: StoryStore, story: Story) -> None:
    add(store, story)

    assert store.story("s1") == story


def test_a_day_comes_back_as_a_day_and_a_naive_time_as_naive(
    store: StoryStore, story: Story
) -> None:
    story = replace(story, published_at=datetime(2019, 11, 6, 9, 38), taken_at=date(2019, 11, 5))
    add(store, story)

    assert store.story("s1").published_at == datetime(2019, 11, 6, 9, 38)
    assert store.story("s1").taken_at == date(2019, 11, 5)


def test_adding_the_same_story_twice_adds_nothing(store: StoryStore, story: Story) -> None:
    assert add(store, story) == ["added"]
    embed_all(store)
    before = store.change

    assert add(store, story) == ["unchanged"]
    assert (store.count(), store.change, store.pending_count()) == (1, before, 0)


def test_the_same_story_from_another_place_adds_nothing(store: StoryStore, story: Story) -> None:
    add(store, story)

    assert add(store, replace(story, source="elsewhere.txt")) == ["unchanged"]
    assert store.story("s1").source == "springfield/mayor.txt"


def test_a_changed_story_replaces_the_older_one(store: StoryStore, story: Story) -> None:
    add(store, story)
    embed_all(store)
    before = store.change

    assert add(store, replace(story, body="Ada Quinn resigned.")) == ["updated"]
    embed_all(store)

    assert store.story("s1").body == "Ada Quinn resigned."
    assert [change.kind for change in store.changes_since(before)] == ["remove", "add"]


def test_passages_are_cut_from_the_stored_body(store: StoryStore, story: Story) -> None:
    add(store, story)
    passages = split_story(story)

    found = store.passages([passage.passage_id for passage in passages] + [1])

    assert sorted(found.values(), key=lambda passage: passage.ordinal) == passages


def test_a_story_without_vectors_is_pending_and_unknown_to_indexes(
    store: StoryStore, story: Story
) -> None:
    add(store, story)

    [(pending, passages)] = store.pending(limit=10)

    assert (pending, passages) == (story, split_story(story))
    assert (store.changes_since(0), store.entries(["s1"])) == ([], [])


def test_vectors_make_a_story_searchable(store: StoryStore, story: Story) -> None:
    add(store, story)

    change = embed_all(store)

    assert store.pending(limit=10) == []
    [step] = store.changes_since(0)
    assert (step.change, step.kind, step.story_id) == (change, "add", "s1")
    [(entry_story, passage, vector)] = store.entries(["s1"])
    assert (entry_story, passage) == (story, split_story(story)[0])
    assert vector.tolist() == [1, 0, 0, 0]


def test_vectors_of_words_that_have_changed_meanwhile_are_dropped(
    store: StoryStore, story: Story
) -> None:
    add(store, story)
    [(stale, passages)] = store.pending(limit=10)
    add(store, replace(story, body="Ada Quinn resigned."))

    store.put_vectors([(stale, np.eye(len(passages), 4, dtype=np.float32))])

    assert store.pending_count() == 1
    assert store.changes_since(0) == []


def test_a_removed_story_is_gone_and_indexes_are_told(store: StoryStore, story: Story) -> None:
    add(store, story)
    before = embed_all(store)

    store.remove("s1")

    with pytest.raises(StoryNotFound, match="story s1 not found; `dateline status` lists"):
        store.story("s1")
    [step] = store.changes_since(before)
    assert (step.kind, step.passage_ids) == ("remove", (split_story(story)[0].passage_id,))


def test_removing_an_unknown_story_says_so(store: StoryStore) -> None:
    with pytest.raises(StoryNotFound, match="story nothing not found"):
        store.remove("nothing")


def test_what_is_unknown_is_named(store: StoryStore, story: Story) -> None:
    add(store, story)

    with pytest.raises(StoryNotFound, match="story nothing not found"):
        store.lineage("nothing")
    with pytest.raises(RevisionNotFound, match="story s1 has no version with the SHA-256 00"):
        store.revision("s1", "00")


def test_a_store_and_its_copies_have_an_identity_that_others_lack(
    store: StoryStore, tmp_path: Path
) -> None:
    identity = store.identity
    store.close()
    copy = tmp_path / "copy.sqlite"
    copy.write_bytes(store.path.read_bytes())

    assert re.fullmatch("[0-9a-f]{16}", identity)
    assert StoryStore(store.path).identity == StoryStore(copy).identity == identity
    assert StoryStore(tmp_path / "other.sqlite").identity != identity


def test_stories_are_listed_by_their_ids_after_one(store: StoryStore, story: Story) -> None:
    add(store, *(replace(story, story_id=story_id) for story_id in ("b", "a", "d", "c")))

    assert [one.story_id for one in store.stories_after("a", limit=2)] == ["b", "c"]
    assert [one.story_id for one in store.stories_after("", limit=9)] == ["a", "b", "c", "d"]


def test_stories_are_found_among_many_ids(store: StoryStore, story: Story) -> None:
    add(store, story, replace(story, story_id="s2"))

    found = store.stories(["s1", *(f"unknown{number}" for number in range(499)), "s2"])

    assert sorted(found) == ["s1", "s2"]


def test_a_store_without_dates_has_no_first_and_last_day(store: StoryStore) -> None:
    assert store.date_range() == (None, None)


def test_a_cut_caption_is_kept_as_cut(store: StoryStore, story: Story) -> None:
    cut = replace(story, caption="Ada Quinn wh", caption_truncated=True)
    add(store, cut)

    assert store.story("s1") == cut


def test_another_encoder_makes_every_story_pending(store: StoryStore, story: Story) -> None:
    store.set_encoder("a")
    add(store, story)
    before = embed_all(store)

    store.set_encoder("b")

    assert (store.encoder, store.pending_count()) == ("b", 1)
    assert embed_all(store) > before


def test_a_failed_batch_stores_nothing(store: StoryStore, story: Story) -> None:
    [passage] = split_story(story)
    twice: list[Passage] = [passage, passage]

    with pytest.raises(StoreDamaged):
        store.put([(replace(story, story_id="s0"), []), (story, twice)])

    assert store.count() == 0


def test_what_is_in_the_store_is_counted(store: StoryStore, story: Story) -> None:
    older = replace(
        story, story_id="s0", publisher="Ogdenville News", published_at=date(2019, 1, 2)
    )
    undated = replace(story, story_id="s2", publisher=None, published_at=None)
    add(store, story, older, undated)

    assert (store.count(), store.passage_count()) == (3, 3)
    assert store.publishers() == ["Ogdenville News", "Springfield Post"]
    assert store.date_range() == (date(2019, 1, 2), date(2024, 5, 7))
    assert [page.story_id for page in store.stories_page(2)] == ["s1", "s0"]
    assert [page.story_id for page in store.stories_page(2, offset=2)] == ["s2"]


def test_stories_outlive_the_process(tmp_path: Path, story: Story) -> None:
    store = StoryStore(tmp_path / "stories.sqlite")
    add(store, story)
    store.close()

    assert StoryStore(tmp_path / "stories.sqlite").story("s1") == story


def test_every_thread_reads_the_same_stories(store: StoryStore, story: Story) -> None:
    add(store, story)
    seen: list[Story] = []

    def read() -> None:
        seen.append(store.story("s1"))
        store.close()

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert seen == [story] * 4


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "stories.sqlite").write_bytes(b"not a database, but long enough to look" * 40)

    with pytest.raises(StoreDamaged, match="no Dateline store or is damaged"):
        StoryStore(tmp_path / "stories.sqlite")


def test_another_programs_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "stories.sqlite"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE bookmarks (url TEXT)")
    other.commit()
    other.close()

    with pytest.raises(StoreDamaged, match="not a Dateline store"):
        StoryStore(path)


def test_a_store_of_a_newer_dateline_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "stories.sqlite"
    StoryStore(path).close()
    newer = sqlite3.connect(path)
    newer.execute("PRAGMA user_version = 99")
    newer.close()

    with pytest.raises(StoreDamaged, match="schema 99"):
        StoryStore(path)


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE stories SET body = replace(body, 'mayor', 'major')",
        "UPDATE stories SET tags = '['",
        "UPDATE stories SET published_at = '2021-1'",
        "UPDATE passages SET vector = x'000000'",
    ],
)
def test_what_is_not_as_it_was_stored_is_told_and_not_read(tmp_path: Path, damage: str) -> None:
    path, story = tmp_path / "stories.sqlite", mayor_story()
    store = StoryStore(path)
    store.add([story])
    encode_pending(store, HashingEncoder())
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(damage)
    advice = "restore the store from a backup, or remove the story and add it again"
    with pytest.raises(StoreDamaged, match=f"story {story.story_id} is damaged; {advice}"):
        store.entries([story.story_id])
    store.remove(story.story_id)
    assert store.add([story]) == ["added"]
    assert store.story(story.story_id) == story


def test_store_goes_on_after_a_commit_that_failed(tmp_path: Path) -> None:
    store = StoryStore(tmp_path / "stories.sqlite")
    with closing(sqlite3.connect(store.path)) as connection, connection:
        # Deferred, it is refused at the commit.
        connection.execute(
            "CREATE TABLE other (story_id TEXT REFERENCES stories DEFERRABLE INITIALLY DEFERRED)"
        )
        connection.execute(
            "CREATE TRIGGER refuse AFTER INSERT ON stories"
            " BEGIN INSERT INTO other VALUES ('?'); END"
        )
    with pytest.raises(StoreDamaged):
        store.add([mayor_story()])
    with closing(sqlite3.connect(store.path)) as connection, connection:
        connection.execute("DROP TRIGGER refuse")
    assert store.add([mayor_story()]) == ["added"]


def test_looking_for_what_is_pending_does_not_look_through_all_stories(store: StoryStore) -> None:
    def steps() -> int:
        """Return the instructions that SQLite takes, in hundreds."""
        ticks: list[None] = []
        connection = store._connections.current
        connection.set_progress_handler(lambda: ticks.append(None), 100)
        store.pending(10)
        connection.set_progress_handler(None, 0)
        return len(ticks)

    def fill(numbers: range) -> None:
        store.add([mayor_story(story_id=f"s{n}", body=f"Words of {n}.") for n in numbers])
        encode_pending(store, HashingEncoder())

    fill(range(5))
    before = steps()
    fill(range(5, 500))
    assert steps() <= before + 1
