"""The Reader protocol and Span: where in a passage the answer stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from corpus.story import Passage
from embeddings.retriever import Hit


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A run of words of a passage that may be the answer.

    *start* and *end* are code points in `passage.text`, half-open. *score* is the best start and
    end logits minus the passage's null logits (Devlin et al. 2019, section 4.3), so that 0 is
    where the reader itself breaks even and spans of different passages compare.
    """

    passage: Passage
    start: int
    end: int
    score: float

    @property
    def text(self) -> str:
        """The words of the span, exactly as they stand in the story."""
        return self.passage.text[self.start : self.end]

    @property
    def story_start(self) -> int:
        """Where the span starts in the story's body."""
        return self.passage.start + self.start

    @property
    def story_end(self) -> int:
        """Where the span ends in the story's body."""
        return self.passage.start + self.end


class Reader(Protocol):
    """Finds spans that may answer a question in passages."""

    @property
    def name(self) -> str:
        """What read, precise enough that equal names give equal spans."""
        ...

    def read(self, question: str, hits: Sequence[Hit]) -> list[Span]:
        """Return the best spans of every hit's passage, best first over all of them."""
        ...
