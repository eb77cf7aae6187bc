"""As many passages as are wanted, made from those of a store."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from embeddings.index import Entry

KEPT = 0.8
"""A copy's vector is this share of its own and, for the rest, of that of the passage which its
strange sentence is from: encoding the copies would take hours."""

Originals = dict[int, int]
"""Copies' passage ids, and those of the passages that they are copies of."""


def grown(entries: Sequence[Entry], size: int, originals: Originals) -> Iterator[Entry]:
    """Yield *size* passages: *entries*, then copies of them with a sentence of another each.

    *originals* gets to know the copies. The same entries give the same copies.
    """
    yield from entries[:size]
    drawn = np.random.default_rng(11)
    for number in range(len(entries), size):
        entry = entries[number % len(entries)]
        other = entries[int(drawn.integers(len(entries)))]
        vector = KEPT * entry.vector + (1 - KEPT) * other.vector
        passage_id = int(drawn.integers(1, 2**63 - 1))
        originals[passage_id] = entry.passage_id
        yield replace(
            entry,
            passage_id=passage_id,
            story_id=f"{entry.story_id}-{number // len(entries)}",
            text=_edited(entry.text, other.text, int(drawn.integers(1 << 16))),
            vector=vector / np.linalg.norm(vector),
        )


def _edited(text: str, other: str, at: int) -> str:
    """Return *text* with one of its sentences replaced by one of *other*."""
    sentences, strange = text.split(". "), other.split(". ")
    sentences[at % len(sentences)] = strange[at % len(strange)]
    return ". ".join(sentences)
