"""Limits that scores must keep, for a build to fail if they don't."""

from dataclasses import dataclass

from qa.errors import InvalidLimit
from qa.scoring.scores import SCORES, Scores

LATENCIES = ("latency_ms.p50", "latency_ms.p95")
AT_MOST = frozenset({"false_conflicts", "ece", "aurc", *LATENCIES})
"""Of these, lower is better."""


@dataclass(frozen=True, slots=True)
class Limit:
    """The least that a score may be; the most, where lower is better."""

    metric: str
    bound: float


def limit_of(text: str) -> Limit:
    """Return the limit that `metric=value` asks for; raise `InvalidLimit`."""
    metric, _, written = text.partition("=")
    if metric not in (*SCORES, *LATENCIES):
        raise InvalidLimit(f"{metric!r} is no score; there are {', '.join((*SCORES, *LATENCIES))}.")
    try:
        bound = float(written)
    except ValueError as error:
        raise InvalidLimit(f"{text!r} has no number after {metric}=.") from error
    most = float("inf") if metric in LATENCIES else 1
    if not 0 <= bound <= most or bound == float("inf"):
        raise InvalidLimit(f"{metric} is never {written}: it lies between 0 and {most:g}.")
    return Limit(metric, bound)


def shortfall(limit: Limit, scores: Scores) -> str | None:
    """Return a sentence if *scores* break the limit, else None."""
    value = _value(limit.metric, scores)
    if value is None:
        return f"{limit.metric} is not defined by these questions."
    excess = value - limit.bound if limit.metric in AT_MOST else limit.bound - value
    if excess < 1e-9:  # a mean of equal shares may miss the share by a rounding error
        return None
    side = "over" if limit.metric in AT_MOST else "under"
    return f"{limit.metric} is {value:.4g}, {side} {limit.bound:.4g}."


def _value(metric: str, scores: Scores) -> float | None:
    if metric in LATENCIES:
        return scores.latency_ms[metric.removeprefix("latency_ms.")]
    score = scores.estimates[metric]
    return score.value if score else None
