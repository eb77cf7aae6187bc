"""The evaluation over prepared answers: each score against a value worked out by hand."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import pytest

from corpus.story import Passage, Story
from embeddings.index import Filters
from embeddings.retriever import Hit
from qa.answer import Answer, Resolution
from qa.assistant import Assistant
from qa.conversation import Turn
from qa.evaluate import Outcome, answer_all, write_misses
from qa.scoring.gold import GoldQuestion
from qa.scoring.scores import Scores, scores_json, scores_of
from qa.understanding.understand import Meaning
from tests.fakes import MAYOR_SENTENCE, abstention_about, answer_with, cite, mayor_story
from tests.outcomes import STORY, answered, five_outcomes, gold, outcome

DOCUMENTED_KEYS = [
    "n",
    "accuracy",
    "exact_match",
    "f1",
    "recall_at_1",
    "recall_at_5",
    "recall_at_20",
    "mrr",
    "citation_accuracy",
    "abstention_precision",
    "abstention_recall",
    "conflicts_found",
    "false_conflicts",
    "resolution_accuracy",
    "ece",
    "auroc",
    "aurc",
    "latency_ms",
    "by_kind",
    "by_source",
]


def values(scores: Scores) -> dict[str, float | None]:
    return {name: score.value if score else None for name, score in scores.estimates.items()}


@pytest.fixture
def outcomes() -> list[Outcome]:
    return five_outcomes()


def test_scores_are_those_worked_out_by_hand(outcomes: list[Outcome]) -> None:
    assert values(scores_of(outcomes)) == pytest.approx(
        {
            # right, part (F1 4/7 is enough) and the rightly refused, of five
            "accuracy": 3 / 5,
            # one of three answerable
            "exact_match": 1 / 3,
            # 1, 2 shared words of 4 given and 3 expected, and 0 for the refusal
            "f1": (1 + 2 * 2 / (4 + 3) + 0) / 3,
            # ranks 1, 2 and 6
            "recall_at_1": 1 / 3,
            "recall_at_5": 2 / 3,
            "recall_at_20": 3 / 3,
            "mrr": (1 + 1 / 2 + 1 / 6) / 3,
            # two answerable questions were answered; one cited the right file
            "citation_accuracy": 1 / 2,
            # two refusals, one of them right; two unanswerable, one refused
            "abstention_precision": 1 / 2,
            "abstention_recall": 1 / 2,
            # no question is about a conflict, and none was seen
            "conflicts_found": None,
            "false_conflicts": 0,
            # no question has a time to be resolved
            "resolution_accuracy": None,
            # bins of 0.9 right, 0.8 right and 0.6 wrong: gaps 0.1, 0.2 and 0.6
            "ece": (0.1 + 0.2 + 0.6) / 3,
            # both right ones have more confidence than the wrong one
            "auroc": 1.0,
            # shares of wrong ones among the first one, two and three
            "aurc": (0 + 0 + 1 / 3) / 3,
        }
    )


def test_each_kind_is_scored_by_itself_and_undefined_scores_are_none(
    outcomes: list[Outcome],
) -> None:
    by_kind = scores_of(outcomes).by_kind
    assert {kind: scores.n for kind, scores in by_kind.items()} == {"person": 3, "unanswerable": 2}
    unanswerable = values(by_kind["unanswerable"])
    assert unanswerable["accuracy"] == 1 / 2
    assert unanswerable["exact_match"] is None
    assert unanswerable["mrr"] is None
    assert unanswerable["citation_accuracy"] is None
    assert values(by_kind["person"])["abstention_recall"] is None
    assert values(by_kind["person"])["abstention_precision"] == 0


def test_each_source_is_scored_by_itself(outcomes: list[Outcome]) -> None:
    by_source = scores_of(outcomes).by_source
    assert {name: scores.n for name, scores in by_source.items()} == {"no story": 2, "stories": 3}
    assert values(by_source["stories"])["accuracy"] == 2 / 3


def test_resolved_time_is_right_or_wrong_and_a_refusal_is_wrong() -> None:
    asked = gold("when", "Tuesday", kind="relative_date").model_copy(update={"resolved": "2021-11"})
    told = Resolution(value="2021-11", words="Tuesday")
    right = replace(answered("when", "mayor", 0.9), resolution=told)
    outright = replace(right, resolution=None, normalized="2021-11")
    wrong = replace(outright, resolution=replace(told, value="2021-11-02"))
    given = [outcome(asked, one) for one in (right, outright, wrong, abstention_about("when"))]

    scores = scores_of([*given, *five_outcomes()])

    assert values(scores)["resolution_accuracy"] == 2 / 4
    assert values(scores.by_kind["relative_date"])["resolution_accuracy"] == 2 / 4
    assert values(scores.by_kind["person"])["resolution_accuracy"] is None


def test_what_was_withheld_counts_for_the_risk_and_for_nothing_else() -> None:
    asked = gold("withheld", "Ada Quinn")
    refused = outcome(asked, abstention_about("withheld"))
    withheld = replace(refused, withheld=answered("withheld", "Ada Quinn", 0.3))
    assert (withheld.best_right, withheld.right, withheld.given) == (True, False, "")
    assert (refused.best_right, refused.best) == (False, refused.answer)
    wrong = outcome(gold("wrong", "Lee Park"), answered("wrong", "Ada Quinn", 0.9))
    scores = values(scores_of([wrong, withheld]))
    assert (scores["accuracy"], scores["ece"]) == (0, 0.9)
    assert (scores["auroc"], scores["aurc"]) == (0, (1 + 1 / 2) / 2)


def conflict(*quotes: str) -> Answer:
    citations = [cite(STORY, quotes[0], MAYOR_SENTENCE)]
    citations += [cite(STORY, quote, MAYOR_SENTENCE, n=2, role="conflicts") for quote in quotes[1:]]
    return answer_with("who", citations, status="conflict")


def test_a_conflict_is_right_if_one_of_its_values_is() -> None:
    asked = gold("who", "Springfield")
    assert outcome(asked, conflict("Ada Quinn", "Springfield")).right
    assert not outcome(asked, conflict("Ada Quinn", "elected")).right


def test_conflicts_are_found_by_two_right_values_and_false_where_stories_agree() -> None:
    disagreed = gold("who", "Ada Quinn", "Springfield", kind="conflict")
    outcomes = [
        outcome(disagreed, conflict("Ada Quinn", "Springfield")),
        outcome(disagreed, conflict("Ada Quinn", "elected")),
        outcome(disagreed, answered("who", "Ada Quinn", 0.9)),
        outcome(gold("who", "Ada Quinn"), conflict("Ada Quinn", "elected")),
        outcome(gold("who", "Ada Quinn"), answered("who", "Ada Quinn", 0.9)),
    ]
    scores = values(scores_of(outcomes))
    assert (scores["conflicts_found"], scores["false_conflicts"]) == (1 / 3, 1 / 2)


def test_json_has_the_documented_keys(outcomes: list[Outcome]) -> None:
    printed = scores_json(scores_of(outcomes))
    assert list(printed) == DOCUMENTED_KEYS
    assert json.loads(json.dumps(printed)) == printed
    assert printed["latency_ms"] == {
        "p50": 1.0,
        "p95": pytest.approx(2.6),
        "stages": {"total": {"p50": 1.0, "p95": 1.0}},
    }
    by_kind = cast(dict[str, dict[str, object]], printed["by_kind"])
    assert list(by_kind["unanswerable"]) == DOCUMENTED_KEYS[:-2]
    assert by_kind["unanswerable"]["exact_match"] is None


def test_an_answer_to_an_unanswerable_question_is_never_right() -> None:
    assert not outcome(gold("unknown"), answered("unknown", "mayor", 0.9)).right


def test_misses_are_written_one_a_line(outcomes: list[Outcome], tmp_path: Path) -> None:
    write_misses(outcomes, tmp_path / "misses.jsonl")
    lines = (tmp_path / "misses.jsonl").read_text("utf-8").splitlines()
    misses = [json.loads(line) for line in lines]
    assert [(miss["id"], miss["expected"], miss["given"]) for miss in misses] == [
        ("refused", ["Ada"], ""),
        ("made up", [], "mayor"),
    ]
    assert [miss["source"] for miss in misses] == [None, STORY.source]


def hit(story: Story, ordinal: int) -> Hit:
    passage = Passage(
        passage_id=ordinal, story_id=story.story_id, ordinal=ordinal, start=0, end=3, text="Ada"
    )
    return Hit(passage=passage, story=story, score=1.0)


@dataclass
class PreparedAssistant:
    """Answers every question alike, and keeps what it was asked."""

    answer: Answer
    hits: Sequence[Hit]
    asked: list[tuple[str, Filters]]
    threshold: float = 0.5

    def at(self, threshold: float) -> "PreparedAssistant":
        return replace(self, threshold=threshold)

    def found(self, meant: Meaning, k: int) -> list[Hit]:
        return list(self.hits)[:k]

    def ask(self, question: str, *, filters: Filters, past: Sequence[Turn]) -> Answer:
        self.asked.append((question, filters))
        believed = self.answer.confidence.p >= self.threshold
        return self.answer if believed else abstention_about(question)


def test_every_question_is_asked_with_its_filters_and_progress_told() -> None:
    other = mayor_story(story_id="ff", source="stories/count.html")
    hits = [hit(STORY, 0), hit(STORY, 1), hit(other, 2)]
    assistant = PreparedAssistant(answered("who", "Ada Quinn", 0.9), hits, [])
    filtered = GoldQuestion.model_validate(
        gold("first", "Ada Quinn").model_dump() | {"filters": {"publisher": "Gazette"}}
    )
    told: list[tuple[int, int]] = []
    [first, second] = answer_all(
        cast(Assistant, assistant),
        [filtered, gold("second", "Ada Quinn")],
        lambda done, total: told.append((done, total)),
    )
    assert assistant.asked == [("first", Filters(publisher="Gazette")), ("second", Filters())]
    assert told == [(1, 2), (2, 2)]
    assert first.sources == (STORY.source, "stories/count.html")
    assert second.milliseconds >= 0


def test_a_refused_question_is_asked_again_with_nothing_withheld() -> None:
    places = [(0, 30), (30, 99), (40, 120)]
    passages = [
        Passage(passage_id=n, story_id=STORY.story_id, ordinal=n, start=start, end=end, text="")
        for n, (start, end) in enumerate(places)
    ]
    hits = [Hit(passage=passage, story=STORY, score=1.0) for passage in passages]
    unsure = answered("who", "Ada Quinn", 0.3)
    assistant = PreparedAssistant(unsure, hits, [])
    [outcome] = answer_all(
        cast(Assistant, assistant), [gold("who", "Ada Quinn")], lambda done, total: None
    )
    assert (outcome.refused, outcome.given) == (True, "")
    assert outcome.withheld == unsure
    assert outcome.passage == passages[1]


def test_a_passage_that_the_search_did_not_find_is_not_told() -> None:
    assistant = PreparedAssistant(answered("who", "Ada Quinn", 0.9), [], [])
    [outcome] = answer_all(
        cast(Assistant, assistant), [gold("who", "Ada Quinn")], lambda done, total: None
    )
    assert (outcome.withheld, outcome.passage) == (None, None)
