"""The scores of an evaluation, overall, by kind of question and by source."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from qa.evaluate import RIGHT_F1, STORIES_RANKED, Outcome, values_of
from qa.scoring.metrics import (
    Estimate,
    area_under_risks,
    auroc,
    comes_from,
    estimate,
    exact_match,
    expected_calibration_error,
    f1,
    percentile,
    same_time,
)

CONFLICT = "conflict"
"""The kind of the questions that stories answer with different values."""

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


def _resolution_accuracy(outcome: Outcome) -> float | None:
    if outcome.gold.resolved is None:
        return None
    answer = outcome.answer
    value = answer.resolution.value if answer.resolution else answer.normalized
    return float(not outcome.refused and same_time(value, outcome.gold.resolved))


def _abstention_precision(outcome: Outcome) -> float | None:
    return float(outcome.gold.is_impossible) if outcome.refused else None


def _abstention_recall(outcome: Outcome) -> float | None:
    return float(outcome.refused) if outcome.gold.is_impossible else None


def _conflicts_found(outcome: Outcome) -> float | None:
    if outcome.gold.kind != CONFLICT:
        return None
    said = [
        value for value in values_of(outcome.answer) if f1(value, outcome.gold.texts) >= RIGHT_F1
    ]
    return float(outcome.answer.status == "conflict" and len(set(said)) > 1)


def _false_conflicts(outcome: Outcome) -> float | None:
    return None if outcome.gold.kind == CONFLICT else float(outcome.answer.status == "conflict")


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
    "conflicts_found": _conflicts_found,
    "false_conflicts": _false_conflicts,
    "resolution_accuracy": _resolution_accuracy,
}
"""Scores that are means over the questions they are defined for."""

SCORES = (*MEANS, "ece", "auroc", "aurc")
"""The names of all scores; each is in [0, 1]."""


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
    by_source: dict[str, "Scores"] = field(default_factory=dict)


def scores_of(outcomes: Sequence[Outcome]) -> Scores:
    """Return the scores of all *outcomes*, of each kind of question and of each source."""
    return replace(
        _scores(outcomes),
        by_kind=_grouped(outcomes, lambda outcome: outcome.gold.kind),
        by_source=_grouped(outcomes, lambda outcome: outcome.gold.source),
    )


def scores_json(scores: Scores) -> dict[str, object]:
    """Return *scores* as they are printed for programs; no score is null."""
    names: dict[str, object] = {
        name: asdict(score) if score else None for name, score in scores.estimates.items()
    }
    latency = {"latency_ms": scores.latency_ms | {"stages": scores.stages_ms}}
    groups = {
        by: {name: scores_json(group) for name, group in groups.items()}
        for by, groups in (("by_kind", scores.by_kind), ("by_source", scores.by_source))
        if groups
    }
    return {"n": scores.n} | names | latency | groups


def confidences(outcomes: Sequence[Outcome]) -> NDArray[np.float64]:
    """Return a row for each answer given: its confidence, and 1.0 or 0.0 for right or wrong."""
    rows = [(o.answer.confidence.p, o.right) for o in outcomes if not o.refused]
    return np.array(rows, dtype=np.float64).reshape(-1, 2)


def best_confidences(outcomes: Sequence[Outcome]) -> NDArray[np.float64]:
    """Return such a row for each question's best answer, whether it was given or withheld."""
    rows = [(o.best.confidence.p, o.best_right) for o in outcomes if o.best.text]
    return np.array(rows, dtype=np.float64).reshape(-1, 2)


def _grouped(outcomes: Sequence[Outcome], group: Callable[[Outcome], str]) -> dict[str, Scores]:
    grouped = defaultdict(list)
    for outcome in outcomes:
        grouped[group(outcome)].append(outcome)
    return {name: _scores(grouped[name]) for name in sorted(grouped)}


def _scores(outcomes: Sequence[Outcome]) -> Scores:
    given, best = confidences(outcomes), best_confidences(outcomes)
    estimates = {name: _mean(score, outcomes) for name, score in MEANS.items()}
    estimates["ece"] = estimate(given, expected_calibration_error)
    estimates["auroc"] = estimate(best, auroc)
    estimates["aurc"] = estimate(best, area_under_risks)
    stages = dict.fromkeys(stage for outcome in outcomes for stage in outcome.answer.timings_ms)
    return Scores(
        n=len(outcomes),
        estimates=estimates,
        latency_ms=_percentiles([outcome.milliseconds for outcome in outcomes]),
        stages_ms={
            stage: _percentiles([outcome.answer.timings_ms.get(stage, 0.0) for outcome in outcomes])
            for stage in stages
        },
    )


def _mean(score: Score, outcomes: Sequence[Outcome]) -> Estimate | None:
    defined = [value for value in map(score, outcomes) if value is not None]
    return estimate(np.array(defined))


def _percentiles(milliseconds: Sequence[float]) -> dict[str, float]:
    return {"p50": percentile(milliseconds, 50), "p95": percentile(milliseconds, 95)}
