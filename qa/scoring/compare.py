"""Two runs over the same questions: what differs, and whether it is more than chance."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest

from qa.errors import NothingToCompare
from qa.scoring.metrics import RESAMPLES, SEED, Estimate
from qa.scoring.results import Result


class Asked(Protocol):
    """A question that can be found again in another run."""

    @property
    def id(self) -> str:
        """What its gold file calls it."""

    @property
    def question(self) -> str:
        """Its words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A score in the earlier run, in this one, and the difference: positive if this is higher."""

    then: float
    now: float
    difference: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A run beside an earlier one.

    *only_then* and *only_now* count the questions that one run alone has. *changes* maps each score
    to its change, or to None where one of the runs doesn't define it. *gained* and *lost* hold
    the questions that only this run, or only the earlier one, answered right: then and now.
    *p_value* is McNemar's: how likely it is that chance alone divides them so unevenly.
    """

    n: int
    only_then: int
    only_now: int
    changes: dict[str, Change | None]
    gained: tuple[tuple[Result, Result], ...]
    lost: tuple[tuple[Result, Result], ...]
    p_value: float


def compare(then: Sequence[Result], now: Sequence[Result]) -> Comparison:
    """Compare the questions that both runs have, by id and words; raise `NothingToCompare`."""
    before = {_key(result): result for result in then}
    after = {_key(result): result for result in now}
    pairs = [(before[key], after[key]) for key in shared(then, now)]
    if not pairs:
        raise NothingToCompare
    gained = tuple((old, new) for old, new in pairs if new.right and not old.right)
    lost = tuple((old, new) for old, new in pairs if old.right and not new.right)
    return Comparison(
        n=len(pairs),
        only_then=len(before) - len(pairs),
        only_now=len(after) - len(pairs),
        changes=_changes(pairs),
        gained=gained,
        lost=lost,
        p_value=mcnemar(len(gained), len(lost)),
    )


def shared(then: Iterable[Asked], now: Iterable[Asked]) -> list[tuple[str, str]]:
    """Return the id and the words of each question that is among both, in the order of *now*."""
    before = set(map(_key, then))
    return [key for key in dict.fromkeys(map(_key, now)) if key in before]


def mcnemar(gained: int, lost: int) -> float:
    """Return the two-sided p of McNemar's exact test, in (0, 1] (McNemar 1947).

    Questions that both runs answer right, or both wrong, say nothing; each of the others is as
    likely gained as lost if the runs are equally good.
    """
    changed = gained + lost
    return float(binomtest(gained, changed, 0.5).pvalue) if changed else 1.0


def comparison_json(comparison: Comparison) -> dict[str, object]:
    """Return *comparison* as it is printed for programs."""
    return {
        "n": comparison.n,
        "only_then": comparison.only_then,
        "only_now": comparison.only_now,
        "scores": {
            name: asdict(change) if change else None for name, change in comparison.changes.items()
        },
        "mcnemar": {
            "gained": [new.id for _, new in comparison.gained],
            "lost": [new.id for _, new in comparison.lost],
            "p": comparison.p_value,
        },
    }


def _key(asked: Asked) -> tuple[str, str]:
    return asked.id, asked.question


def _changes(pairs: Sequence[tuple[Result, Result]]) -> dict[str, Change | None]:
    """Return each score's change with its paired bootstrap interval.

    The questions are drawn again 1,000 times, for both runs alike (Efron and Tibshirani 1993,
    section 16.4). A score that is defined for other questions in each run is the mean over each
    run's own.
    """
    names = [name for name in pairs[0][1].scores if name in pairs[0][0].scores]
    then = _matrix([old for old, _ in pairs], names)
    now = _matrix([new for _, new in pairs], names)
    once = np.ones(len(pairs))
    before, after = _means(then, once), _means(now, once)
    rng = np.random.default_rng(SEED)
    drawn = (rng.integers(0, len(pairs), len(pairs)) for _ in range(RESAMPLES))
    counts = (np.bincount(rows, minlength=len(pairs)).astype(np.float64) for rows in drawn)
    drawn_differences = np.array([_means(now, count) - _means(then, count) for count in counts])
    return {
        name: _change(before[column], after[column], drawn_differences[:, column])
        for column, name in enumerate(names)
    }


def _change(then: float, now: float, differences: NDArray[np.float64]) -> Change | None:
    if np.isnan(then) or np.isnan(now):
        return None
    low, high = np.nanpercentile(differences, [2.5, 97.5])
    difference = Estimate(value=float(now - then), low=float(low), high=float(high))
    return Change(then=float(then), now=float(now), difference=difference)


def _matrix(results: Sequence[Result], names: Sequence[str]) -> NDArray[np.float64]:
    """Return what each question adds to each score, shape (questions, scores); nan for nothing."""
    rows = [[result.scores.get(name) for name in names] for result in results]
    return np.array(rows, dtype=np.float64)


def _means(values: NDArray[np.float64], counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the scores, shape (scores,), with each question counted *counts* times."""
    known = ~np.isnan(values)
    with np.errstate(invalid="ignore"):
        means: NDArray[np.float64] = (counts @ np.where(known, values, 0)) / (counts @ known)
    return means
