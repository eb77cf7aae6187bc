"""Stories and passages as rows of the store's tables."""

import json
import sqlite3
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from corpus.story import Passage, Story

Vectors = NDArray[np.float32]

STORY_COLUMNS = (
    "story_id",
    "source",
    "title",
    "body",
    "url",
    "byline",
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

SELECT_STORY = f"SELECT {', '.join(STORY_COLUMNS)} FROM stories"  # noqa: S608 - no outside text


def row_of(story: Story) -> dict[str, object]:
    """Return *story* as the values of its columns."""
    row: dict[str, object] = {column: getattr(story, column) for column in STORY_COLUMNS}
    row["published_at"] = story.published_at.isoformat() if story.published_at else None
    row["taken_at"] = story.taken_at.isoformat() if story.taken_at else None
    row["caption_truncated"] = int(story.caption_truncated)
    row["tags"] = json.dumps(story.tags, ensure_ascii=False)
    return row


def story_of(row: sqlite3.Row) -> Story:
    """Return the story that *row* holds."""
    values = {column: row[column] for column in STORY_COLUMNS}
    values["published_at"] = _moment(row["published_at"])
    values["taken_at"] = _moment(row["taken_at"])
    values["caption_truncated"] = bool(row["caption_truncated"])
    values["tags"] = tuple(json.loads(row["tags"]))
    return Story(**values)


def passage_of(row: sqlite3.Row, body: str) -> Passage:
    """Return the passage that *row* holds, cut from its story's *body*."""
    return Passage(
        passage_id=row["passage_id"],
        story_id=row["story_id"],
        ordinal=row["ordinal"],
        start=row["start"],
        end=row["end"],
        text=body[row["start"] : row["end"]],
    )


def _moment(text: str | None) -> date | datetime | None:
    if text is None:
        return None
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
