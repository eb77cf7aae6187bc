"""Spans come out of logits in the right order."""

import numpy as np
import pytest
from numpy.typing import NDArray

from qa.decode import best_spans, closed

NULL = 0


def logits_of(length: int, starts: dict[int, float], ends: dict[int, float]) -> NDArray[np.float32]:
    logits = np.zeros((length, 2), dtype=np.float32)
    for row, value in starts.items():
        logits[row, 0] = value
    for row, value in ends.items():
        logits[row, 1] = value
    return logits


def test_the_best_span_joins_the_best_start_and_the_best_end_after_it() -> None:
    logits = logits_of(10, starts={5: 4, 8: 3}, ends={2: 9, 6: 3})

    [span] = best_spans(logits, slice(4, 10), k=1)

    assert (span.first, span.last, span.score) == (5, 6, 7)


def test_the_score_is_what_the_span_has_above_the_null_answer() -> None:
    logits = logits_of(6, starts={NULL: 2, 3: 4}, ends={NULL: 1, 3: 5})

    [span] = best_spans(logits, slice(2, 6), k=1)

    assert span.score == pytest.approx(4 + 5 - 3)


def test_spans_stay_in_the_allowed_tokens() -> None:
    logits = logits_of(8, starts={1: 99, 7: 99, 4: 1}, ends={1: 99, 7: 99, 4: 1})

    [span] = best_spans(logits, slice(3, 6), k=1)

    assert (span.first, span.last) == (4, 4)


def test_a_span_is_not_longer_than_allowed() -> None:
    logits = logits_of(12, starts={2: 5}, ends={11: 5, 3: 1})

    [span] = best_spans(logits, slice(1, 12), k=1, max_tokens=3)

    assert (span.first, span.last) == (2, 3)


def test_further_spans_do_not_overlap_better_ones() -> None:
    logits = logits_of(12, starts={2: 5, 3: 4, 8: 3}, ends={4: 5, 9: 3})

    first, second = best_spans(logits, slice(1, 12), k=2)

    assert (first.first, first.last) == (2, 4)
    assert (second.first, second.last) == (8, 9)


def test_a_span_may_stand_right_before_or_after_a_better_one() -> None:
    logits = logits_of(8, starts={2: 2, 4: 5, 6: 3}, ends={3: 3, 5: 5, 7: 3})

    spans = best_spans(logits, slice(1, 8), k=3)

    assert [(span.first, span.last) for span in spans] == [(4, 5), (6, 7), (2, 3)]


def test_of_equal_spans_the_earlier_and_the_shorter_come_first() -> None:
    spans = best_spans(logits_of(60, {}, {}), slice(1, 60), k=59)

    assert [(span.first, span.last) for span in spans] == [(row, row) for row in range(1, 60)]


def test_nothing_allowed_gives_no_span() -> None:
    assert best_spans(logits_of(4, {}, {}), slice(2, 2), k=3) == []


@pytest.mark.parametrize(
    ("words", "mended"),
    [
        ("the Department (DoD", "the Department (DoD)"),
        ("CSE) Program", "(CSE) Program"),
        ("Department", "Department"),
        ("(DoD)", "(DoD)"),
        ("DoD", "DoD"),
        ("the Department (D", "the Department (D"),
        ("oD) and", "oD) and"),
        ("edge] It", "[edge] It"),
        ("((", "(("),
    ],
)
def test_a_bracket_beside_the_span_is_not_left_out(words: str, mended: str) -> None:
    text = "[edge] It is the Department (DoD) and the (CSE) Program, (("
    start = text.index(words)

    first, last = closed(text, start, start + len(words))

    assert text[first:last] == mended


def test_a_span_at_the_start_does_not_take_the_bracket_at_the_end() -> None:
    assert closed("DoD) and (", 0, 4) == (0, 4)
