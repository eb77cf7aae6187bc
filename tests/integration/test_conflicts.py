"""Stories that contradict each other are shown to, and none of those that only seem to.

The pairs of tests/gold/conflicts were made up for this: of every three, one disagrees; the others
are series, updates of running totals, other events, the same in other words, and reprints.
"""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from corpus.ingest import ingest
from qa.assemble import assemble, open_store
from qa.assistant import Assistant
from qa.evaluate import answer_all
from qa.scoring.gold import read_gold
from qa.scoring.scores import Scores, scores_of
from qa.settings import Settings

PAIRS = Path(__file__).resolve().parents[2] / "tests" / "gold" / "conflicts"

pytestmark = pytest.mark.models


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    settings = Settings(data=tmp_path_factory.mktemp("conflicts"))
    with closing(open_store(settings)) as store:
        report = ingest(store, [PAIRS / "stories"])
    assert not report.refused
    made = assemble(settings)
    with closing(made.store):
        yield made


def value_of(scores: Scores, name: str) -> float:
    estimate = scores.estimates[name]
    assert estimate
    return estimate.value


def test_conflicts_are_found_and_no_false_ones(assistant: Assistant) -> None:
    questions = read_gold([PAIRS / "questions.jsonl"])
    assert sum(question.kind == "conflict" for question in questions) >= 10
    assert sum(question.kind != "conflict" for question in questions) >= 20
    outcomes = answer_all(assistant, questions, lambda _done, _of: None)
    scores = scores_of(outcomes)
    assert value_of(scores, "conflicts_found") >= 0.9
    assert value_of(scores, "false_conflicts") == 0
    assert value_of(scores, "accuracy") >= 0.95


def test_a_conflict_cites_each_value_with_the_day_it_was_said(assistant: Assistant) -> None:
    answer = assistant.ask("How many houses did the Gorse Ridge wildfire destroy?")
    assert answer.status == "conflict"
    said = {c.normalized: str(c.published_at) for c in answer.citations}
    assert said == {"23": "2023-08-14", "31": "2023-08-17"}
    assert answer.agreement.conflicting == 1
    for citation in answer.citations:
        body = assistant.store.story(citation.story_id).body
        assert body[citation.start : citation.end] == citation.quote


def test_a_reprint_is_shown_with_its_story_and_counts_for_nothing(assistant: Assistant) -> None:
    answer = assistant.ask("How many seals were counted in the Gannet Sound?")
    assert [citation.role for citation in answer.citations] == ["primary", "reprint"]
    assert (answer.agreement.supporting_stories, answer.agreement.independent) == (1, 1)
    found = assistant.search("seals counted in the Gannet Sound", k=5)
    assert sum("1,312" in hit.passage.text for hit in found) == 1
