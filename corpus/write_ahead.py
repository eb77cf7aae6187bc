"""A SQLite file that is written ahead of, so that readers don't wait for a writer."""

import sqlite3
from time import monotonic, sleep

PAUSE_S = 0.01


def write_ahead(connection: sqlite3.Connection, *, patience_s: float) -> None:
    """Have the file of *connection* written ahead (sqlite.org/wal.html).

    Of two connections that switch a new file at once SQLite refuses one without waiting for its
    busy timeout: it would wait for a lock that the other can't give. So it is tried again for
    *patience_s* seconds; then `sqlite3.OperationalError` is raised.
    """
    until = monotonic() + patience_s
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL").close()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or monotonic() > until:
                raise
            sleep(PAUSE_S)
        else:
            return
