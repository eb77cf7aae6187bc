"""Example: a question, the passage it is asked of, and where the passage answers it."""

from dataclasses import dataclass
from functools import lru_cache

from corpus.passages import token_count
from corpus.sentences import sentence_spans
from qa.training.rows import Row, answers_in

Span = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """What the reader learns from: read the title and the passage, find the answer or none.

    *answer* is the code points of the answer in *passage*, half-open; None where the passage
    doesn't hold one.
    """

    question: str
    title: str
    passage: str
    answer: Span | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence of a context: its code points, half-open, and its number of tokens."""

    start: int
    end: int
    tokens: int


@lru_cache(maxsize=50_000)
def sentences_of(context: str) -> tuple[Sentence, ...]:
    """Return the sentences of *context*, as passages are cut from them."""
    return tuple(
        Sentence(start=start, end=end, tokens=token_count(context[start:end]))
        for start, end in sentence_spans(context)
    )


def answers_of(row: Row) -> list[Span]:
    """Return where the row's answers stand in its context, as half-open code points."""
    if row["is_impossible"]:
        return []
    return [(a["start"], a["start"] + len(a["text"])) for a in answers_in(row)]


def title_of(row: Row) -> str:
    """Return the title of the row's article; empty where it has none worth reading."""
    title = str(row["title"]).replace("_", " ")
    return "" if title.endswith(".csv") else title
