"""A SQLite or PostgreSQL database: its tables, transactions, and errors in Dateline's words."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.types import TypeDecorator

from corpus.write_ahead import write_ahead
from embeddings.errors import MissingExtra
from qa.errors import ConversationsUnavailable

BUSY_TIMEOUT_S = 30
"""How long a transaction waits for another process that writes to the same SQLite file."""
CONNECT_TIMEOUT_S = 10
"""How long a PostgreSQL server may take to answer, unless the URL says `connect_timeout`."""

_FORMS = "`sqlite:///FILE` or `postgresql+psycopg://USER:PASSWORD@HOST/DATABASE`"
_POSTGRESQL = "postgresql+psycopg"
_DRIVER_OF = {
    "sqlite": "sqlite",
    "sqlite+pysqlite": "sqlite",
    "postgres": _POSTGRESQL,
    "postgresql": _POSTGRESQL,
    _POSTGRESQL: _POSTGRESQL,
}
_MAKING_TABLES = 0x44544C4E  # any number that all who make these tables agree on


class Moment(TypeDecorator[datetime]):
    """A moment in UTC; SQLite keeps no zone, PostgreSQL tells it in the connection's."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Return *value* as it is stored."""
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Return what was stored, aware of its zone."""
        if value and value.tzinfo is None:
            return value.replace(tzinfo=UTC)
        return value.astimezone(UTC) if value else None


class SqlDatabase:
    """Opens the database at *url*, and makes those of *tables* that are missing.

    Raises `MissingExtra` if its driver is not installed, and `ConversationsUnavailable`, here and
    from every transaction, for what the database refuses. No message shows a password.
    """

    def __init__(self, url: str | sa.URL, tables: sa.MetaData) -> None:
        self._url = _checked(url)
        self._engine = _engine_for(self._url)
        self._writer = self._engine.execution_options(writes=True)
        self._hasty = self._engine.execution_options(writes=True, hasty=True)
        try:
            with self.writing() as connection:
                if connection.dialect.name == "postgresql":
                    # Two processes that start at once would both make the tables.
                    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_MAKING_TABLES)))
                tables.create_all(connection)
                for table in tables.sorted_tables:  # one of this name may be something else
                    connection.execute(sa.select(table).limit(0))
        except ConversationsUnavailable:
            self.close()
            raise

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Run the block as one transaction that writes nothing."""
        with self._translated(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self, *, hasty: bool = False) -> Iterator[sa.Connection]:
        """Run the block as one transaction: all of it is stored, or nothing.

        One that is *hasty* doesn't wait for SQLite's disk: a machine that loses its power may
        forget it, whole, and a process that is killed doesn't.
        """
        with self._translated(), (self._hasty if hasty else self._writer).begin() as connection:
            yield connection

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (DBAPIError, NoConnectionFree) as error:
            cause = " ".join(said_first(getattr(error, "orig", None) or error).split())
            # What follows a question mark in the URL may be a secret as well.
            shown = self._url.set(query={}).render_as_string(hide_password=True)
            raise ConversationsUnavailable(
                f"The database of conversations, {shown}, can't be used: {cause}; "
                "`conversations.url` names it."
            ) from error


def said_first(error: Exception) -> str:
    """Return what the driver says, without the rows that PostgreSQL quotes after it."""
    return re.split(r"\n(?:DETAIL|CONTEXT|LINE [0-9]+):", str(error), maxsplit=1)[0]


def _checked(url: str | sa.URL) -> sa.URL:
    """Return *url* with the driver that is used; raise `ConversationsUnavailable` without it."""
    try:
        read = sa.make_url(url)
    except (ArgumentError, ValueError):
        # Neither the cause nor the URL is shown: what can't be read may be a password anywhere.
        raise ConversationsUnavailable(
            f"`conversations.url` can't be read; write it as {_FORMS}."
        ) from None
    if "@" in (read.host or ""):
        raise ConversationsUnavailable(
            "`conversations.url` has more than one @; write one in a password as %40."
        )
    if read.drivername not in _DRIVER_OF:
        raise ConversationsUnavailable(
            f"`conversations.url` begins with {read.drivername}; write it as {_FORMS}."
        )
    if read.get_backend_name() == "sqlite" and read.database in (None, "", ":memory:"):
        raise ConversationsUnavailable(f"`conversations.url` names no file; write it as {_FORMS}.")
    return read.set(drivername=_DRIVER_OF[read.drivername])


def _engine_for(url: sa.URL) -> sa.Engine:
    # Parameters hold what people asked and said: they belong in no log.
    if url.drivername == "sqlite":
        engine = sa.create_engine(url, hide_parameters=True)
        sa.event.listen(engine, "connect", _set_up_sqlite)
        sa.event.listen(engine, "begin", _begin_sqlite)
        return engine
    waits = {} if "connect_timeout" in url.query else {"connect_timeout": CONNECT_TIMEOUT_S}
    try:
        return sa.create_engine(
            url,
            hide_parameters=True,
            pool_pre_ping=True,
            isolation_level="READ COMMITTED",  # what a lock waited for is seen once it is had
            connect_args=waits,
        )
    except ImportError as error:
        raise MissingExtra("PostgreSQL (psycopg)", "postgres") from error


def _set_up_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # _begin_sqlite begins; the module would, and too late
    write_ahead(connection, patience_s=BUSY_TIMEOUT_S)
    for pragma in (
        f"busy_timeout = {BUSY_TIMEOUT_S * 1000}",
        "foreign_keys = ON",
        "secure_delete = ON",  # a deleted conversation is gone from the file as well
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: sa.Connection) -> None:
    # A transaction that reads and then writes fails if another wrote meanwhile, without waiting.
    options = connection.get_execution_options()
    connection.exec_driver_sql(f"PRAGMA synchronous = {'NORMAL' if 'hasty' in options else 'FULL'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if "writes" in options else "BEGIN")
