import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from corpus.inspection import faults
from corpus.store import StoryStore
from tests.fakes import mayor_story


@pytest.fixture
def store(tmp_path: Path) -> Iterator[StoryStore]:
    """A store with one searchable story."""
    store = StoryStore(tmp_path / "stories.sqlite")
    store.add([mayor_story()])
    store.set_encoder("fake")
    [(story, passages)] = store.pending(1)
    store.put_vectors([(story, np.ones((len(passages), 4), np.float32))])
    yield store
    store.close()


def changed(store: StoryStore, *statements: str) -> list[str]:
    """Return the faults after *statements*, which no code of Dateline's would run."""
    with closing(sqlite3.connect(store.path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)
    return [*faults(store)]


def test_store_that_was_only_written_by_dateline_has_no_fault(store: StoryStore) -> None:
    assert [*faults(store)] == []


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE passages SET vector = NULL WHERE ordinal = 0", "without all of their vectors"),
        ("DELETE FROM changes", "told to indexes never"),
        ('UPDATE passages SET "end" = 100000 WHERE ordinal = 0', "1 passages are not within"),
        ("DELETE FROM passages", "1 stories have no passage"),
        ("UPDATE passages SET vector = x'0000' WHERE ordinal = 0", "have 2 lengths"),
        ("UPDATE passages SET story_id = 'gone' WHERE ordinal = 0", "1 rows belong to stories"),
        ("UPDATE stories SET body = 'Nothing happened.'", "00aa11bb22cc33dd"),
    ],
)
def test_every_fault_is_told(store: StoryStore, statement: str, said: str) -> None:
    assert any(said in sentence for sentence in changed(store, statement))


def test_file_with_damaged_pages_is_told(store: StoryStore) -> None:
    store.close()
    changed(store, "PRAGMA wal_checkpoint(TRUNCATE)")
    with store.path.open("r+b") as file:
        file.seek(3 * 4096)
        file.write(b"\x17" * 8 * 4096)
    assert [*faults(store)]
