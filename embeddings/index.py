"""The PassageIndex protocol: words, a vector and filters in, scored passage ids out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a passage's story must satisfy; an empty field allows every story.

    *from_date* and *to_date* are both inclusive; a story without a date passes neither.
    *publisher* is compared without regard to case.
    """

    from_date: date | None = None
    to_date: date | None = None
    publisher: str | None = None
    story_ids: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.from_date or self.to_date or self.publisher or self.story_ids)


EVERY_STORY = Filters()


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What the index is asked: the words, their vector (shape (dim,)), and filters."""

    text: str
    vector: NDArray[np.float32]
    filters: Filters = EVERY_STORY


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A passage as an index keeps it.

    *text* is what `passage_text` made of it, *vector* that text's vector, shape (dim,).
    """

    passage_id: int
    story_id: str
    text: str
    vector: NDArray[np.float32]
    publisher: str | None = None
    published_on: date | None = None


class ScoredId(NamedTuple):
    """A passage that a search found; a higher *score* is better; ranks count from 1."""

    passage_id: int
    score: float
    dense_rank: int | None = None
    word_rank: int | None = None


class PassageIndex(Protocol):
    """Finds passages by meaning and by words; a cache of what the story store holds."""

    @property
    def change(self) -> int:
        """The store's change number up to which this index is complete; 0 for a new index."""
        ...

    def __len__(self) -> int:
        """Return the number of passages that a search can find."""
        ...

    def add(self, entries: Sequence[Entry]) -> None:
        """Add *entries*, each in place of an older one of the same passage id."""
        ...

    def remove(self, passage_ids: Sequence[int]) -> None:
        """Forget *passage_ids*; ids that are not there are ignored."""
        ...

    def search(self, query: Query, k: int) -> list[ScoredId]:
        """Return at most *k* passages that satisfy the query's filters, best first."""
        ...

    def commit(self, change: int) -> None:
        """Make everything up to the store's *change* durable and visible to searches."""
        ...

    def clear(self) -> None:
        """Forget every passage; *change* is 0 again."""
        ...
