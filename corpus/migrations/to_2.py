"""Schema 2: earlier versions are kept, and stories with the same words are linked."""

import sqlite3

from corpus import reprints
from corpus.syndication import agency_of

_STATEMENTS = (
    "ALTER TABLE stories ADD COLUMN syndicated_from TEXT",
    "ALTER TABLE stories ADD COLUMN fingerprint TEXT NOT NULL DEFAULT ''",
    # Stores of schema 1 were made with and without it.
    "CREATE INDEX IF NOT EXISTS stories_publisher ON stories (publisher)",
    """CREATE TABLE revisions (
        story_id TEXT NOT NULL REFERENCES stories ON DELETE CASCADE,
        fingerprint TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        ingested_at TEXT NOT NULL,
        replaced_at TEXT NOT NULL,
        fields TEXT NOT NULL,
        PRIMARY KEY (story_id, fingerprint)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE reprints (
        story_id TEXT PRIMARY KEY REFERENCES stories ON DELETE CASCADE,
        original TEXT NOT NULL,
        bands BLOB NOT NULL
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX reprints_of_original ON reprints (original)",
    """CREATE TABLE bands (
        band INTEGER NOT NULL,
        story_id TEXT NOT NULL,
        PRIMARY KEY (band, story_id)
    ) STRICT, WITHOUT ROWID""",
)


def migrate(connection: sqlite3.Connection) -> None:
    """Add the tables, and fill them from the stories that are there."""
    for statement in _STATEMENTS:
        connection.execute(statement)
    rows = connection.execute("SELECT story_id FROM stories ORDER BY rowid").fetchall()
    for story_id in (row["story_id"] for row in rows):
        row = connection.execute(
            "SELECT body, byline, dateline FROM stories WHERE story_id = ?", (story_id,)
        ).fetchone()
        agency = agency_of(row["body"], byline=row["byline"], dateline=row["dateline"])
        connection.execute(
            "UPDATE stories SET syndicated_from = ? WHERE story_id = ?", (agency, story_id)
        )
        reprints.link(connection, story_id)
