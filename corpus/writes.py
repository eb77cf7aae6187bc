"""What the store writes, inside a transaction that its caller holds."""

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Literal

from corpus import reprints, revisions
from corpus.changes import log
from corpus.passages import split_story
from corpus.rows import (
    SELECT_STORY,
    STORY_COLUMNS,
    Vectors,
    fingerprint_of,
    passage_of,
    row_of,
    story_of,
)
from corpus.story import Passage, Story

Outcome = Literal["added", "updated", "unchanged"]

_WRITTEN = (*STORY_COLUMNS, "sha256", "fingerprint", "ingested_at", "embedded")
_WRITE_STORY = (
    f"INSERT INTO stories ({', '.join(_WRITTEN)})"  # noqa: S608 - no outside text
    f" VALUES ({', '.join(f':{column}' for column in _WRITTEN)}) ON CONFLICT (story_id)"
    f" DO UPDATE SET {', '.join(f'{column} = excluded.{column}' for column in _WRITTEN)}"
)


def read_story(connection: sqlite3.Connection, story_id: str) -> Story | None:
    """Return the story of this id, if there is one."""
    row = connection.execute(f"{SELECT_STORY} WHERE story_id = ?", (story_id,)).fetchone()
    return story_of(row) if row else None


def read_pending(connection: sqlite3.Connection, limit: int) -> list[tuple[Story, list[Passage]]]:
    """Return up to *limit* stories that can't be found yet, with the passages to encode."""
    rows = connection.execute(
        # The plus has SQLite look at the few that are pending, not through all.
        f"{SELECT_STORY} WHERE rowid IN (SELECT rowid FROM stories"  # noqa: S608 - no outside text
        " WHERE embedded = 0 ORDER BY +rowid LIMIT ?) ORDER BY rowid",
        (limit,),
    )
    stories = [story_of(row) for row in rows]
    return [(story, _without_vectors(connection, story)) for story in stories]


def _without_vectors(connection: sqlite3.Connection, story: Story) -> list[Passage]:
    """Return the passages of *story* that have no vectors, in order."""
    rows = connection.execute(
        "SELECT * FROM passages WHERE story_id = ? AND vector IS NULL ORDER BY ordinal",
        (story.story_id,),
    )
    return [passage_of(row, story.body) for row in rows]


def put(
    connection: sqlite3.Connection, story: Story, passages: Sequence[Passage] | None = None
) -> Outcome:
    """Store *story* with its passages, in place of an older version of it, which is kept.

    A story that hasn't changed costs its fingerprint: it is neither cut into passages, where none
    are given, nor written. The same story read from another source is unchanged and keeps its
    first source.
    """
    fingerprint = fingerprint_of(story)
    known = connection.execute(
        "SELECT fingerprint FROM stories WHERE story_id = ?", (story.story_id,)
    ).fetchone()
    if known and known["fingerprint"] == fingerprint:
        return "unchanged"
    older = read_story(connection, story.story_id)
    if older and replace(older, source=story.source) == story:
        # It was stored when fingerprints were made of other fields, or not at all.
        connection.execute(
            "UPDATE stories SET fingerprint = ? WHERE story_id = ?", (fingerprint, story.story_id)
        )
        return "unchanged"
    now = datetime.now(UTC).isoformat(timespec="seconds")
    vectors = _make_room(connection, older, story, now) if older else {}
    connection.execute(
        _WRITE_STORY,
        row_of(story)
        | {"sha256": story.sha256, "fingerprint": fingerprint, "ingested_at": now, "embedded": 0},
    )
    _put_passages(connection, story, split_story(story) if passages is None else passages, vectors)
    reprints.link(connection, story.story_id)
    return "updated" if older else "added"


def forget(connection: sqlite3.Connection, story_id: str) -> bool:
    """Delete a story with its earlier versions; say whether it was there."""
    _clear(connection, story_id)
    deleted = connection.execute("DELETE FROM stories WHERE story_id = ?", (story_id,))
    return deleted.rowcount > 0


def write_vectors(connection: sqlite3.Connection, story: Story, vectors: Vectors) -> None:
    """Give the passages of *story* that have none their *vectors*, and make it searchable."""
    pending = _without_vectors(connection, story)
    if len(pending) != len(vectors):
        # The encoder was changed meanwhile: all passages are pending again.
        return
    connection.executemany(
        "UPDATE passages SET vector = ? WHERE passage_id = ?",
        (
            (vector.astype("<f4").tobytes(), passage.passage_id)
            for passage, vector in zip(pending, vectors, strict=True)
        ),
    )
    _make_searchable(connection, story.story_id)


def _make_room(
    connection: sqlite3.Connection, older: Story, story: Story, now: str
) -> dict[str, bytes]:
    """Keep *older* as an earlier version; return its vectors that hold for *story*, by passage.

    Title and words of a passage are what is encoded: a vector holds while both are the same.
    """
    vectors: dict[str, bytes] = {}
    if older.title == story.title:
        rows = connection.execute(
            "SELECT * FROM passages WHERE story_id = ? AND vector IS NOT NULL", (story.story_id,)
        )
        vectors = {passage_of(row, older.body).text: row["vector"] for row in rows}
    revisions.keep(connection, older, now)
    _clear(connection, older.story_id)
    return vectors


def _put_passages(
    connection: sqlite3.Connection,
    story: Story,
    passages: Sequence[Passage],
    vectors: dict[str, bytes],
) -> None:
    connection.executemany(
        'INSERT INTO passages (passage_id, story_id, ordinal, start, "end", vector)'
        " VALUES (?, ?, ?, ?, ?, ?)",
        (
            (
                passage.passage_id,
                passage.story_id,
                passage.ordinal,
                passage.start,
                passage.end,
                vectors.get(passage.text),
            )
            for passage in passages
        ),
    )
    if passages and all(passage.text in vectors for passage in passages):
        _make_searchable(connection, story.story_id)


def _clear(connection: sqlite3.Connection, story_id: str) -> None:
    """Delete what is kept of a story beside itself; tell indexes so if they may know it."""
    reprints.unlink(connection, story_id)
    deleted = connection.execute("DELETE FROM passages WHERE story_id = ?", (story_id,))
    if connection.execute(
        "DELETE FROM changes WHERE kind = 'add' AND story_id = ?", (story_id,)
    ).rowcount:
        log(connection, story_id, "remove", deleted.rowcount)


def _make_searchable(connection: sqlite3.Connection, story_id: str) -> None:
    [count] = connection.execute(
        "SELECT count(*) FROM passages WHERE story_id = ?", (story_id,)
    ).fetchone()
    connection.execute("UPDATE stories SET embedded = 1 WHERE story_id = ?", (story_id,))
    connection.execute("DELETE FROM changes WHERE kind = 'add' AND story_id = ?", (story_id,))
    log(connection, story_id, "add", count)
