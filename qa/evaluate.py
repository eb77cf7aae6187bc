"""The evaluation: gold questions are asked, and what became of them is kept."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from corpus.story import Passage
from embeddings.retriever import Hit
from qa.answer import Answer
from qa.assistant import Assistant
from qa.conversation import Turn
from qa.scoring.gold import GoldQuestion
from qa.scoring.metrics import f1, rank_of
from qa.serialize import answer_json
from qa.understanding.understand import taken_literally

RIGHT_F1 = 0.5
"""An answer counts as right from this word overlap with a gold answer on."""

STORIES_RANKED = 20
HITS_RANKED = 100
"""Passages that are asked for, so that they come from twenty stories at least as a rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a gold question.

    *sources* are those of the best-ranked stories, a story once; *milliseconds* is what the
    asker waited. *withheld* is what would have been answered instead of a refusal, had any
    confidence been enough; *passage* is where the words of the one or the other stand. *alone* is
    the answer to a turn of a conversation asked by itself, in words that stand alone.
    """

    gold: GoldQuestion
    answer: Answer
    sources: tuple[str, ...]
    milliseconds: float
    withheld: Answer | None = None
    passage: Passage | None = None
    alone: Answer | None = None

    @property
    def refused(self) -> bool:
        """Whether the assistant said that the stories don't say."""
        return self.answer.status == "abstained"

    @property
    def given(self) -> str:
        """The words of the answer; empty if refused."""
        return words_of(self.answer)

    @property
    def right(self) -> bool:
        """Whether the answer is right, or rightly refused."""
        return is_right(self.answer, self.gold)

    @property
    def best(self) -> Answer:
        """The best answer that was read, given or withheld."""
        return self.withheld or self.answer

    @property
    def best_right(self) -> bool:
        """Whether the best answer that was read is right; False if none was."""
        if self.gold.is_impossible or not self.best.text:
            return False
        return f1(self.best.text, self.gold.texts) >= RIGHT_F1

    @property
    def rank(self) -> int | None:
        """The rank of the first story that supports the answer."""
        return rank_of(self.sources, self.gold.files)


def words_of(answer: Answer) -> str:
    """Return the words of *answer*; none if the assistant said that the stories don't say."""
    return "" if answer.status == "abstained" else answer.text or ""


def values_of(answer: Answer) -> list[str]:
    """Return the words of *answer* and, in a conflict, those that other stories say."""
    against = [each.quote for each in answer.citations if each.role == "conflicts"]
    return [words_of(answer), *against]


def is_right(answer: Answer, gold: GoldQuestion) -> bool:
    """Say whether *answer* has a right value, or is rightly refused."""
    refused = answer.status == "abstained"
    if gold.is_impossible or refused:
        return gold.is_impossible and refused
    return any(f1(value, gold.texts) >= RIGHT_F1 for value in values_of(answer))


def answer_all(
    assistant: Assistant,
    questions: Sequence[GoldQuestion],
    on_progress: Callable[[int, int], None],
) -> list[Outcome]:
    """Ask every question; *on_progress* is told how many are done, and of how many.

    The turns of a conversation are asked after those before them, as they were answered.
    """
    outcomes: list[Outcome] = []
    past: list[Turn] = []
    for gold in questions:
        if not outcomes or outcomes[-1].gold.conversation != gold.conversation:
            past = []
        outcome = _outcome(assistant, gold, past)
        outcomes.append(outcome)
        if gold.conversation:
            said = answer_json(outcome.answer)
            past.append(Turn(n=len(past) + 1, asked_at=datetime.now(UTC), answer=said))
        on_progress(len(outcomes), len(questions))
    return outcomes


def _outcome(assistant: Assistant, gold: GoldQuestion, past: Sequence[Turn]) -> Outcome:
    filters = gold.search_filters
    started = perf_counter()
    answer = assistant.ask(gold.question, filters=filters, past=past)
    milliseconds = (perf_counter() - started) * 1000
    withheld = alone = None
    if answer.status == "abstained":
        withheld = assistant.at(0.0).ask(gold.question, filters=filters, past=past)
    if gold.conversation and gold.standalone:
        alone = assistant.ask(gold.standalone, filters=filters, past=())
    meant = answer.meant or taken_literally(gold.question, filters)
    hits = assistant.found(meant, HITS_RANKED)
    source_of = {hit.story.story_id: hit.story.source for hit in hits}
    return Outcome(
        gold=gold,
        answer=answer,
        sources=tuple(source_of.values())[:STORIES_RANKED],
        milliseconds=milliseconds,
        withheld=withheld,
        passage=_passage(withheld or answer, hits),
        alone=alone,
    )


def _passage(answer: Answer, hits: Sequence[Hit]) -> Passage | None:
    """Return the first passage that holds the words of *answer*."""
    cited = [(c.story_id, c.start, c.end) for c in answer.citations[:1]]
    for passage in (hit.passage for hit in hits):
        for story_id, start, end in cited:
            if passage.story_id == story_id and passage.start <= start and end <= passage.end:
                return passage
    return None


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
