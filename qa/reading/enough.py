"""Reads the passages that look best first, and no further once what is left can hardly matter."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from embeddings.retriever import Hit
from qa.deadline import check_time
from qa.reader import Reader, Span
from qa.reading.first_look import LEAST, FirstLook, Outlook, Scores
from qa.reading.windows import best_first
from qa.understanding.answer_types import AnswerType
from qa.understanding.several import asks_for_several
from qa.understanding.understand import Meaning

AT_ONCE = 4
"""Passages read before it is decided whether to go on; no machine's cores make a difference.

Two at first would be fewer passages, 5.5 a question in place of 6.3, but take longer on two cores,
which wait for each other at every step, and find fewer that say the same.
"""


VALUES: frozenset[AnswerType] = frozenset(("number", "money", "duration", "date"))
"""What stories contradict each other about: more of those that seem to tell it are read."""

PROMISING = 0.0
"""Logits from which on a hit seems to tell what is asked: the reader itself breaks even."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StopRule:
    """When no more is read: by itself never.

    A span that scores *enough* ends reading, in logits above the null answer, and so does, by a
    *look* at the hits, a chance below *risk* that the rest changes the answer. The look
    also decides what is read first.
    """

    enough: float | None = None
    risk: float = 0.0
    look: FirstLook | None = None

    def read(self, reader: Reader, meant: Meaning, hits: Sequence[Hit]) -> list[Span]:
        """Return the spans that were read, best first, from the best *hits* or from all.

        All is read for a question that asks for several things, prefers the newest stories or
        hangs on the turns before: more than what looks best counts there. Reading doesn't end with
        a story of another time than is asked of; of a value, all is read that seems to tell it.
        """
        text = meant.question.text
        newest = meant.prefers is not None and meant.prefers.newest
        if (self.enough is None and self.look is None) or newest or meant.story_ids:
            return reader.read(text, hits)
        hits, expected = self._in_order(meant, hits)
        spans: list[Span] = []
        for start in range(0, len(hits), AT_ONCE):
            check_time()
            end = start + AT_ONCE
            spans += reader.read(text, hits[start:end])
            spans.sort(key=best_first)
            if _more_counts(meant, spans, hits[:end], expected[end:]):
                continue
            if self._ends(spans, hits[:end], expected):
                break
        return spans

    def _in_order(self, meant: Meaning, hits: Sequence[Hit]) -> tuple[Sequence[Hit], Scores]:
        """Return *hits* as they are to be read, and what is expected of each."""
        if self.look is None or not hits:
            return hits, np.zeros(len(hits))
        expected = self.look.expected(meant.question, hits)
        order = np.argsort(-expected, kind="stable")
        return [hits[place] for place in order], expected[order]

    def _ends(self, spans: Sequence[Span], read: Sequence[Hit], expected: Scores) -> bool:
        """Return whether *spans*, best first and all that the hits *read* hold, are enough."""
        if self.enough is not None and spans and spans[0].score >= self.enough:
            return True
        if self.look is None or len(read) == len(expected):
            return False
        best_of: dict[int, float] = {}
        for span in spans:
            best_of.setdefault(span.passage.passage_id, span.score)
        scores = np.array([best_of.get(hit.passage.passage_id, LEAST) for hit in read])
        return self.look.chance(Outlook.of(scores, expected)) < self.risk


def _more_counts(meant: Meaning, spans: Sequence[Span], read: Sequence[Hit], left: Scores) -> bool:
    """Return whether more than the best of *spans* counts, and may be in the hits *left*."""
    if meant.question.answer_type in VALUES and len(left) > 0 and left[0] > PROMISING:
        return True
    if not spans:
        return False
    best = next(hit for hit in read if hit.passage.passage_id == spans[0].passage.passage_id)
    if meant.prefers and not meant.prefers.includes(best.story.published_on):
        return True
    return asks_for_several(meant.question.text, spans[0].text)


ALL_READ = StopRule()
