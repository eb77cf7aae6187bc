"""Links stories with the same words, inside a transaction that its caller holds.

All stories of a group are alike, each with each, so that none hides another that differs from it
by way of a third. A story joins the group of the story that it shares most bands with, of those
whose stories are all like it. The earliest published one stands for the group.
"""

import sqlite3
import struct
from collections.abc import Sequence
from datetime import date

from corpus.near_duplicates import BANDS, Wording, alike, bands_of, wording_of

_CANDIDATES = 16
"""Stories that share bands and are looked at; those that share most are."""

_COMPARED = 50
"""Wordings of a group that a story must be like; more, which a flood of copies has, are taken on
trust, so that the next copy takes no longer than the last."""

_PRINTED = "SELECT DISTINCT title, body, substr(published_at, 1, 10) AS day FROM stories"
_BLOB = struct.Struct(f"<{BANDS}q")


def link(connection: sqlite3.Connection, story_id: str) -> None:
    """Put a story that was just stored with the stories that have its words."""
    row = connection.execute(f"{_PRINTED} WHERE story_id = ?", (story_id,)).fetchone()
    bands = bands_of(row["body"])
    near = _sharing(connection, bands)
    original = _like(connection, _wording(row), near) if near else None
    connection.execute(
        "INSERT INTO reprints VALUES (?, ?, ?)",
        (story_id, original or story_id, _BLOB.pack(*bands)),
    )
    connection.executemany("INSERT INTO bands VALUES (?, ?)", ((band, story_id) for band in bands))
    if original:
        _choose(connection, original)


def unlink(connection: sqlite3.Connection, story_id: str) -> None:
    """Take a story that is about to go away from those that have its words."""
    row = connection.execute(
        "DELETE FROM reprints WHERE story_id = ? RETURNING original, bands", (story_id,)
    ).fetchone()
    if row is None:
        return
    connection.executemany(
        "DELETE FROM bands WHERE band = ? AND story_id = ?",
        ((band, story_id) for band in _BLOB.unpack(row["bands"])),
    )
    if row["original"] == story_id:
        _choose(connection, story_id)


def others(connection: sqlite3.Connection, story_id: str) -> list[str]:
    """Return the other stories that have the words of a story, by their dates."""
    row = connection.execute(
        "SELECT original FROM reprints WHERE story_id = ?", (story_id,)
    ).fetchone()
    return (
        [other for other in _group(connection, row["original"]) if other != story_id] if row else []
    )


def _group(connection: sqlite3.Connection, original: str) -> list[str]:
    """Return the stories that *original* stands for by their dates, the earliest first."""
    rows = connection.execute(
        "SELECT story_id FROM reprints JOIN stories USING (story_id) WHERE original = ?"
        " ORDER BY published_at IS NULL, published_at, story_id",
        (original,),
    )
    return [row["story_id"] for row in rows]


def _choose(connection: sqlite3.Connection, original: str) -> None:
    """Let the earliest story of a group stand for it."""
    group = _group(connection, original)
    if group and group[0] != original:
        connection.execute(
            "UPDATE reprints SET original = ? WHERE original = ?", (group[0], original)
        )


def _sharing(connection: sqlite3.Connection, bands: Sequence[int]) -> list[str]:
    """Return the originals of the stories that share bands, those that share most first."""
    rows = connection.execute(
        "SELECT original, max(shared) AS most FROM ("  # noqa: S608 - no outside text
        f"SELECT story_id, count(*) AS shared FROM bands WHERE band IN ({', '.join('?' * BANDS)})"
        " GROUP BY story_id ORDER BY shared DESC, story_id LIMIT ?"
        ") JOIN reprints USING (story_id) GROUP BY original ORDER BY most DESC, original",
        [*bands, _CANDIDATES],
    )
    return [row["original"] for row in rows]


def _like(connection: sqlite3.Connection, wording: Wording, near: Sequence[str]) -> str | None:
    """Return the first of the originals in *near* of whose group each wording is like *wording*."""
    for original in near:
        group = connection.execute(
            f"{_PRINTED} JOIN reprints USING (story_id) WHERE original = ? LIMIT ?",
            (original, _COMPARED),
        )
        if all(alike(wording, _wording(row)) for row in group):
            return original
    return None


def _wording(row: sqlite3.Row) -> Wording:
    day = row["day"]
    return wording_of(row["title"], row["body"], date.fromisoformat(day) if day else None)
