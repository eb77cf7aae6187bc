"""A store that an older Dateline wrote is brought up to date, whole or not at all."""

import json
import sqlite3
from pathlib import Path

import pytest

from corpus import migrations
from corpus.connection import SCHEMA_VERSION
from corpus.errors import StoreDamaged
from corpus.migrations import to_2
from corpus.passages import split_story
from corpus.store import StoryStore
from corpus.story import Story
from tests.unit.test_near_duplicates import BODY, TITLE

SCHEMA_1 = Path(__file__).parents[1] / "data" / "schema_1.sql"
STORIES = [
    Story(story_id="s1", source="1.txt", title=TITLE, body=BODY, tags=("a", "b")),
    Story(story_id="s2", source="2.txt", title=TITLE, body=f"{BODY}\n\n— Reuters"),
    Story(story_id="s3", source="3.txt", title="Bakery", body="A bakery opened in Ogdenville."),
]


@pytest.fixture(params=[True, False], ids=["publishers indexed", "publishers not indexed"])
def old(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A store of schema 1, its first two stories searchable."""
    path = tmp_path / "stories.sqlite"
    connection = sqlite3.connect(path)
    connection.executescript(SCHEMA_1.read_text("utf-8"))
    if not request.param:
        connection.execute("DROP INDEX stories_publisher")
    for story in STORIES:
        connection.execute(
            "INSERT INTO stories (story_id, source, title, body, caption_truncated, tags, sha256,"
            " ingested_at, embedded) VALUES (?, ?, ?, ?, 0, ?, ?, '2024-06-20T04:30:00+00:00', ?)",
            (
                story.story_id,
                story.source,
                story.title,
                story.body,
                json.dumps(story.tags),
                story.sha256,
                story.story_id != "s3",
            ),
        )
        for passage in split_story(story):
            connection.execute(
                "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?)",
                (
                    passage.passage_id,
                    passage.story_id,
                    passage.ordinal,
                    passage.start,
                    passage.end,
                    bytes(16) if story.story_id != "s3" else None,
                ),
            )
        if story.story_id != "s3":
            connection.execute(
                "INSERT INTO changes (story_id, kind, passage_count) VALUES (?, 'add', ?)",
                (story.story_id, len(split_story(story))),
            )
    connection.execute("PRAGMA application_id = 0x44544C4E")
    connection.execute("PRAGMA user_version = 1")
    connection.commit()
    connection.close()
    return path


def shape(path: Path) -> dict[str, object]:
    """Return what is in the schema: every column of every table, and every index."""
    connection = sqlite3.connect(path)
    names = connection.execute("SELECT type, name FROM sqlite_master ORDER BY name").fetchall()
    told: dict[str, object] = {}
    for _, name in names:
        columns = connection.execute(f"PRAGMA table_xinfo({name})")
        told[name] = sorted(row[1:] for row in columns)
    told["version"] = connection.execute("PRAGMA user_version").fetchone()
    connection.close()
    return told


def test_an_older_store_keeps_its_stories_and_gains_what_is_new(old: Path) -> None:
    store = StoryStore(old)

    assert store.story("s1") == STORIES[0]
    assert store.story("s2").syndicated_from == "Reuters"
    assert store.same_as(["s1", "s2", "s3"]) == {"s1": "s1", "s2": "s1", "s3": "s3"}
    assert (store.change, store.pending_count()) == (2, 1)
    assert [passage for _, passage, _ in store.entries(["s1"])] == split_story(STORIES[0])
    assert [version.replaced_at for version in store.lineage("s1").versions] == [None]


def test_an_older_store_gets_the_schema_of_a_new_one(old: Path, tmp_path: Path) -> None:
    StoryStore(old).close()
    StoryStore(tmp_path / "new.sqlite").close()

    assert shape(old) == shape(tmp_path / "new.sqlite")


def test_an_older_store_works_on(old: Path) -> None:
    store = StoryStore(old)
    changed = Story(story_id="s1", source="1.txt", title=TITLE, body="Nothing was closed.")

    assert store.add([STORIES[0], STORIES[2]]) == ["unchanged", "unchanged"]
    assert store.add([changed]) == ["updated"]
    assert store.revision("s1", STORIES[0].sha256) == STORIES[0]
    store.close()
    assert StoryStore(old).story("s1") == changed


def test_a_step_that_fails_changes_nothing(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = shape(old)

    def fail(connection: sqlite3.Connection) -> None:
        to_2.migrate(connection)
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setitem(migrations.STEPS, 2, fail)
    with pytest.raises(StoreDamaged, match="disk I/O error"):
        StoryStore(old)
    assert shape(old) == before

    monkeypatch.undo()
    assert StoryStore(old).count() == 3


@pytest.mark.parametrize("version", [0, SCHEMA_VERSION + 1, 99])
def test_a_store_of_another_age_is_refused_and_left_alone(old: Path, version: int) -> None:
    connection = sqlite3.connect(old)
    connection.execute(f"PRAGMA user_version = {version}")
    connection.close()
    before = shape(old)

    with pytest.raises(
        StoreDamaged, match=f"has schema {version}, this Dateline reads 1 to 2; use"
    ):
        StoryStore(old)
    assert shape(old) == before


def test_there_is_a_step_to_every_schema() -> None:
    assert sorted(migrations.STEPS) == list(range(2, SCHEMA_VERSION + 1))


def test_a_store_that_is_up_to_date_opens_while_another_process_writes(tmp_path: Path) -> None:
    path = tmp_path / "stories.sqlite"
    StoryStore(path).close()
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")

    assert StoryStore(path).count() == 0
    writer.close()
