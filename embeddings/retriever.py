"""Question to hits: the passages that may hold the answer, with their stories."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from corpus.store import StoryStore
from corpus.story import Passage, Story
from embeddings.encoder import Encoder
from embeddings.fusion import with_preferred
from embeddings.index import EVERY_STORY, Filters, PassageIndex, Query, ScoredId
from embeddings.passage_text import passage_text

MENTIONS_READ = 20

VECTORS_KEPT = 2048
"""Vectors of the texts asked last; an answer searches for its question more than once. 3 MB."""

ALIKE = 0.8
"""Passages of reprints are the same that share this many of all their words (Jaccard)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A passage that the search found, its story, and how each signal ranked it (from 1)."""

    passage: Passage
    story: Story
    score: float
    dense_rank: int | None = None
    word_rank: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VectorCounts:
    """How often a question's vector was *kept* or had to be *made*, and how many are held."""

    kept: int
    made: int
    vectors: int


@dataclass(frozen=True, slots=True)
class Retriever:
    """Finds the passages nearest to a question in meaning and in words."""

    store: StoryStore
    encoder: Encoder
    index: PassageIndex
    candidates: int = 60
    _vector_of: Callable[[str], NDArray[np.float32]] = field(init=False, repr=False, compare=False)
    _counted: Callable[[], tuple[int, int, int | None, int]] = field(
        init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        vector_of = lru_cache(VECTORS_KEPT)(self._encoded)
        object.__setattr__(self, "_vector_of", vector_of)
        object.__setattr__(self, "_counted", vector_of.cache_info)

    @property
    def vectors_kept(self) -> VectorCounts:
        """What came of keeping the vectors of texts that were asked."""
        kept, made, _, vectors = self._counted()
        return VectorCounts(kept=kept, made=made, vectors=vectors)

    def retrieve(
        self,
        question: str,
        k: int,
        filters: Filters = EVERY_STORY,
        *,
        words: str = "",
        prefer: Filters = EVERY_STORY,
    ) -> list[Hit]:
        """Return at most *k* hits, best first; passages that the store lost are passed over.

        *words* are searched for with the question's own. A passage that satisfies *prefer* counts
        as much as its rank among those that do. Each search hands *candidates* passages to the
        fusion, or *k* if that is more. A passage that reprints of one story share is found once,
        where it ranks best.
        """
        vector = self._vector_of(question)
        query = Query(text=f"{question} {words}".rstrip(), vector=vector, filters=filters)
        found = self.index.search(query, max(k, self.candidates))
        if prefer:
            preferred = self.index.search(replace(query, filters=prefer), max(k, self.candidates))
            found = with_preferred(found, preferred)[: max(k, self.candidates)]
        passages = self.store.passages([scored.passage_id for scored in found])
        kept = self._printed_once([one for one in found if one.passage_id in passages], passages)[
            :k
        ]
        stories = self.store.stories([*{passages[s.passage_id].story_id for s in kept}])
        return [
            Hit(
                passage=passages[scored.passage_id],
                story=stories[passages[scored.passage_id].story_id],
                score=scored.score,
                dense_rank=scored.dense_rank,
                word_rank=scored.word_rank,
            )
            for scored in kept
            if passages[scored.passage_id].story_id in stories
        ]

    def _encoded(self, question: str) -> NDArray[np.float32]:
        vector: NDArray[np.float32] = self.encoder.encode_queries([question])[0]
        vector.flags.writeable = False
        return vector

    def _printed_once(
        self, found: Sequence[ScoredId], passages: Mapping[int, Passage]
    ) -> list[ScoredId]:
        """Return *found* without passages that a reprint of a story repeats."""
        group_of = self.store.same_as([*{passages[one.passage_id].story_id for one in found}])
        stories_in = Counter(group_of.values())
        printed: dict[str, list[tuple[str, Set[str]]]] = defaultdict(list)
        kept = []
        for scored in found:
            passage = passages[scored.passage_id]
            group = group_of[passage.story_id]
            if stories_in[group] > 1:
                words = set(passage.text.split())
                if any(id_ != passage.story_id and _alike(words, w) for id_, w in printed[group]):
                    continue
                printed[group].append((passage.story_id, words))
            kept.append(scored)
        return kept

    def mentions(self, term: str, filters: Filters = EVERY_STORY) -> bool:
        """Return whether *term* stands in one of the passages that are best for it alone.

        The search by words ranks the passages that hold a rare term first, so that a term that
        none of the best holds is in no story.
        """
        return any(
            term.casefold() in passage_text(hit.story, hit.passage).casefold()
            for hit in self.retrieve(term, MENTIONS_READ, filters)
        )


def _alike(words: Set[str], other: Set[str]) -> bool:
    return len(words & other) >= ALIKE * len(words | other)
