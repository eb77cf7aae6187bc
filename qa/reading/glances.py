"""What is seen of hits before they are read: quick signs of which may hold the answer."""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import astuple, dataclass

import numpy as np
from numpy.typing import NDArray

from embeddings.retriever import Hit
from qa.composing.features import BEST_FUSED_SCORE, STEM, rank_share, stems_of
from qa.composing.fit import fit
from qa.question import Question

_SENTENCE = re.compile(r"(?<=[.!?])[\"”’)]?\s+|\n+")
_NAME = re.compile(r"(?<=[^.!?]\s)[A-Z]\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """The signs of one hit among all that were found, each about 0 to 1.

    *fused*: its score as a share of the best possible. *place*, *words* and *meaning*: one over the
    square root of its rank in the fusion and in either search. *told*: the share of the question's
    words that stand in the title and the passage, rare ones counting more; *sentence*: in its best
    sentence. *names* and *years*: the shares of those that stand there. *shaped*: whether a
    sentence with some of the words has anything in the shape of the answer's type. *again*:
    whether a better hit is of the same story. *opens*: whether it is the story's beginning.
    """

    fused: float
    place: float
    words: float
    meaning: float
    told: float
    sentence: float
    names: float
    years: float
    shaped: float
    again: float
    opens: float


Glances = NDArray[np.float64]
"""Shape (hits, fields of `Glance`)."""


def glances(question: Question, hits: Sequence[Hit]) -> Glances:
    """Return what is seen of *hits*, which come best first."""
    seen = [_Seen.of(hit) for hit in hits]
    asked = _Asked.of(question, seen)
    met: set[str] = set()
    rows = []
    for place, (hit, words) in enumerate(zip(hits, seen, strict=True), start=1):
        rows.append(astuple(_glance(asked, hit, words, place, hit.story.story_id in met)))
        met.add(hit.story.story_id)
    return np.array(rows)


@dataclass(frozen=True, slots=True)
class _Seen:
    """The stems of a hit's title and of its sentences."""

    title: Set[str]
    sentences: Sequence[tuple[str, Set[str]]]
    stems: Set[str]

    @classmethod
    def of(cls, hit: Hit) -> "_Seen":
        title = stems_of(hit.story.title)
        sentences = [(text, stems_of(text)) for text in _SENTENCE.split(hit.passage.text) if text]
        return cls(title, sentences, {*title}.union(*(stems for _, stems in sentences)))


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question's stems with their weights: one that few hits have weighs more."""

    question: Question
    weights: Mapping[str, float]
    names: Set[str]

    @classmethod
    def of(cls, question: Question, seen: Sequence[_Seen]) -> "_Asked":
        stems = stems_of(" ".join(question.words))
        counts = Counter(stem for one in seen for stem in one.stems & stems)
        weights = {stem: math.log((len(seen) + 1) / (counts[stem] + 0.5)) for stem in stems}
        return cls(question, weights, stems_of(" ".join(question.names)))

    def share(self, stems: Set[str]) -> float:
        whole = sum(self.weights.values())
        told = math.fsum(weight for stem, weight in self.weights.items() if stem in stems)
        return told / whole if whole else 1.0


def _glance(asked: _Asked, hit: Hit, seen: _Seen, place: int, again: bool) -> Glance:
    question = asked.question
    shares = [asked.share(stems) for _, stems in seen.sentences] or [0.0]
    best = max(shares)
    dated = f"{hit.story.title} {hit.passage.text} {hit.story.published_at or ''}"
    return Glance(
        fused=hit.score / BEST_FUSED_SCORE,
        place=rank_share(place),
        words=rank_share(hit.word_rank),
        meaning=rank_share(hit.dense_rank),
        told=asked.share(seen.stems),
        sentence=best,
        names=_share(len(asked.names & seen.stems), len(asked.names)),
        years=_share(sum(year in dated for year in question.years), len(question.years)),
        shaped=max(
            (
                share * _shaped(text, stems, asked)
                for share, (text, stems) in zip(shares, seen.sentences, strict=False)
            ),
            default=0.0,
        ),
        again=float(again),
        opens=float(hit.passage.start == 0),
    )


def _shaped(text: str, stems: Set[str], asked: _Asked) -> float:
    if asked.question.answer_type not in ("person", "place", "organisation"):
        return fit(text, asked.question.answer_type)
    named = {name.casefold()[:STEM] for name in _NAME.findall(text)}
    return float(bool(named - asked.weights.keys()))


def _share(some: int, all_: int) -> float:
    return some / all_ if all_ else 1.0
