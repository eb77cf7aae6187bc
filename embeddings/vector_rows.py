"""What filters need to know of each passage that has a vector: a column a passage."""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from embeddings.index import Entry, Filters

Rows = NDArray[np.int64]
"""Of shape (4, passages): a field is contiguous, so that comparing it reads nothing else."""

PASSAGE_ID, _STORY, _PUBLISHER, _DAY = range(4)
"""Story and publisher as 64-bit hashes; the day's proleptic ordinal, 0 for an undated story."""

NO_ROWS: Rows = np.empty((4, 0), np.int64)


def rows_of(entries: Sequence[Entry]) -> Rows:
    """Return a column for each of *entries*."""
    columns = [
        (
            entry.passage_id,
            _hash(entry.story_id),
            _hash(fold(entry.publisher or "")),
            entry.published_on.toordinal() if entry.published_on else 0,
        )
        for entry in entries
    ]
    return np.array(columns, np.int64).reshape(-1, 4).T


def passes(rows: Rows, filters: Filters) -> NDArray[np.bool_]:
    """Return for each passage whether its story satisfies *filters*."""
    allowed = np.ones(rows.shape[1], np.bool_)
    if filters.from_date:
        allowed &= rows[_DAY] >= filters.from_date.toordinal()
    if filters.to_date:
        allowed &= (rows[_DAY] > 0) & (rows[_DAY] <= filters.to_date.toordinal())
    if filters.publisher:
        allowed &= rows[_PUBLISHER] == _hash(fold(filters.publisher))
    if filters.story_ids:
        allowed &= np.isin(rows[_STORY], [_hash(story_id) for story_id in filters.story_ids])
    return allowed


def fold(publisher: str) -> str:
    """Return the form of a publisher's name in which case makes no difference."""
    return publisher.casefold()


def _hash(name: str) -> int:
    digest = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)
