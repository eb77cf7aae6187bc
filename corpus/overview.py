"""What a store holds, in numbers."""

import sqlite3
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """How much there is, from whom and from when.

    *pending* passages can't be found yet; *publishers* maps each name to its number of stories,
    most first; *unnamed* stories name no publisher, *undated* ones no day. *last_added* is when a
    story was last added or changed.
    """

    stories: int
    passages: int
    pending: int
    publishers: dict[str, int]
    unnamed: int
    undated: int
    first_date: date | None
    last_date: date | None
    last_added: datetime | None


def overview(connection: sqlite3.Connection) -> Overview:
    """Count what the store behind *connection* holds."""
    [stories, dated, first, last, added] = connection.execute(
        "SELECT count(*), count(published_at), min(published_at), max(published_at),"
        " max(ingested_at) FROM stories"
    ).fetchone()
    [passages, pending] = connection.execute(
        "SELECT count(*), coalesce(sum(embedded = 0), 0)"
        " FROM passages JOIN stories USING (story_id)"
    ).fetchone()
    publishers = {
        name: count
        for name, count in connection.execute(
            "SELECT publisher, count(*) FROM stories WHERE publisher IS NOT NULL"
            " GROUP BY publisher ORDER BY count(*) DESC, publisher"
        )
    }
    return Overview(
        stories=stories,
        passages=passages,
        pending=pending,
        publishers=publishers,
        unnamed=stories - sum(publishers.values()),
        undated=stories - dated,
        first_date=date.fromisoformat(first[:10]) if first else None,
        last_date=date.fromisoformat(last[:10]) if last else None,
        last_added=datetime.fromisoformat(added) if added else None,
    )
