"""Retrieval scores agree with those of a library that everyone in the field uses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.evaluate import STORIES_RANKED, Outcome
from qa.scoring.gold import GoldAnswer, GoldQuestion
from qa.scoring.scores import MEANS
from tests.fakes import abstention_about

ir_measures = pytest.importorskip("ir_measures", reason="is installed where it has a wheel")

SOURCES = [f"{n:02}.html" for n in range(30)]
MEASURES = {
    "recall_at_1": ir_measures.Success @ 1,
    "recall_at_5": ir_measures.Success @ 5,
    "recall_at_20": ir_measures.Success @ 20,
    "mrr": ir_measures.RR @ 20,
}
rankings = st.lists(
    st.tuples(
        st.lists(st.sampled_from(SOURCES), unique=True, min_size=1, max_size=STORIES_RANKED),
        st.sets(st.sampled_from(SOURCES), min_size=1, max_size=4),
    ),
    min_size=1,
    max_size=6,
)


@given(rankings)
def test_retrieval_scores_are_those_of_ir_measures(
    rankings: list[tuple[list[str], set[str]]],
) -> None:
    relevant = {str(n): dict.fromkeys(files, 1) for n, (_, files) in enumerate(rankings)}
    ranked = {
        str(n): {source: float(-rank) for rank, source in enumerate(sources)}
        for n, (sources, _) in enumerate(rankings)
    }
    expected = ir_measures.calc_aggregate(MEASURES.values(), relevant, ranked)
    outcomes = [outcome(sources, files) for sources, files in rankings]
    for name, measure in MEASURES.items():
        values = [MEANS[name](outcome) or 0.0 for outcome in outcomes]
        assert sum(values) / len(values) == pytest.approx(expected[measure])


def outcome(sources: list[str], files: set[str]) -> Outcome:
    gold = GoldQuestion(
        id="1", question="Who?", answers=(GoldAnswer(text="Ada"),), files=tuple(sorted(files))
    )
    return Outcome(
        gold=gold, answer=abstention_about("Who?"), sources=tuple(sources), milliseconds=1.0
    )
