import pytest

from embeddings.fusion import PREFERRED, fuse, with_preferred


def test_score_is_the_sum_of_reciprocal_ranks() -> None:
    [both, *_] = fuse([7, 8], [9, 7], 10)
    assert (both.passage_id, both.dense_rank, both.word_rank) == (7, 1, 2)
    assert both.score == pytest.approx(1 / 61 + 1 / 62)


def test_passage_of_one_ranking_has_no_rank_in_the_other() -> None:
    fused = {scored.passage_id: scored for scored in fuse([1], [2], 10)}
    assert (fused[1].dense_rank, fused[1].word_rank) == (1, None)
    assert (fused[2].dense_rank, fused[2].word_rank) == (None, 1)


def test_found_by_both_beats_first_of_one() -> None:
    assert fuse([1, 2], [3, 2], 3)[0].passage_id == 2


def test_order_is_the_same_however_often_it_is_asked() -> None:
    assert fuse([1, 2], [2, 1], 5) == fuse([1, 2], [2, 1], 5)


def test_only_k_are_kept() -> None:
    assert len(fuse(range(10), range(5, 15), 4)) == 4


def test_nothing_fused_is_nothing() -> None:
    assert fuse([], [], 5) == []


def test_of_two_searches_a_passage_keeps_its_better_score() -> None:
    ranked = range(1, 12)
    everywhere, preferred = fuse(ranked, ranked, 11), fuse([11, 1], [11, 1], 2)
    both = with_preferred(everywhere, preferred)
    assert [scored.passage_id for scored in both][:6] == [1, 2, 3, 4, 11, 5]
    assert both[0] == everywhere[0]
    assert both[4].score == PREFERRED * preferred[0].score
