import pytest

from embeddings.fusion import best_of_both, fuse


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
    everywhere, preferred = fuse([1, 2, 3], [1, 2, 3], 3), fuse([3], [3], 3)
    both = best_of_both(everywhere, preferred)
    assert [scored.passage_id for scored in both] == [1, 3, 2]
    assert both[1].score == preferred[0].score
