"""Limits that scores must keep: how they are written, and what is said when they are broken."""

import pytest

from qa.errors import InvalidLimit
from qa.scoring.limits import Limit, limit_of, shortfall
from qa.scoring.scores import scores_of
from tests.outcomes import answered, five_outcomes, gold, outcome


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.scoring.metrics.RESAMPLES", 2)


@pytest.mark.parametrize(
    ("written", "limit"),
    [
        ("f1=0.65", Limit("f1", 0.65)),
        ("accuracy=1", Limit("accuracy", 1.0)),
        ("ece=.1", Limit("ece", 0.1)),
        ("latency_ms.p95=400", Limit("latency_ms.p95", 400.0)),
    ],
)
def test_a_limit_is_a_score_and_a_value(written: str, limit: Limit) -> None:
    assert limit_of(written) == limit


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        ("F2=0.5", "'F2' is no score; there are accuracy, exact_match, f1"),
        ("f1", "'f1' has no number after f1="),
        ("f1=", "has no number"),
        ("f1=high", "has no number"),
        ("f1=80", "f1 is never 80: it lies between 0 and 1"),
        ("f1=-0.1", "is never -0.1"),
        ("f1=nan", "is never nan"),
        ("latency_ms.p95=inf", "is never inf"),
    ],
)
def test_what_is_no_limit_is_refused_with_a_reason(written: str, complaint: str) -> None:
    with pytest.raises(InvalidLimit, match=complaint):
        limit_of(written)


@pytest.mark.parametrize(
    ("limit", "sentence"),
    [
        (Limit("accuracy", 0.6), None),
        (Limit("accuracy", 0.61), "accuracy is 0.6, under 0.61."),
        (Limit("ece", 0.31), None),
        (Limit("ece", 0.25), "ece is 0.3, over 0.25."),
        (Limit("aurc", 0.1), "aurc is 0.1111, over 0.1."),
        (Limit("latency_ms.p95", 2.6), None),
        (Limit("latency_ms.p95", 2.5), "latency_ms.p95 is 2.6, over 2.5."),
    ],
)
def test_a_broken_limit_is_told_with_the_score(limit: Limit, sentence: str | None) -> None:
    assert shortfall(limit, scores_of(five_outcomes())) == sentence


def test_a_rounding_error_breaks_no_limit() -> None:
    tenths = [
        outcome(gold(str(n), "Ada Quinn"), answered(str(n), "Ada Quinn" if n < 3 else "of", 0.9))
        for n in range(10)
    ]
    scores = scores_of(tenths)
    assert shortfall(Limit("f1", 0.1 + 0.2), scores) is None
    assert shortfall(Limit("f1", 0.3), scores) is None


def test_a_score_that_nothing_defines_breaks_its_limit() -> None:
    scores = scores_of([outcome(gold("who", "Ada Quinn"), answered("who", "Ada Quinn", 0.9))])
    told = shortfall(Limit("abstention_recall", 0.0), scores)
    assert told == "abstention_recall is not defined by these questions."
