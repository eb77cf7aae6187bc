"""Which stories have words in their title, a publisher, a date: for those who browse them."""

import sqlite3
import unicodedata
from dataclasses import dataclass
from datetime import date

from corpus.rows import SELECT_STORY, story_of
from corpus.story import Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a story must satisfy; an empty field allows every story.

    *title* holds words that the title must have, in any order and as parts of words too. Case and
    the ways in which Unicode writes one character don't matter, neither here nor in *publisher*.
    *from_date* and *to_date* are both inclusive; a story without a date passes neither.
    """

    title: str = ""
    publisher: str | None = None
    from_date: date | None = None
    to_date: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A page of *stories*, and the *count* of all that satisfy the search."""

    stories: list[Story]
    count: int


def search(connection: sqlite3.Connection, wanted: Wanted, limit: int, offset: int) -> Found:
    """Return the stories that are *wanted*, newest first, undated last."""
    # SQLite's own LIKE and lower() know only ASCII.
    connection.create_function("folded", 1, folded, deterministic=True)
    conditions, values = _conditions(wanted)
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    [count] = connection.execute(f"SELECT count(*) FROM stories {where}", values).fetchone()  # noqa: S608
    rows = connection.execute(
        f"{SELECT_STORY} {where} ORDER BY published_at DESC, story_id LIMIT ? OFFSET ?",
        (*values, limit, offset),
    )
    return Found(stories=[story_of(row) for row in rows], count=count)


def folded(text: str | None) -> str | None:
    """Return *text* as it is compared: compatibility forms and case don't count."""
    if text is None:
        return None
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def _conditions(wanted: Wanted) -> tuple[list[str], list[str]]:
    """Return the conditions in SQL, and the values that their question marks stand for."""
    words = (folded(wanted.title) or "").split()
    conditions = ["instr(folded(title), ?)"] * len(words)
    values = [*words]
    for condition, value in (
        ("folded(publisher) = ?", folded(wanted.publisher)),
        ("substr(published_at, 1, 10) >= ?", wanted.from_date and wanted.from_date.isoformat()),
        ("substr(published_at, 1, 10) <= ?", wanted.to_date and wanted.to_date.isoformat()),
    ):
        if value:
            conditions.append(condition)
            values.append(value)
    return conditions, values
