"""Suggestions that were made, in a SQLite file that can always be made anew."""

import json
import logging
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Lock
from typing import TypeVar

from corpus.write_ahead import write_ahead

Result = TypeVar("Result")

logger = logging.getLogger(__name__)

_FORM = 1
"""Raised whenever the table changes: a file of another form is emptied."""
_BUSY_TIMEOUT_S = 0.05
"""An answer waits for another process that writes no longer than this."""
_TABLE = """
CREATE TABLE IF NOT EXISTS suggestions (
    story_id TEXT PRIMARY KEY,
    sha256 TEXT NOT NULL,
    made_by TEXT NOT NULL,
    change INTEGER NOT NULL,
    suggestions TEXT NOT NULL
) STRICT, WITHOUT ROWID
"""
_INSERT = """
INSERT OR REPLACE INTO suggestions VALUES (:story_id, :sha256, :made_by, :change, :suggestions)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A question, and the words that answered it."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested:
    """What a story was found to answer, perhaps nothing.

    *sha256* is that of the story's body; *made_by* a hash of the models, the settings and
    Dateline's version; *change* the index generation that the questions were asked at last.
    """

    story_id: str
    sha256: str
    made_by: str
    change: int
    suggestions: tuple[Suggestion, ...]


class SuggestionStore:
    """Keeps what stories answer. Safe to use from several threads and processes.

    Nothing depends on it: where the file can't be read or written, nothing is suggested, and a
    damaged one is made anew.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()
        self._connection: sqlite3.Connection | None = None

    def kept(self, story_ids: Sequence[str]) -> dict[str, Suggested]:
        """Return what is kept of those of *story_ids* that were looked through."""
        marks = ", ".join("?" * len(story_ids))
        select = f"SELECT * FROM suggestions WHERE story_id IN ({marks})"  # noqa: S608 - marks

        def read(connection: sqlite3.Connection) -> dict[str, Suggested]:
            rows = connection.execute(select, story_ids)
            return {row["story_id"]: _suggested(row) for row in rows}

        return self._done(read, otherwise={})

    def keep(self, suggested: Suggested) -> None:
        """Keep *suggested* in place of what was kept of its story."""
        told = [[one.question, one.answer] for one in suggested.suggestions]
        row = asdict(suggested) | {"suggestions": json.dumps(told)}

        def write(connection: sqlite3.Connection) -> None:
            with connection:
                connection.execute(_INSERT, row)

        self._done(write, otherwise=None)

    def close(self) -> None:
        """Close the file; the next call opens it again."""
        with self._lock:
            self._drop()

    def _done(self, work: Callable[[sqlite3.Connection], Result], *, otherwise: Result) -> Result:
        """Do *work*; where SQLite can't, say so and return *otherwise*."""
        with self._lock:
            try:
                self._connection = self._connection or self._connected()
                return work(self._connection)
            except sqlite3.OperationalError as error:
                logger.warning("%s: %s; nothing is suggested.", self._path, error)
            except (sqlite3.DatabaseError, ValueError) as error:
                logger.warning("%s: %s; it is made anew.", self._path, error)
                self._drop()
                self._path.unlink(missing_ok=True)
        return otherwise

    def _connected(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=_BUSY_TIMEOUT_S, check_same_thread=False)
        connection.row_factory = sqlite3.Row
        write_ahead(connection, patience_s=_BUSY_TIMEOUT_S)
        connection.execute("PRAGMA synchronous = NORMAL")
        if connection.execute("PRAGMA user_version").fetchone()[0] != _FORM:
            connection.execute("DROP TABLE IF EXISTS suggestions")
        connection.execute(_TABLE)
        connection.execute(f"PRAGMA user_version = {_FORM}")
        return connection

    def _drop(self) -> None:
        if self._connection:
            self._connection.close()
            self._connection = None


def _suggested(row: sqlite3.Row) -> Suggested:
    told = json.loads(row["suggestions"])
    return Suggested(
        story_id=row["story_id"],
        sha256=row["sha256"],
        made_by=row["made_by"],
        change=row["change"],
        suggestions=tuple(Suggestion(question=one, answer=other) for one, other in told),
    )
