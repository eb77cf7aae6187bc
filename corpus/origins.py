"""Where stories were read, and what tells whether a place has changed since.

A small SQLite file beside the store. It only saves work: without it everything is read again, and
the store finds that nothing changed.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from corpus.errors import StoreDamaged
from corpus.write_ahead import write_ahead

BUSY_TIMEOUT_S = 30.0

_SCHEMA = """
CREATE TABLE IF NOT EXISTS origins (
    place TEXT PRIMARY KEY, followed TEXT NOT NULL, stamp TEXT, digest TEXT, etag TEXT,
    last_modified TEXT, missing INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS by_followed ON origins (followed);
CREATE TABLE IF NOT EXISTS origin_stories (
    place TEXT NOT NULL REFERENCES origins ON DELETE CASCADE, story_id TEXT NOT NULL,
    PRIMARY KEY (place, story_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS by_story ON origin_stories (story_id);
"""


LISTING = "listing"
"""The stamp of what lists stories instead of being one: that it is gone says nothing of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """A file or an address, as it was when it was read.

    *followed* is what was asked for and led here: a folder, a pattern, a feed, or the place itself.
    *stamp* is what tells without reading that it is the same (size and time of a file, the date
    that a sitemap gives), *digest* the hash of its bytes; *etag* and *last_modified* are the
    server's own words. *missing* means that it was gone when it was last looked at.
    """

    place: str
    followed: str
    stamp: str | None = None
    digest: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    missing: bool = False
    story_ids: frozenset[str] = field(default_factory=frozenset)


class Origins:
    """The places that stories came from; used by one thread."""

    def __init__(self, path: Path) -> None:
        """Open the file at *path*, made if missing; raise `StoreDamaged` if it can't be used."""
        self._path = path
        with self._translated():
            self._connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, isolation_level=None)
            write_ahead(self._connection, patience_s=BUSY_TIMEOUT_S)
            self._connection.execute("PRAGMA foreign_keys = ON")
            self._connection.executescript(_SCHEMA)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def at(self, place: str) -> Origin | None:
        """Return what is known of *place*."""
        found = self._origins("place = ?", place)
        return found[0] if found else None

    def followed(self, followed: str) -> list[Origin]:
        """Return the places that *followed* led to."""
        return self._origins("followed = ?", followed)

    def keep(self, origins: Iterable[Origin]) -> None:
        """Remember *origins*, in place of what was known of their places, in one transaction."""
        with self._writing():
            for origin in origins:
                self._keep(origin)

    def forget(self, place: str) -> None:
        """Forget *place*."""
        with self._writing():
            self._connection.execute("DELETE FROM origins WHERE place = ?", (place,))

    def clear(self) -> None:
        """Forget every place."""
        with self._writing():
            self._connection.execute("DELETE FROM origins")

    def has_another(self, story_id: str, place: str) -> bool:
        """Say whether a story was also read at a place other than *place* that is still there."""
        sql = (
            "SELECT 1 FROM origin_stories JOIN origins USING (place)"
            " WHERE story_id = ? AND place != ? AND NOT missing LIMIT 1"
        )
        with self._translated():
            return self._connection.execute(sql, (story_id, place)).fetchone() is not None

    def _keep(self, origin: Origin) -> None:
        run = self._connection.execute
        run("DELETE FROM origins WHERE place = ?", (origin.place,))
        run(
            "INSERT INTO origins VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                origin.place,
                origin.followed,
                origin.stamp,
                origin.digest,
                origin.etag,
                origin.last_modified,
                origin.missing,
            ),
        )
        for story_id in sorted(origin.story_ids):
            run("INSERT INTO origin_stories VALUES (?, ?)", (origin.place, story_id))

    def _origins(self, condition: str, value: str) -> list[Origin]:
        with self._translated():
            rows = self._connection.execute(
                "SELECT place, followed, stamp, digest, etag, last_modified, missing FROM origins"  # noqa: S608 - no outside text
                f" WHERE {condition} ORDER BY place",
                (value,),
            ).fetchall()
            return [
                Origin(
                    place=place,
                    followed=followed,
                    stamp=stamp,
                    digest=digest,
                    etag=etag,
                    last_modified=last_modified,
                    missing=bool(missing),
                    story_ids=self._story_ids(place),
                )
                for place, followed, stamp, digest, etag, last_modified, missing in rows
            ]

    def _story_ids(self, place: str) -> frozenset[str]:
        rows = self._connection.execute(
            "SELECT story_id FROM origin_stories WHERE place = ?", (place,)
        )
        return frozenset(story_id for (story_id,) in rows)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._translated():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise StoreDamaged(
                f"{self._path} can't be used ({error}); delete it, and everything is read again"
            ) from error
