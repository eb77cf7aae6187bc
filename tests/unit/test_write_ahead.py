import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier, Timer

import pytest

from corpus.connection import Connections
from corpus.origins import Origins
from corpus.write_ahead import write_ahead
from qa.conversations.conversation_tables import METADATA
from qa.conversations.sql_database import SqlDatabase

AT_ONCE = 6


def switched(path: Path) -> None:
    with closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as connection:
        write_ahead(connection, patience_s=30)


def opened_store(path: Path) -> None:
    Connections(path).close()


def opened_origins(path: Path) -> None:
    Origins(path).close()


def opened_conversations(path: Path) -> None:
    SqlDatabase(f"sqlite:///{path}", METADATA).close()


@pytest.mark.parametrize(
    ("opened", "files"),
    [(switched, 60), (opened_store, 20), (opened_origins, 4), (opened_conversations, 4)],
)
def test_a_new_file_can_be_opened_by_several_at_once(
    tmp_path: Path, opened: Callable[[Path], None], files: int
) -> None:
    together = Barrier(AT_ONCE)

    def open_together(path: Path) -> None:
        together.wait(timeout=60)
        opened(path)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for n in range(files):
            path = tmp_path / f"{n}.sqlite"
            for done in [pool.submit(open_together, path) for _ in range(AT_ONCE)]:
                done.result()


def test_a_file_that_is_locked_for_a_moment_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "locked.sqlite"
    with (
        closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as holding,
        closing(sqlite3.connect(path, timeout=0)) as waiting,
    ):
        holding.execute("BEGIN EXCLUSIVE")
        release = Timer(0.1, holding.execute, ["ROLLBACK"])
        release.start()
        write_ahead(waiting, patience_s=30)
        release.join()
        assert waiting.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_file_that_stays_locked_is_an_error_in_the_end(tmp_path: Path) -> None:
    path = tmp_path / "locked.sqlite"
    with (
        closing(sqlite3.connect(path, isolation_level=None)) as holding,
        closing(sqlite3.connect(path, timeout=0)) as waiting,
    ):
        holding.execute("BEGIN EXCLUSIVE")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            write_ahead(waiting, patience_s=0.05)


def test_a_file_that_is_no_database_is_an_error_at_once(tmp_path: Path) -> None:
    path = tmp_path / "page.sqlite"
    path.write_text("<p>Not a database.</p>" * 100)
    with (
        closing(sqlite3.connect(path)) as connection,
        pytest.raises(sqlite3.DatabaseError, match="not a database"),
    ):
        write_ahead(connection, patience_s=60)
