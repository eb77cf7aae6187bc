"""Glossary: what the stories' abbreviations stand for, and how many stories say so."""

import logging
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple, TypeVar

from corpus.acronyms import SMALL, acronym_key, acronyms_in
from corpus.changes import Change
from corpus.store import StoryStore
from corpus.story import Story

logger = logging.getLogger(__name__)

Found = TypeVar("Found")

FORM = 1
"""Raised whenever the tables or the way that abbreviations are found change."""

CHANGES_APPLIED = 500
PATIENCE_S = 1.0
"""How long an update waits for another process that writes."""

_SCHEMA = """
    CREATE TABLE spelt (
        story_id TEXT NOT NULL, key TEXT NOT NULL, short TEXT NOT NULL,
        long_key TEXT NOT NULL, long TEXT NOT NULL,
        PRIMARY KEY (story_id, key, long_key)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX spelt_key ON spelt (key);
    CREATE INDEX spelt_long ON spelt (long_key);
    CREATE TABLE complete (change INTEGER NOT NULL) STRICT;
    INSERT INTO complete VALUES (0);
    PRAGMA user_version = {form};
"""


class Expansion(NamedTuple):
    """What an abbreviation stands for, as most stories write it, and how many stories say so."""

    long: str
    stories: int


class Short(NamedTuple):
    """An abbreviation of a phrase, and how many stories say so."""

    short: str
    stories: int


class Glossary:
    """A cache of the abbreviations that the stories spell out, in a SQLite file of its own.

    It follows the store's changes as an index does; a file that is missing, damaged or of an older
    form is made again from the store. Safe to use from several threads and processes: each call
    opens the file anew.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._change = -1
        path.parent.mkdir(parents=True, exist_ok=True)

    @property
    def change(self) -> int:
        """The store's change up to which this is complete; -1 before it followed any store."""
        return self._change

    def expansions(self, short: str) -> tuple[Expansion, ...]:
        """Return what *short* stands for, what most stories say first; nothing if none says."""
        rows = self._rows("key", [acronym_key(short)])
        return tuple(Expansion(long, stories) for _, long, stories in _counted(rows, "long_key"))

    def shorts(self, long: str) -> tuple[Short, ...]:
        """Return the abbreviations of *long*, what most stories say first."""
        return self.shorts_of([long]).get(long, ())

    def shorts_of(self, phrases: Sequence[str]) -> dict[str, tuple[Short, ...]]:
        """Return those of *phrases* that have abbreviations, with them."""
        keys = {phrase: long_key(phrase) for phrase in phrases}
        rows = self._rows("long_key", sorted(set(keys.values())))
        found = {}
        for phrase, key in keys.items():
            counted = _counted([row for row in rows if row["long_key"] == key], "key")
            if counted:
                found[phrase] = tuple(Short(short, stories) for short, _, stories in counted)
        return found

    def follow(self, store: StoryStore, change: int | None = None) -> None:
        """Take in what changed in the store, up to *change*, or all of it.

        What another process is writing just now is waited for a little, then left for later.
        """
        upto = store.change if change is None else change
        if self._change >= upto or not self._lock.acquire(blocking=False):
            return
        try:
            if not self._tried(lambda connection: self._apply(connection, store)):
                self._tried(lambda connection: self._apply(connection, store))
        finally:
            self._lock.release()

    def _apply(self, connection: sqlite3.Connection, store: StoryStore) -> bool:
        while True:
            connection.execute("BEGIN IMMEDIATE")
            [done] = connection.execute("SELECT change FROM complete").fetchone()
            if done > store.change:
                logger.warning("The glossary is ahead of the store, which may be a backup.")
                connection.execute("DELETE FROM spelt")
                done = 0
            changes = store.changes_since(done, CHANGES_APPLIED)
            done = changes[-1].change if changes else done
            _take_in(connection, store, changes)
            connection.execute("UPDATE complete SET change = ?", (done,))
            connection.execute("COMMIT")
            self._change = done
            if not changes:
                return True

    def _rows(self, column: str, keys: Sequence[str]) -> list[sqlite3.Row]:
        marks = ", ".join("?" * len(keys))
        sql = f"SELECT * FROM spelt WHERE {column} IN ({marks}) ORDER BY story_id"  # noqa: S608 - marks
        return self._tried(lambda connection: connection.execute(sql, keys).fetchall()) or []

    def _tried(self, use: Callable[[sqlite3.Connection], Found]) -> Found | None:
        """Return what *use* gives; None if the file is busy, or was damaged and is gone."""
        try:
            with closing(_connected(self.path)) as connection:
                return use(connection)
        except sqlite3.OperationalError as error:
            logger.info("The glossary waits: %s", error)
        except sqlite3.DatabaseError as error:
            logger.warning("%s is made again from the store: %s", self.path, error)
            self.path.unlink(missing_ok=True)
            self.path.with_name(f"{self.path.name}-journal").unlink(missing_ok=True)
            self._change = -1
        return None


def long_key(phrase: str) -> str:
    """Return what a phrase is compared by: its words, but for small ones and an owner's s."""
    words = (word.strip(".,;:!?()“”\"'‘’") for word in phrase.casefold().replace("-", " ").split())
    kept = (word.removesuffix("’s").removesuffix("'s").replace(".", "") for word in words)
    return " ".join(word.removesuffix("s") for word in kept if word and word not in SMALL)


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=PATIENCE_S, isolation_level=None)
    try:
        connection.row_factory = sqlite3.Row
        # A cache may lose its last changes with the power: it takes them in again.
        connection.execute("PRAGMA synchronous = NORMAL")
        [form] = connection.execute("PRAGMA user_version").fetchone()
        if form != FORM:
            _make(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _make(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN IMMEDIATE")
    [form] = connection.execute("PRAGMA user_version").fetchone()
    if form != FORM:
        for table in ("spelt", "complete"):
            connection.execute(f"DROP TABLE IF EXISTS {table}")
        for statement in _SCHEMA.format(form=FORM).split(";"):
            connection.execute(statement)
    connection.execute("COMMIT")


def _take_in(connection: sqlite3.Connection, store: StoryStore, changes: Sequence[Change]) -> None:
    changed = {change.story_id for change in changes}
    connection.executemany("DELETE FROM spelt WHERE story_id = ?", [(id_,) for id_ in changed])
    added = [change.story_id for change in changes if change.kind == "add"]
    for story in store.stories(added).values():
        connection.executemany("INSERT OR IGNORE INTO spelt VALUES (?, ?, ?, ?, ?)", _pairs(story))


def _pairs(story: Story) -> Iterator[tuple[str, str, str, str, str]]:
    for found in acronyms_in(story.body):
        long = " ".join(story.body[found.start : found.end].split())
        long = long.removesuffix("’s").removesuffix("'s")
        if acronym_key(long) != acronym_key(found.short):
            yield (
                story.story_id,
                acronym_key(found.short),
                found.short,
                long_key(long),
                long,
            )


def _counted(rows: Sequence[sqlite3.Row], by: str) -> list[tuple[str, str, int]]:
    """Return the most frequent spellings of each value of the column *by*, with its count."""
    groups: dict[str, list[sqlite3.Row]] = {}
    for row in rows:
        groups.setdefault(row[by], []).append(row)
    counted = [
        (_most(row["short"] for row in group), _most(row["long"] for row in group), len(group))
        for group in groups.values()
    ]
    return sorted(counted, key=lambda one: -one[2])


def _most(spellings: Iterator[str]) -> str:
    counts: dict[str, int] = {}
    for spelling in spellings:
        counts[spelling] = counts.get(spelling, 0) + 1
    return max(counts, key=counts.__getitem__)
