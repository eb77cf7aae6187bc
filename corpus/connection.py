"""One SQLite connection a thread, and SQLite's errors in Dateline's words."""

import logging
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

from corpus.errors import StoreBusy, StoreDamaged
from corpus.migrations import OLDEST, migrate
from corpus.write_ahead import write_ahead

logger = logging.getLogger(__name__)

APPLICATION_ID = 0x44544C4E
"""The letters DTLN: marks a SQLite file as a Dateline store (sqlite.org/pragma.html)."""

SCHEMA_VERSION = 2
BUSY_TIMEOUT_S = 30.0


class Connections:
    """Opens the store's file once a thread, and makes it where it is missing."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()
        self._prepare()

    @property
    def current(self) -> sqlite3.Connection:
        """The calling thread's connection, opened on first use."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            immutable = self._immutable()
            connection = sqlite3.connect(
                f"{self._path.resolve().as_uri()}{'?immutable=1' if immutable else ''}",
                timeout=BUSY_TIMEOUT_S,
                isolation_level=None,
                check_same_thread=False,
                uri=True,
            )
            connection.row_factory = sqlite3.Row
            # SQLite's own lower() knows only the letters of ASCII.
            connection.create_function("casefold", 1, str.casefold, deterministic=True)
            connection.execute("PRAGMA foreign_keys = ON")
            if not immutable:
                write_ahead(connection, patience_s=BUSY_TIMEOUT_S)
                connection.execute("PRAGMA synchronous = FULL")
            self._local.connection = connection
        return connection

    def _immutable(self) -> bool:
        """Say whether the file can only be read as one that nobody changes.

        SQLite keeps locks and what was written last in files beside it, which it can't make in a
        folder that can't be written; where they are, it needs no more.
        """
        beside = (self._path.with_name(f"{self._path.name}{end}") for end in ("-wal", "-shm"))
        return (
            self._path.exists()
            and not os.access(self._path.parent, os.W_OK)
            and not any(file.exists() for file in beside)
        )

    def close(self) -> None:
        """Close this thread's connection."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()
            self._local.connection = None

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Run the block as one transaction: all of it is stored, or nothing."""
        with self.translated():
            connection = self.current
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                # Where the disk fails, SQLite has rolled back already; after a commit that failed
                # it may not have, and the connection would stay in its transaction.
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Run the block on one snapshot of the store."""
        with self.translated():
            connection = self.current
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                connection.execute("ROLLBACK")

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Raise `StoreBusy` or `StoreDamaged` for what SQLite raises."""
        try:
            yield
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise StoreBusy(
                    f"{self._path} is being written to; try again in a moment"
                ) from error
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_READONLY:
                raise StoreDamaged(
                    f"nothing can be added or removed: {self._path.parent} can't be written"
                ) from error
            raise StoreDamaged(f"{self._path} can't be used: {error}") from error
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            raise StoreDamaged(
                f"{self._path} is no Dateline store or is damaged ({error}); "
                "restore it from a backup, or move it away and add the stories again"
            ) from error

    def _prepare(self) -> None:
        """Make the store, or bring it up to date; one that is so already is only looked at."""
        with self.reading() as connection:
            if self._version(connection) == SCHEMA_VERSION:
                return
        with self.writing() as connection:
            # Another process may have been faster.
            self._make(connection, self._version(connection))

    def _version(self, connection: sqlite3.Connection) -> int:
        """Return the schema's number, 0 of an empty file; raise `StoreDamaged` for other files."""
        [version] = connection.execute("PRAGMA user_version").fetchone()
        [application] = connection.execute("PRAGMA application_id").fetchone()
        [tables] = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if not tables:
            return 0
        if application != APPLICATION_ID:
            raise StoreDamaged(f"{self._path} is a SQLite file, but not a Dateline store")
        if not OLDEST <= version <= SCHEMA_VERSION:
            raise StoreDamaged(
                f"{self._path} has schema {version}, this Dateline reads {OLDEST} to"
                f" {SCHEMA_VERSION}; use the Dateline that wrote it"
            )
        return int(version)

    def _make(self, connection: sqlite3.Connection, version: int) -> None:
        if not version:
            for statement in _statements(files("corpus").joinpath("schema.sql").read_text("utf-8")):
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        else:
            logger.info("%s: schema %d is made %d.", self._path, version, SCHEMA_VERSION)
            migrate(connection, version, SCHEMA_VERSION)
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _statements(script: str) -> Iterator[str]:
    # executescript would commit the transaction that makes the schema appear at once.
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
