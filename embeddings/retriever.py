"""Question to hits: the passages that may hold the answer, with their stories."""

from dataclasses import dataclass

from corpus.story import Passage, Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A passage that the search found, its story, and how each signal ranked it (from 1)."""

    passage: Passage
    story: Story
    score: float
    dense_rank: int | None = None
    word_rank: int | None = None
