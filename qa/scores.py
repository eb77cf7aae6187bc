"""The scores of an evaluation, overall and by kind of question."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field

import numpy as np

from qa.evaluate import STORIES_RANKED, Outcome
from qa.metrics import (
    Estimate,
    comes_from,
    estimate,
    exact_match,
    expected_calibration_error,
    f1,
    percentile,
)

Score = Callable[[Outcome], float | None]
"""What a question adds to a score, in [0, 1]; None where the score is not defined for it."""


def _accuracy(outcome: Outcome) -> float | None:
    return float(outcome.right)


def _exact_match(outcome: Outcome) -> float | None:
    if outcome.gold.is_impossible:
        return None
    return 0.0 if outcome.refused else exact_match(outcome.given, outcome.gold.texts)


def _f1(outcome: Outcome) -> float | None:
    if outcome.gold.is_impossible:
        return None
    return 0.0 if outcome.refused else f1(outcome.given, outcome.gold.texts)


def _recall_at(k: int) -> Score:
    def recall(outcome: Outcome) -> float | None:
        if not outcome.gold.files:
            return None
        return float(outcome.rank is not None and outcome.rank <= k)

    return recall


def _reciprocal_rank(outcome: Outcome) -> float | None:
    if not outcome.gold.files:
        return None
    return 1 / outcome.rank if outcome.rank else 0.0


def _citation_accuracy(outcome: Outcome) -> float | None:
    if outcome.refused or not outcome.gold.files:
        return None
    citations = outcome.answer.citations
    return float(bool(citations) and comes_from(citations[0].source, outcome.gold.files))


def _abstention_precision(outcome: Outcome) -> float | None:
    return float(outcome.gold.is_impossible) if outcome.refused else None


def _abstention_recall(outcome: Outcome) -> float | None:
    return float(outcome.refused) if outcome.gold.is_impossible else None


MEANS: dict[str, Score] = {
    "accuracy": _accuracy,
    "exact_match": _exact_match,
    "f1": _f1,
    "recall_at_1": _recall_at(1),
    "recall_at_5": _recall_at(5),
    "recall_at_20": _recall_at(STORIES_RANKED),
    "mrr": _reciprocal_rank,
    "citation_accuracy": _citation_accuracy,
    "abstention_precision": _abstention_precision,
    "abstention_recall": _abstention_recall,
}
"""Scores that are means over the questions they are defined for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """How well questions were answered; a score that no question defines is None.

    *latency_ms* maps p50 and p95 to what the asker waited, and *stages_ms* each stage's name to
    the same two of what the assistant spent in it.
    """

    n: int
    estimates: dict[str, Estimate | None]
    latency_ms: dict[str, float]
    stages_ms: dict[str, dict[str, float]]
    by_kind: dict[str, "Scores"] = field(default_factory=dict)


def scores_of(outcomes: Sequence[Outcome]) -> Scores:
    """Return the scores of all *outcomes* and of each kind of question."""
    of_kind = defaultdict(list)
    for outcome in outcomes:
        of_kind[outcome.gold.kind].append(outcome)
    return _scores(outcomes, {kind: _scores(of_kind[kind], {}) for kind in sorted(of_kind)})


def scores_json(scores: Scores) -> dict[str, object]:
    """Return *scores* as they are printed for programs; no score is null."""
    names: dict[str, object] = {
        name: asdict(score) if score else None for name, score in scores.estimates.items()
    }
    latency = {"latency_ms": scores.latency_ms | {"stages": scores.stages_ms}}
    by_kind = {kind: scores_json(of_kind) for kind, of_kind in scores.by_kind.items()}
    return {"n": scores.n} | names | latency | ({"by_kind": by_kind} if by_kind else {})


def _scores(outcomes: Sequence[Outcome], by_kind: dict[str, Scores]) -> Scores:
    estimates = {name: _mean(score, outcomes) for name, score in MEANS.items()}
    estimates["ece"] = _calibration(outcomes)
    stages = dict.fromkeys(stage for outcome in outcomes for stage in outcome.answer.timings_ms)
    return Scores(
        n=len(outcomes),
        estimates=estimates,
        latency_ms=_percentiles([outcome.milliseconds for outcome in outcomes]),
        stages_ms={
            stage: _percentiles([outcome.answer.timings_ms.get(stage, 0.0) for outcome in outcomes])
            for stage in stages
        },
        by_kind=by_kind,
    )


def _mean(score: Score, outcomes: Sequence[Outcome]) -> Estimate | None:
    defined = [value for value in map(score, outcomes) if value is not None]
    return estimate(np.array(defined))


def _calibration(outcomes: Sequence[Outcome]) -> Estimate | None:
    rows = [(o.answer.confidence.p, o.right) for o in outcomes if not o.refused]
    return estimate(np.array(rows, dtype=np.float64), expected_calibration_error)


def _percentiles(milliseconds: Sequence[float]) -> dict[str, float]:
    return {"p50": percentile(milliseconds, 50), "p95": percentile(milliseconds, 95)}
