"""Earlier versions of stories, inside a transaction that its caller holds."""

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime

from corpus.rows import SELECT_STORY, row_of, story_of
from corpus.story import Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A version of a story: when it was stored, and when another took its place.

    *replaced_at* is None for the version that answers are made from. Two versions that differ in
    their fields alone have the same *sha256*, which is the body's.
    """

    sha256: str
    title: str
    ingested_at: datetime
    replaced_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lineage:
    """Where a story comes from: its versions, the present one first, and its reprints.

    *reprints* are the other stories that have its words, by their dates.
    """

    versions: tuple[Revision, ...]
    reprints: tuple[Story, ...] = ()

    @property
    def ingested_at(self) -> datetime:
        """When the version that answers are made from was stored."""
        return self.versions[0].ingested_at


def keep(connection: sqlite3.Connection, story: Story, replaced_at: str) -> None:
    """Keep *story* as it is stored, since another version is about to take its place.

    A version that comes back again and again, as where two feeds are read in turn, is kept once.
    """
    [fingerprint, ingested_at] = connection.execute(
        "SELECT fingerprint, ingested_at FROM stories WHERE story_id = ?", (story.story_id,)
    ).fetchone()
    fields = json.dumps(row_of(story), ensure_ascii=False)
    connection.execute(
        "INSERT OR REPLACE INTO revisions VALUES (?, ?, ?, ?, ?, ?)",
        (story.story_id, fingerprint, story.sha256, ingested_at, replaced_at, fields),
    )


def read(connection: sqlite3.Connection, story_id: str, sha256: str) -> Story | None:
    """Return the latest version of a story that has this body, if there is one."""
    row = connection.execute(
        f"{SELECT_STORY} WHERE story_id = ? AND sha256 = ?", (story_id, sha256)
    ).fetchone()
    if row is not None:
        return story_of(row)
    row = connection.execute(
        "SELECT fields FROM revisions WHERE story_id = ? AND sha256 = ?"
        " ORDER BY replaced_at DESC, ingested_at DESC LIMIT 1",
        (story_id, sha256),
    ).fetchone()
    return story_of(json.loads(row["fields"])) if row is not None else None


def listed(connection: sqlite3.Connection, story_id: str) -> list[Revision]:
    """Return the versions of a story, the one that answers are made from first, then the latest."""
    present = connection.execute(
        "SELECT sha256, title, ingested_at, NULL AS replaced_at FROM stories WHERE story_id = ?",
        (story_id,),
    )
    earlier = connection.execute(
        "SELECT sha256, fields ->> 'title' AS title, ingested_at, replaced_at FROM revisions"
        " WHERE story_id = ? ORDER BY replaced_at DESC, ingested_at DESC",
        (story_id,),
    )
    return [
        Revision(
            sha256=row["sha256"],
            title=row["title"],
            ingested_at=datetime.fromisoformat(row["ingested_at"]),
            replaced_at=datetime.fromisoformat(row["replaced_at"]) if row["replaced_at"] else None,
        )
        for row in [*present, *earlier]
    ]
