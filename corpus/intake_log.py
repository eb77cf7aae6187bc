"""IntakeLog: how often stories came in or were refused, for who watches from another process."""

import logging
import sqlite3
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from corpus.ingest import IngestReport

logger = logging.getLogger(__name__)

PATIENCE_S = 5.0
"""How long a run waits for another that writes its own numbers."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS counts (
    kind TEXT NOT NULL, name TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (kind, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS moments (
    name TEXT PRIMARY KEY, moment TEXT NOT NULL
) STRICT, WITHOUT ROWID;
"""
_COUNT = """
INSERT INTO counts VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count
"""
_OUTCOMES = ("added", "updated", "unchanged")


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeTotals:
    """What all runs together came to, since the log was begun.

    *outcomes* counts stories; *failures* counts what was refused or went wrong, by the name of the
    error.
    """

    outcomes: dict[str, int] = field(default_factory=dict)
    failures: dict[str, int] = field(default_factory=dict)
    last_run: datetime | None = None
    last_failure: datetime | None = None


class IntakeLog:
    """Numbers in a small SQLite file beside the store; it holds no name of a file and no word.

    Nothing depends on it: where it can't be written or read, a warning is logged. Safe to use from
    several threads and processes: each call opens the file anew.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def record(self, report: IngestReport, failed: Sequence[Exception] = ()) -> None:
        """Count what a run came to, and what *failed* beside the refusals of *report*."""
        errors = [*(refusal.error for refusal in report.refused), *failed]
        kinds = Counter(type(error).__name__ for error in errors)
        moment = datetime.now(UTC).isoformat(timespec="seconds")
        counts = [("outcome", name, report.counts[name]) for name in _OUTCOMES]
        counts += [("failure", name, count) for name, count in kinds.items()]
        moments = [("run", moment), *([("failure", moment)] if errors else [])]
        try:
            with closing(sqlite3.connect(self._path, timeout=PATIENCE_S)) as connection:
                connection.executescript(_SCHEMA)
                with connection:
                    connection.executemany(_COUNT, counts)
                    connection.executemany("REPLACE INTO moments VALUES (?, ?)", moments)
        except sqlite3.Error as error:
            logger.warning("%s: what was read isn't counted: %s", self._path, error)

    def totals(self) -> IntakeTotals:
        """Return the numbers; none where nothing was counted yet."""
        if not self._path.exists():
            return IntakeTotals()
        try:
            address = f"{self._path.resolve().as_uri()}?mode=ro"
            with closing(sqlite3.connect(address, timeout=PATIENCE_S, uri=True)) as connection:
                counts = connection.execute("SELECT * FROM counts ORDER BY name").fetchall()
                moments = dict(connection.execute("SELECT * FROM moments").fetchall())
        except sqlite3.Error as error:
            logger.warning("%s: what was read can't be told: %s", self._path, error)
            return IntakeTotals()
        return IntakeTotals(
            outcomes={name: count for kind, name, count in counts if kind == "outcome"},
            failures={name: count for kind, name, count in counts if kind == "failure"},
            last_run=_moment(moments.get("run")),
            last_failure=_moment(moments.get("failure")),
        )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
