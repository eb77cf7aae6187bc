"""Every score against values worked out by hand."""

import numpy as np
import pytest

from qa.scoring.metrics import (
    Bin,
    area_under_risks,
    auroc,
    comes_from,
    confidence_bins,
    estimate,
    exact_match,
    expected_calibration_error,
    f1,
    mean,
    normalized,
    percentile,
    rank_of,
    risks,
    same_time,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The  Eiffel Tower!", "eiffel tower"),
        ("an apple a day", "apple day"),
        ("U.S. $1,200.50", "us 120050"),
        ("theatre", "theatre"),
        ("Oct. 28-31", "oct 2831"),
        ("the", ""),
    ],
)
def test_case_punctuation_articles_and_white_space_do_not_count(text: str, expected: str) -> None:
    assert normalized(text) == expected


@pytest.mark.parametrize(
    ("value", "resolved", "same"),
    [
        ("2022-07-19", "2022-07-19", True),
        ("2022-07-19", "2022-07-20", False),
        ("2022-09", "2022-09", True),
        ("2022-09-01", "2022-09", False),
        ("2022", "2022-09", False),
        ("2022-07-19/2022-07-20", "2022-07-19", True),
        ("2022-07-19/2022-07-20", "2022-07-20", False),
        ("2017/..", "2017", True),
        ("2022-03/2022-05", "2022-03-01", True),
        ("2021-10-01/2022-09-30", "2021-10", True),
        ("2021-10-01/2022-09-30", "2021-10-01/2022-09-30", True),
        ("2021-10-01/2022-09-30", "2021-10-01/2022-03-31", False),
        (None, "2022", False),
        ("", "2022", False),
    ],
)
def test_times_are_the_same_if_their_first_days_are(
    value: str | None, resolved: str, same: bool
) -> None:
    assert same_time(value, resolved) is same


def test_punctuation_goes_before_articles_as_in_the_official_script() -> None:
    assert normalized("a-ha") == "aha"


@pytest.mark.parametrize(
    ("given", "answers", "expected"),
    [
        ("the Lyon, France", ["Lyon", "Lyon, France"], 1.0),
        ("Lyon", ["Paris", "lyon."], 1.0),
        ("Lyon France", ["Lyon"], 0.0),
        ("", ["Lyon"], 0.0),
    ],
)
def test_exact_match_takes_the_best_answer(given: str, answers: list[str], expected: float) -> None:
    assert exact_match(given, answers) == expected


@pytest.mark.parametrize(
    ("given", "answers", "expected"),
    [
        # 2 shared words, 3 given and 2 expected: 2 * 2 / (3 + 2)
        ("director Robert Pope", ["Robert Pope"], 0.8),
        # 1 shared word, 1 given and 2 expected: 2 * 1 / (1 + 2)
        ("Pope", ["Robert Pope"], 2 / 3),
        ("Pope", ["Robert Pope", "Pope"], 1.0),
        # a word counts as often as it stands in both: 2 * 1 / (2 + 1)
        ("no no", ["no"], 2 / 3),
        ("Lyon", ["Paris"], 0.0),
        ("", ["Paris"], 0.0),
        ("the", ["a"], 1.0),
        ("Lyon", [], 0.0),
    ],
)
def test_f1_is_the_overlap_with_the_best_answer(
    given: str, answers: list[str], expected: float
) -> None:
    assert f1(given, answers) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("source", "file", "expected"),
    [
        ("seeds/003.txt", "seeds/003.txt", True),
        ("stories/seeds/003.txt", "seeds/003.txt", True),
        ("003.txt", "seeds/003.txt", True),
        ("https://news.example/seeds/003.txt", "seeds/003.txt", True),
        ("other/003.txt", "seeds/003.txt", False),
        ("1003.txt", "003.txt", False),
    ],
)
def test_a_source_is_a_gold_file_when_their_last_parts_agree(
    source: str, file: str, expected: bool
) -> None:
    assert comes_from(source, [file]) is expected


def test_rank_is_that_of_the_first_story_that_supports_the_answer() -> None:
    sources = ["a/1.txt", "a/2.txt", "a/3.txt"]
    assert rank_of(sources, ["a/3.txt", "a/2.txt"]) == 2
    assert rank_of(sources, ["a/4.txt"]) is None


def test_calibration_error_weighs_each_bin_by_its_answers() -> None:
    # 0.9 to 1.0: two answers, 0.95 confident, half right: gap 0.45
    # 0.2 to 0.3: one answer, 0.25 confident, right: gap 0.75
    # 1.0 itself falls into the last bin
    rows = np.array([[0.9, 1.0], [1.0, 0.0], [0.25, 1.0]])
    assert expected_calibration_error(rows) == pytest.approx((2 * 0.45 + 1 * 0.75) / 3)


def test_calibration_error_is_zero_when_confidence_is_the_share_of_right_answers() -> None:
    rows = np.array([[0.5, 1.0], [0.5, 0.0]])
    assert expected_calibration_error(rows) == 0.0


def test_interval_holds_the_value_and_is_the_same_every_time() -> None:
    rows = np.array([1.0] * 50 + [0.0] * 50)
    score = estimate(rows)
    assert score is not None
    assert score.value == 0.5
    # The standard error is 0.05, so 95 % lie within about 0.098 of the mean.
    assert score.low == pytest.approx(0.402, abs=0.02)
    assert score.high == pytest.approx(0.598, abs=0.02)
    assert score == estimate(rows)


def test_interval_is_a_point_when_all_questions_agree() -> None:
    score = estimate(np.ones(5))
    assert score is not None
    assert (score.low, score.value, score.high) == (1.0, 1.0, 1.0)


def test_a_score_without_questions_is_undefined() -> None:
    assert estimate(np.array([])) is None
    assert estimate(np.empty((0, 2)), expected_calibration_error) is None


def test_mean_and_percentiles() -> None:
    assert mean(np.array([0.0, 1.0, 1.0, 1.0])) == 0.75
    assert percentile([1, 2, 3, 4, 5], 50) == 3
    # 95 % of the way from rank 1 to rank 5 is rank 4.8
    assert percentile([1, 2, 3, 4, 5], 95) == pytest.approx(4.8)


def test_bins_hold_the_answers_of_about_one_confidence() -> None:
    rows = np.array([[0.95, 1.0], [1.0, 0.0], [0.31, 1.0]])
    low, high = confidence_bins(rows)
    assert low == Bin(start=0.3, n=1, confidence=0.31, right=1.0)
    assert (high.start, high.n, high.right) == (0.9, 2, 0.5)
    assert high.confidence == pytest.approx(0.975)
    gaps = sum(held.n * abs(held.confidence - held.right) for held in (low, high))
    assert gaps / len(rows) == pytest.approx(expected_calibration_error(rows))


def test_risk_is_the_share_of_wrong_answers_among_the_most_confident() -> None:
    rows = np.array([[0.2, 0.0], [0.9, 1.0], [0.5, 0.0], [0.4, 1.0]])
    assert risks(rows) == pytest.approx([0, 1 / 2, 1 / 3, 2 / 4])
    assert area_under_risks(rows) == pytest.approx((0 + 1 / 2 + 1 / 3 + 2 / 4) / 4)


def test_answers_of_one_confidence_share_their_risk_in_whatever_order_they_come() -> None:
    rows = np.array([[0.9, 1.0], [0.5, 0.0], [0.5, 1.0]])
    assert risks(rows) == pytest.approx([0, 0.5 / 2, 1 / 3])
    assert risks(rows[::-1]) == pytest.approx(risks(rows))


def test_auroc_counts_the_pairs_in_which_the_right_answer_has_more_confidence() -> None:
    # right 0.9 and 0.4 against wrong 0.5 and 0.4: won, won, lost, drawn
    rows = np.array([[0.9, 1.0], [0.4, 1.0], [0.5, 0.0], [0.4, 0.0]])
    assert auroc(rows) == (1 + 1 + 0 + 0.5) / 4


def test_a_score_that_most_drawings_do_not_define_has_an_interval_all_the_same() -> None:
    mixed = estimate(np.array([[0.9, 1.0], [0.4, 0.0]]), auroc)
    assert mixed is not None
    assert (mixed.value, mixed.low, mixed.high) == (1.0, 1.0, 1.0)
    assert estimate(np.array([[0.9, 1.0], [0.4, 1.0]]), auroc) is None
