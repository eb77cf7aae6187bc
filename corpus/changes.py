"""The log of changes that indexes follow, and what they need to take a story in."""

import sqlite3
from dataclasses import dataclass
from typing import Literal

from corpus.connection import Connections
from corpus.story import passage_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One step that an index takes to catch up with the store."""

    change: int
    story_id: str
    kind: Literal["add", "remove"]
    passage_ids: tuple[int, ...]


def change_of(row: sqlite3.Row) -> Change:
    """Return the change that *row* holds."""
    return Change(
        change=row["change"],
        story_id=row["story_id"],
        kind=row["kind"],
        passage_ids=tuple(
            passage_id(row["story_id"], ordinal) for ordinal in range(row["passage_count"])
        ),
    )


def log(connection: sqlite3.Connection, story_id: str, kind: str, passage_count: int) -> None:
    """Write down that a story became searchable, or is so no longer."""
    connection.execute(
        "INSERT INTO changes (story_id, kind, passage_count) VALUES (?, ?, ?)",
        (story_id, kind, passage_count),
    )


def name_encoder(connection: sqlite3.Connection, name: str) -> None:
    """Name the encoder of all vectors, and drop those of the one before."""
    connection.execute("INSERT OR REPLACE INTO meta VALUES ('encoder', ?)", (name,))
    connection.execute("UPDATE passages SET vector = NULL")
    connection.execute("UPDATE stories SET embedded = 0")
    connection.execute("DELETE FROM changes WHERE kind = 'add'")


def identity_of(connections: Connections) -> str:
    """Return what tells a store, and its copies, from all others; made when first asked for."""
    known = "SELECT value FROM meta WHERE key = 'identity'"
    with connections.reading() as connection:
        rows = connection.execute(known).fetchall()
    if not rows:
        with connections.writing() as connection:
            made = "INSERT OR IGNORE INTO meta VALUES ('identity', lower(hex(randomblob(8))))"
            connection.execute(made)
            rows = connection.execute(known).fetchall()
    return str(rows[0]["value"])
