"""Follow-ups of CAsT 2019 made to stand alone; they are third-party and not in the project."""

from pathlib import Path

import pytest

from qa.scoring.rewrites import read_rewrites, score_rewrites

CAST = Path(__file__).resolve().parents[2] / ".." / "shared/qa/rewrite/cast2019.jsonl"

pytestmark = pytest.mark.skipif(
    not CAST.is_file(), reason="../shared/qa/rewrite/cast2019.jsonl is not here"
)


def test_hardly_any_question_that_stands_alone_is_changed() -> None:
    scores = score_rewrites(read_rewrites(CAST))
    assert scores.alone > 100
    assert scores.needless_share <= 0.02


def test_two_fifths_of_the_lost_terms_come_back() -> None:
    scores = score_rewrites(read_rewrites(CAST))
    assert scores.lost > 500
    assert scores.recovered_share >= 0.4
