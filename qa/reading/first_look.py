"""FirstLook: which hits to read first, and whether those left could still change the answer."""

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings.retriever import Hit
from qa.errors import ReaderDamaged, ReaderNotFound
from qa.question import Question
from qa.reading.glances import Glance, glances

BUNDLED = Path(__file__).parents[1] / "models" / "first_look.json"

LEAST, MOST = -8.0, 10.0
"""Logits outside which a span's score says no more: it is no answer, or surely one."""

Weights = Mapping[str, float]

Scores = NDArray[np.float64]
"""Logits above the null answer, shape (hits,)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What was read against what is left; all but *left* in tens of logits.

    *best* is the best score so far, *hope* the best that is expected of what is left, *lead* the
    first less the second, *all_hope* what is expected of all that is left together, *surprise* what
    was read beyond what was expected; *left* is the number of hits unread, in tens.
    """

    best: float
    lead: float
    hope: float
    all_hope: float
    surprise: float
    left: float

    @classmethod
    def of(cls, scores: Scores, expected: Scores) -> "Outlook":
        """Return the outlook after the first of the hits had *scores*; all were *expected* some."""
        read = np.clip(scores, LEAST, MOST)
        left = expected[len(read) :]
        best, hope = float(read.max()), float(left.max())
        return cls(
            best=best / 10,
            lead=(best - hope) / 10,
            hope=hope / 10,
            all_hope=2 * float(np.log(np.exp(left / 2).sum())) / 10,
            surprise=float((read - expected[: len(read)]).mean()) / 10,
            left=len(left) / 10,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstLook:
    """Two fitted models, each a bias and a weight for every field.

    *score* weighs a `Glance` to the reader's best score in that hit, in logits above the null
    answer; *change* weighs an `Outlook` to the chance, in logits, that what is left changes the
    answer. Made by `python -m qa.training.fit_first_look` for one reader. *name* tells weights
    apart.
    """

    score: Weights
    change: Weights
    name: str = "unnamed"

    @classmethod
    def load(cls, path: Path = BUNDLED) -> "FirstLook":
        """Read the model; raise `ReaderNotFound` or `ReaderDamaged`."""
        try:
            content = path.read_bytes()
            fitted = json.loads(content)
            look = cls(
                name=f"linear@{hashlib.sha256(content).hexdigest()[:8]}",
                score={name: float(fitted["score"][name]) for name in _names(Glance)},
                change={name: float(fitted["change"][name]) for name in _names(Outlook)},
            )
        except OSError as error:
            raise ReaderNotFound(f"{path} can't be read; install Dateline again") from error
        except (ValueError, KeyError, TypeError) as error:
            raise ReaderDamaged(
                f"{path} is no first look; make it again with qa.training.fit_first_look"
            ) from error
        return look

    def expected(self, question: Question, hits: Sequence[Hit]) -> Scores:
        """Return what the reader is expected to score in each of *hits*, which come best first."""
        weights = np.array([self.score[field.name] for field in fields(Glance)])
        scores: Scores = self.score["bias"] + glances(question, hits) @ weights
        return scores

    def chance(self, outlook: Outlook) -> float:
        """Return the probability that what is left to read changes the answer."""
        logit = self.change["bias"] + math.fsum(
            self.change[name] * value for name, value in asdict(outlook).items()
        )
        return 1 / (1 + math.exp(-logit))


def _names(kind: type[Glance | Outlook]) -> list[str]:
    return ["bias", *(field.name for field in fields(kind))]
