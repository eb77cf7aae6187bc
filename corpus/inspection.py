"""What is wrong with a store, in sentences; nothing, as a rule."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

from corpus.errors import CorpusError
from corpus.store import StoryStore

PAGE = 500
"""Stories that are read at once."""

_NONE_SHOULD = {
    "{n} stories can be found without all of their vectors": """
        SELECT count(*) FROM stories s WHERE embedded AND EXISTS (
            SELECT 1 FROM passages p WHERE p.story_id = s.story_id AND vector IS NULL)""",
    "{n} stories are told to indexes never, or more than once": """
        SELECT count(*) FROM stories s WHERE embedded <> (
            SELECT count(*) FROM changes c WHERE c.story_id = s.story_id AND kind = 'add')""",
    "{n} passages are not within their story": """
        SELECT count(*) FROM passages p JOIN stories s USING (story_id)
        WHERE NOT (0 <= start AND start < "end" AND "end" <= length(body))""",
    "{n} stories have no passage": """
        SELECT count(*) FROM stories s WHERE NOT EXISTS (
            SELECT 1 FROM passages p WHERE p.story_id = s.story_id)""",
    "the vectors of passages have {n} lengths": """
        SELECT count(*) FROM (SELECT DISTINCT length(vector) FROM passages
            WHERE vector IS NOT NULL) HAVING count(*) > 1""",
}


def faults(store: StoryStore) -> Iterator[str]:
    """Yield what is wrong with *store*: with SQLite's file, with what belongs together, with words.

    Reads all of it, some seconds a gigabyte.
    """
    try:
        with closing(sqlite3.connect(store.path)) as connection:
            yield from _of_file(connection)
            yield from _of_rows(connection)
        _read_all(store)
    except sqlite3.Error as error:
        yield f"SQLite can't read it: {error}"
    except CorpusError as error:
        yield str(error)


def _of_file(connection: sqlite3.Connection) -> Iterator[str]:
    for (verdict,) in connection.execute("PRAGMA integrity_check(10)"):
        if verdict != "ok":
            yield f"SQLite finds: {verdict}"
    orphans = len(connection.execute("PRAGMA foreign_key_check").fetchall())
    if orphans:
        yield f"{orphans} rows belong to stories that are not there"


def _of_rows(connection: sqlite3.Connection) -> Iterator[str]:
    for sentence, query in _NONE_SHOULD.items():
        found = connection.execute(query).fetchone()
        if found and found[0]:
            yield sentence.format(n=found[0])


def _read_all(store: StoryStore) -> None:
    """Read every story: one whose words are not those that were stored is an error there."""
    for offset in range(0, store.count(), PAGE):
        store.stories_page(PAGE, offset)
