"""Stories and passages as rows of the store's tables."""

import hashlib
import json
import sqlite3
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.errors import StoreDamaged
from corpus.story import Passage, Story

Vectors = NDArray[np.float32]

_UNREADABLE = (AttributeError, TypeError, ValueError)

Row = sqlite3.Row | Mapping[str, Any]
"""A row of the table of stories, or the same columns as they were kept as JSON."""

STORY_COLUMNS = (
    "story_id",
    "source",
    "title",
    "body",
    "url",
    "byline",
    "syndicated_from",
    "unit",
    "publisher",
    "section",
    "dateline",
    "location",
    "published_at",
    "taken_at",
    "photo_title",
    "photo_credit",
    "caption",
    "caption_truncated",
    "about",
    "tags",
)

SELECT_STORY = f"SELECT {', '.join(STORY_COLUMNS)}, sha256 FROM stories"  # noqa: S608 - no outside text


def row_of(story: Story) -> dict[str, object]:
    """Return *story* as the values of its columns."""
    row: dict[str, object] = {column: getattr(story, column) for column in STORY_COLUMNS}
    row["published_at"] = story.published_at.isoformat() if story.published_at else None
    row["taken_at"] = story.taken_at.isoformat() if story.taken_at else None
    row["caption_truncated"] = int(story.caption_truncated)
    row["tags"] = json.dumps(story.tags, ensure_ascii=False)
    return row


def fingerprint_of(story: Story) -> str:
    """Return a hash of all that a story says: the same for the same story from another source."""
    row = row_of(story)
    del row["source"]
    fields = json.dumps(row, ensure_ascii=False, sort_keys=True).encode()
    return hashlib.sha256(fields).hexdigest()


def story_of(row: Row) -> Story:
    """Return the story that *row* holds; a column that was added later is left at its default.

    Raises `StoreDamaged` if the row can't be read, or its body is not the one that was stored.
    """
    columns = row.keys()
    values = {column: row[column] for column in STORY_COLUMNS if column in columns}
    try:
        values["published_at"] = _moment(row["published_at"])
        values["taken_at"] = _moment(row["taken_at"])
        values["caption_truncated"] = bool(row["caption_truncated"])
        values["tags"] = tuple(json.loads(row["tags"]))
        story = Story(**values)
        intact = "sha256" not in columns or row["sha256"] == story.sha256
    except _UNREADABLE as error:
        raise _damaged(row) from error
    if not intact:
        raise _damaged(row)
    return story


def passage_of(row: sqlite3.Row, body: str) -> Passage:
    """Return the passage that *row* holds, cut from its story's *body*; raise `StoreDamaged`."""
    try:
        text = body[row["start"] : row["end"]]
    except _UNREADABLE as error:
        raise _damaged(row) from error
    return Passage(
        passage_id=row["passage_id"],
        story_id=row["story_id"],
        ordinal=row["ordinal"],
        start=row["start"],
        end=row["end"],
        text=text,
    )


def vector_of(row: sqlite3.Row) -> Vectors:
    """Return the vector that *row* of a passage holds; raise `StoreDamaged`."""
    try:
        return np.frombuffer(row["vector"], dtype="<f4")
    except _UNREADABLE as error:
        raise _damaged(row) from error


def _damaged(row: Row) -> StoreDamaged:
    return StoreDamaged(
        f"what is stored of story {row['story_id']} is damaged; restore the store from a backup,"
        " or remove the story and add it again"
    )


def _moment(text: str | None) -> date | datetime | None:
    if text is None:
        return None
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
