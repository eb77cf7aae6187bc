"""How good a peer's replies are, by the same measures as `dateline evaluate`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.peers.protocol import Message
from qa.evaluate import RIGHT_F1
from qa.scoring.gold import GoldQuestion
from qa.scoring.metrics import Estimate, comes_from, estimate, exact_match, f1, normalized


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A reply to a gold question."""

    gold: GoldQuestion
    text: str | None
    source: str | None
    passage: str | None

    @property
    def f1(self) -> float | None:
        """The overlap with the best gold answer; None where there is nothing to answer."""
        return None if self.gold.is_impossible else f1(self.text or "", self.gold.texts)

    @property
    def exact(self) -> float | None:
        """Whether it is a gold answer; None where there is nothing to answer."""
        return None if self.gold.is_impossible else exact_match(self.text or "", self.gold.texts)

    @property
    def right(self) -> float:
        """Whether the answer is right, or rightly refused."""
        if self.gold.is_impossible or not self.text:
            return float(self.gold.is_impossible and not self.text)
        return float(f1(self.text, self.gold.texts) >= RIGHT_F1)

    @property
    def cites_story(self) -> float | None:
        """Whether the cited story supports the answer; None if nothing was or is to be cited."""
        if not self.text or not self.gold.files:
            return None
        return float(self.source is not None and comes_from(self.source, self.gold.files))

    @property
    def cites_words(self) -> float | None:
        """Whether, besides, a gold answer stands in what is cited."""
        if self.cites_story is None:
            return None
        cited = f" {normalized(self.passage or '')} "
        holds = any(f" {normalized(answer)} " in cited for answer in self.gold.texts)
        return float(bool(self.cites_story) and holds)

    @property
    def refused_rightly(self) -> float | None:
        """Whether it is refused; None where there is an answer."""
        return float(not self.text) if self.gold.is_impossible else None


MEASURES: dict[str, Callable[[Judged], float | None]] = {
    "f1": lambda judged: judged.f1,
    "exact_match": lambda judged: judged.exact,
    "accuracy": lambda judged: judged.right,
    "cites_story": lambda judged: judged.cites_story,
    "citation_accuracy": lambda judged: judged.cites_words,
    "abstention_recall": lambda judged: judged.refused_rightly,
}
"""Each is a mean over the questions that it is defined for."""


def judged(gold: GoldQuestion, reply: Message) -> Judged:
    """Return *reply* beside the question that it answers."""
    text, source, passage = (reply[name] for name in ("text", "source", "passage"))
    return Judged(gold=gold, text=text, source=source, passage=passage)


def quality(replies: Sequence[Judged]) -> dict[str, Estimate | None]:
    """Return each measure's mean with its 95 % interval."""
    estimates = {}
    for name, measure in MEASURES.items():
        values = [value for value in map(measure, replies) if value is not None]
        estimates[name] = estimate(np.array(values, dtype=np.float64))
    return estimates
