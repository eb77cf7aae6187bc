"""Two runs compared: tests and intervals against values worked out by hand."""

import json

import pytest

from qa.errors import NothingToCompare
from qa.evaluate import Outcome
from qa.scoring.compare import compare, comparison_json, mcnemar, shared
from tests.fakes import abstention_about
from tests.outcomes import answered, five_outcomes, gold, outcome, results_of


def answers(*right: bool) -> list[Outcome]:
    """Return the outcomes of as many questions, answered right or wrong."""
    return [
        outcome(gold(str(n), "Ada Quinn"), answered(str(n), "Ada Quinn" if is_right else "of", 0.9))
        for n, is_right in enumerate(right)
    ]


@pytest.mark.parametrize(
    ("gained", "lost", "p"),
    [
        (0, 0, 1.0),
        (3, 3, 1.0),
        # twice the chance of at most 1 head in 6 throws: 2 * (1 + 6) / 64
        (5, 1, 14 / 64),
        (1, 5, 14 / 64),
        # twice the chance of no head in 10 throws
        (10, 0, 2 / 1024),
    ],
)
def test_mcnemar_s_exact_test_is_a_coin_thrown_for_each_changed_question(
    gained: int, lost: int, p: float
) -> None:
    assert mcnemar(gained, lost) == pytest.approx(p)


def test_what_was_gained_and_lost_is_named() -> None:
    then = results_of(*answers(True, True, False, False))
    now = results_of(*answers(True, False, True, True))
    comparison = compare(then, now)
    assert [new.id for _, new in comparison.gained] == ["2", "3"]
    assert [(old.given, new.given) for old, new in comparison.lost] == [("Ada Quinn", "of")]
    # at most 1 head in 3 throws has the chance 1/2: twice that
    assert comparison.p_value == 1.0
    change = comparison.changes["accuracy"]
    assert change is not None
    assert (change.then, change.now, change.difference.value) == (0.5, 0.75, 0.25)


def test_a_run_compared_with_itself_has_changed_in_nothing() -> None:
    results = results_of(*five_outcomes())
    comparison = compare(results, results)
    assert (comparison.n, comparison.only_then, comparison.only_now) == (5, 0, 0)
    assert (comparison.gained, comparison.lost, comparison.p_value) == ((), (), 1.0)
    undefined = {name for name, change in comparison.changes.items() if change is None}
    assert undefined == {"conflicts_found", "resolution_accuracy"}
    for change in filter(None, comparison.changes.values()):
        assert change.then == change.now
        assert (change.difference.low, change.difference.high) == (0, 0)


def test_the_interval_is_that_of_the_paired_differences() -> None:
    # Every question gains as much: drawing questions again leaves the difference as it is, which
    # drawing for each run by itself would not.
    then = results_of(*(outcome(o.gold, o.answer) for o in answers(*[False] * 10)))
    now = results_of(*answers(*[True] * 10))
    change = compare(then, now).changes["f1"]
    assert change is not None
    assert (change.difference.value, change.difference.low, change.difference.high) == (1, 1, 1)


def test_the_interval_of_a_difference_is_close_to_the_normal_one() -> None:
    # 60 of 100 questions gained: mean 0.6, standard error sqrt(0.6 * 0.4 / 100) = 0.049
    then = results_of(*answers(*[False] * 100))
    now = results_of(*answers(*[True] * 60, *[False] * 40))
    change = compare(then, now).changes["accuracy"]
    assert change is not None
    assert change.difference.low == pytest.approx(0.6 - 1.96 * 0.049, abs=0.02)
    assert change.difference.high == pytest.approx(0.6 + 1.96 * 0.049, abs=0.02)


def test_only_questions_with_one_id_and_the_same_words_are_compared() -> None:
    then, now = results_of(*answers(True, True, True)), results_of(*answers(True, True))
    reworded = now[1].model_copy(update={"question": "Who else?"})
    comparison = compare(then, [now[0], reworded])
    assert (comparison.n, comparison.only_then, comparison.only_now) == (1, 2, 1)
    assert shared(then, now) == [("0", "0"), ("1", "1")]


def test_runs_without_a_question_in_common_are_not_compared() -> None:
    [one, other] = results_of(*answers(True, True))
    with pytest.raises(NothingToCompare):
        compare([one], [other])


def test_a_score_that_one_run_does_not_define_has_no_change() -> None:
    asked = gold("who", "Ada Quinn")
    then = results_of(outcome(asked, abstention_about("who")))
    now = results_of(outcome(asked, answered("who", "Ada Quinn", 0.9)))
    changes = compare(then, now).changes
    assert changes["citation_accuracy"] is None
    assert changes["f1"] is not None


def test_only_scores_that_both_runs_have_are_compared() -> None:
    [result] = results_of(*answers(True))
    older = result.model_copy(update={"scores": {"f1": 0.5}})
    assert list(compare([older], [result]).changes) == ["f1"]


def test_json_tells_all_of_it() -> None:
    then, now = results_of(*answers(False, True)), results_of(*answers(True, True))
    printed = comparison_json(compare(then, now))
    assert json.loads(json.dumps(printed)) == printed
    assert printed["n"] == 2
    assert printed["mcnemar"] == {"gained": ["0"], "lost": [], "p": 1.0}
    scores = printed["scores"]
    assert isinstance(scores, dict)
    assert scores["abstention_recall"] is None
    assert scores["accuracy"]["difference"]["value"] == 0.5
