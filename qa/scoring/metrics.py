"""What the scores mean: answers compared, rankings, calibration and their uncertainty."""

import re
import string
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 1000
SEED = 0
ECE_BINS = 10

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalized(text: str) -> str:
    """Return *text* in lower case without ASCII punctuation, articles and extra white space.

    The normalisation of SQuAD's official script (Rajpurkar et al. 2016, section 6.1).
    """
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def exact_match(given: str, answers: Sequence[str]) -> float:
    """Return 1.0 if *given* is one of *answers* once normalised, else 0.0."""
    return float(any(normalized(given) == normalized(answer) for answer in answers))


def f1(given: str, answers: Sequence[str]) -> float:
    """Return the best word overlap of *given* with one of *answers*, in [0, 1]."""
    return max((_overlap(given, answer) for answer in answers), default=0.0)


def _overlap(given: str, answer: str) -> float:
    given_words, answer_words = normalized(given).split(), normalized(answer).split()
    if not given_words or not answer_words:
        return float(given_words == answer_words)
    shared = (Counter(given_words) & Counter(answer_words)).total()
    return 2 * shared / (len(given_words) + len(answer_words))


def same_time(value: str | None, resolved: str) -> bool:
    """Whether the ISO 8601 time *value* is the gold one: of the same precision, and the same.

    Of ranges, the first day, month or year must be the same; a range's first day may stand for the
    month or year that it begins, and the other way round.
    """
    first, _, last = (value or "").partition("/")
    gold, _, gold_last = resolved.partition("/")
    if first == gold:
        return last == gold_last or not last or not gold_last
    return bool(last) and bool(first) and _first_day(first) == _first_day(gold)


def _first_day(time: str) -> str:
    return f"{time}-01-01"[:10]


def comes_from(source: str, files: Sequence[str]) -> bool:
    """Whether *source* is one of *files*: their last path parts agree as far as both go."""
    return any(_same_end(source.split("/"), file.split("/")) for file in files)


def _same_end(left: list[str], right: list[str]) -> bool:
    shared = min(len(left), len(right))
    return left[-shared:] == right[-shared:]


def rank_of(sources: Sequence[str], files: Sequence[str]) -> int | None:
    """Return the rank, from 1, of the first of *sources* that is one of *files*."""
    ranks = (rank for rank, source in enumerate(sources, start=1) if comes_from(source, files))
    return next(ranks, None)


def expected_calibration_error(rows: NDArray[np.float64]) -> float:
    """Return how far confidence is from the share of right answers, on average, in [0, 1].

    *rows* has shape (answers, 2): the confidence, and 1.0 or 0.0 for right or wrong. Ten bins of
    equal width, weighted by the answers in them (Naeini et al. 2015).
    """
    confidence, right = rows.T
    bins = np.minimum((confidence * ECE_BINS).astype(np.int64), ECE_BINS - 1)
    gaps = np.bincount(bins, weights=confidence - right, minlength=ECE_BINS)
    return float(np.abs(gaps).sum() / len(rows))


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers of about one confidence.

    Where the bin begins, how many there are, their mean confidence, and the share of right ones.
    """

    start: float
    n: int
    confidence: float
    right: float


def confidence_bins(rows: NDArray[np.float64]) -> list[Bin]:
    """Return the bins of `expected_calibration_error` that hold answers, lowest first."""
    number = np.minimum((rows[:, 0] * ECE_BINS).astype(np.int64), ECE_BINS - 1)
    within = ((int(n), rows[number == n]) for n in np.unique(number))
    return [Bin(n / ECE_BINS, len(held), *map(float, held.mean(axis=0))) for n, held in within]


def risks(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the share of wrong answers among the k most confident ones, for each k from 1.

    *rows* as above. Answers of one confidence share their wrong ones evenly: no threshold parts
    them (El-Yaniv and Wiener 2010).
    """
    confidence, right = rows.T
    _, group = np.unique(confidence, return_inverse=True)
    wrong = (np.bincount(group, weights=1 - right) / np.bincount(group))[group]
    return np.cumsum(wrong[np.argsort(-confidence)]) / np.arange(1, len(rows) + 1)


def area_under_risks(rows: NDArray[np.float64]) -> float:
    """Return the mean of the `risks`, in [0, 1]; lower is better (Geifman et al. 2019)."""
    return float(risks(rows).mean())


def auroc(rows: NDArray[np.float64]) -> float:
    """Return how often a right answer has more confidence than a wrong one, in [0, 1].

    *rows* as above; nan unless some are right and some are wrong (Hanley and McNeil 1982).
    """
    confidence, right = rows.T
    count = right.sum()
    pairs = count * (len(rows) - count)
    _, group, sizes = np.unique(confidence, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(sizes) - (sizes - 1) / 2)[group]
    won = ranks @ right - count * (count + 1) / 2
    return float(won / pairs) if pairs else float("nan")


@dataclass(frozen=True, slots=True)
class Estimate:
    """A score with the bounds of its 95 % interval."""

    value: float
    low: float
    high: float


def mean(rows: NDArray[np.float64]) -> float:
    """Return the mean of *rows*, shape (questions,)."""
    return float(rows.mean())


def estimate(
    rows: NDArray[np.float64], statistic: Callable[[NDArray[np.float64]], float] = mean
) -> Estimate | None:
    """Return *statistic* of *rows* with its percentile bootstrap interval; None where undefined.

    The rows are drawn again 1,000 times, always in the same way (Efron 1979); drawings for which
    the statistic is not defined do not count.
    """
    value = statistic(rows) if len(rows) else float("nan")
    if np.isnan(value):
        return None
    rng = np.random.default_rng(SEED)
    resampled = [statistic(rows[rng.integers(0, len(rows), len(rows))]) for _ in range(RESAMPLES)]
    low, high = np.nanpercentile(resampled, [2.5, 97.5])
    return Estimate(value=value, low=float(low), high=float(high))


def percentile(values: Sequence[float], q: float) -> float:
    """Return the *q*-th percentile of *values*, interpolated between neighbours."""
    return float(np.percentile(values, q))
