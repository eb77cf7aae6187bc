"""Brings a store that an older Dateline wrote up to today's schema, a step a version.

A step is a module `to_N.py` with a function `migrate`, which changes schema N - 1 into N inside the
caller's transaction. It names tables and columns by itself: code for today's rows would not fit
the schema of then.
"""

import sqlite3
from collections.abc import Callable

from corpus.migrations import to_2

STEPS: dict[int, Callable[[sqlite3.Connection], None]] = {2: to_2.migrate}
"""By the schema that each makes."""

OLDEST = min(STEPS) - 1
"""The oldest schema that can be brought up to date."""


def migrate(connection: sqlite3.Connection, version: int, wanted: int) -> None:
    """Change the store's schema from *version* to *wanted*."""
    for step in range(version + 1, wanted + 1):
        STEPS[step](connection)
