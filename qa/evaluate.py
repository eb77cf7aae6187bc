"""The evaluation: gold questions are asked, and what became of them is kept."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from qa.answer import Answer
from qa.assistant import Assistant
from qa.gold import GoldQuestion
from qa.metrics import f1, rank_of

RIGHT_F1 = 0.5
"""An answer counts as right from this word overlap with a gold answer on."""

STORIES_RANKED = 20
HITS_RANKED = 100
"""Passages that are asked for, so that they come from twenty stories at least as a rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a gold question.

    *sources* are those of the best-ranked stories, a story once; *milliseconds* is what the
    asker waited.
    """

    gold: GoldQuestion
    answer: Answer
    sources: tuple[str, ...]
    milliseconds: float

    @property
    def refused(self) -> bool:
        """Whether the assistant said that the stories don't say."""
        return self.answer.status == "abstained"

    @property
    def given(self) -> str:
        """The words of the answer; empty if refused."""
        return "" if self.refused else self.answer.text or ""

    @property
    def right(self) -> bool:
        """Whether the answer is right, or rightly refused."""
        if self.gold.is_impossible or self.refused:
            return self.gold.is_impossible and self.refused
        return f1(self.given, self.gold.texts) >= RIGHT_F1

    @property
    def rank(self) -> int | None:
        """The rank of the first story that supports the answer."""
        return rank_of(self.sources, self.gold.files)


def answer_all(
    assistant: Assistant,
    questions: Sequence[GoldQuestion],
    on_progress: Callable[[int, int], None],
) -> list[Outcome]:
    """Ask every question; *on_progress* is told how many are done, and of how many."""
    outcomes = []
    for gold in questions:
        outcomes.append(_outcome(assistant, gold))
        on_progress(len(outcomes), len(questions))
    return outcomes


def _outcome(assistant: Assistant, gold: GoldQuestion) -> Outcome:
    started = perf_counter()
    answer = assistant.ask(gold.question, filters=gold.search_filters)
    milliseconds = (perf_counter() - started) * 1000
    hits = assistant.retriever.retrieve(gold.question, k=HITS_RANKED, filters=gold.search_filters)
    source_of = {hit.story.story_id: hit.story.source for hit in hits}
    return Outcome(
        gold=gold,
        answer=answer,
        sources=tuple(source_of.values())[:STORIES_RANKED],
        milliseconds=milliseconds,
    )


def write_misses(outcomes: Sequence[Outcome], file: Path) -> None:
    """Write the questions that were not answered right to *file*, one JSON object a line."""
    misses = (
        {
            "id": outcome.gold.id,
            "question": outcome.gold.question,
            "kind": outcome.gold.kind,
            "expected": outcome.gold.texts,
            "given": outcome.given,
            "confidence": outcome.answer.confidence.p,
            "files": outcome.gold.files,
            "source": outcome.answer.citations[0].source if outcome.answer.citations else None,
            "rank": outcome.rank,
        }
        for outcome in outcomes
        if not outcome.right
    )
    file.write_text("".join(json.dumps(miss) + "\n" for miss in misses), "utf-8")
