"""The Vocabulary protocol: the words that the stories use, and how often."""

from collections.abc import Sequence
from typing import Protocol


class Vocabulary(Protocol):
    """What a search by words knows of words; a *term* is a word without its inflections."""

    def frequency(self, word: str) -> int:
        """Return how many passages hold *word* in some inflection; 0 where it has no letters."""
        ...

    def term(self, word: str) -> str:
        """Return *word* without its inflections, in lower case."""
        ...

    def terms(self, prefix: str) -> Sequence[tuple[str, int]]:
        """Return the terms that begin with *prefix*, with the number of passages of each."""
        ...

    def holding(self, term: str, k: int) -> list[int]:
        """Return the ids of at most *k* passages that hold *term*."""
        ...
