"""What the store writes, inside a transaction that its caller holds."""

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Literal

from corpus.rows import SELECT_STORY, STORY_COLUMNS, Vectors, passage_of, row_of, story_of
from corpus.story import Passage, Story

Outcome = Literal["added", "updated", "unchanged"]

_INSERT_STORY = (
    f"INSERT INTO stories ({', '.join(STORY_COLUMNS)}, sha256, ingested_at) "  # noqa: S608 - no outside text
    f"VALUES ({', '.join(':' + column for column in STORY_COLUMNS)}, :sha256, :ingested_at)"
)


def read_story(connection: sqlite3.Connection, story_id: str) -> Story | None:
    """Return the story of this id, if there is one."""
    row = connection.execute(f"{SELECT_STORY} WHERE story_id = ?", (story_id,)).fetchone()
    return story_of(row) if row else None


def read_passages(connection: sqlite3.Connection, story: Story) -> list[Passage]:
    """Return the passages of *story* in order."""
    rows = connection.execute(
        "SELECT * FROM passages WHERE story_id = ? ORDER BY ordinal", (story.story_id,)
    )
    return [passage_of(row, story.body) for row in rows]


def put(connection: sqlite3.Connection, story: Story, passages: Sequence[Passage]) -> Outcome:
    """Store *story* with its *passages*, in place of an older version of it.

    The same story read from another source is unchanged and keeps its first source.
    """
    older = read_story(connection, story.story_id)
    if older and replace(older, source=story.source) == story:
        return "unchanged"
    if older is not None:
        forget(connection, story.story_id)
    ingested_at = datetime.now(UTC).isoformat(timespec="seconds")
    connection.execute(
        _INSERT_STORY, row_of(story) | {"sha256": story.sha256, "ingested_at": ingested_at}
    )
    connection.executemany(
        'INSERT INTO passages (passage_id, story_id, ordinal, start, "end") VALUES (?, ?, ?, ?, ?)',
        (
            (passage.passage_id, passage.story_id, passage.ordinal, passage.start, passage.end)
            for passage in passages
        ),
    )
    return "updated" if older else "added"


def forget(connection: sqlite3.Connection, story_id: str) -> bool:
    """Delete a story, and tell indexes so if they may know it; say whether it was there."""
    [count] = connection.execute(
        "SELECT count(*) FROM passages WHERE story_id = ?", (story_id,)
    ).fetchone()
    deleted = connection.execute("DELETE FROM stories WHERE story_id = ?", (story_id,)).rowcount
    if connection.execute(
        "DELETE FROM changes WHERE kind = 'add' AND story_id = ?", (story_id,)
    ).rowcount:
        _log(connection, story_id, "remove", count)
    return deleted > 0


def write_vectors(connection: sqlite3.Connection, story_id: str, vectors: Vectors) -> None:
    """Give a story's passages their *vectors*, a row each in order, and make it searchable."""
    connection.executemany(
        "UPDATE passages SET vector = ? WHERE story_id = ? AND ordinal = ?",
        (
            (vector.astype("<f4").tobytes(), story_id, ordinal)
            for ordinal, vector in enumerate(vectors)
        ),
    )
    connection.execute("UPDATE stories SET embedded = 1 WHERE story_id = ?", (story_id,))
    connection.execute("DELETE FROM changes WHERE kind = 'add' AND story_id = ?", (story_id,))
    _log(connection, story_id, "add", len(vectors))


def _log(connection: sqlite3.Connection, story_id: str, kind: str, passage_count: int) -> None:
    connection.execute(
        "INSERT INTO changes (story_id, kind, passage_count) VALUES (?, ?, ?)",
        (story_id, kind, passage_count),
    )
