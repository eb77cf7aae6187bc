"""Questions of which every passage that was found is read, so that reading less can be judged."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from random import Random

import numpy as np

from corpus.passages import split_story
from embeddings.index import EVERY_STORY
from embeddings.retriever import Hit
from qa.assemble import assemble, open_store
from qa.assistant import Assistant
from qa.composing.features import features_of, standing_of
from qa.confidence import ConfidenceModel
from qa.evaluate import RIGHT_F1
from qa.evidence import candidates
from qa.reader import Span
from qa.reading.first_look import LEAST, MOST, Scores
from qa.reading.windows import best_first
from qa.scoring.gold import GoldAnswer, GoldQuestion
from qa.scoring.metrics import f1
from qa.settings import Settings
from qa.suggesting.next_questions import next_questions
from qa.training.rows import gold_of, read_rows, sample_of, stories_of
from qa.understanding.understand import Meaning, known, understood

CONTEXTS = 900
"""Rows of each file, beside those that are asked, whose contexts are searched, at most."""

A_STORY = 6
"""Questions turned out of a story that one is drawn from."""

TODAY = date(2026, 11, 24)
"""The day on which questions are asked, so that they always mean the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What is answered: its words, whether they are shown, and whether they are right."""

    text: str
    shown: bool
    right: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadThrough:
    """A question, its hits, and every span that is read in them; itself a reader of those hits."""

    gold: GoldQuestion
    meant: Meaning
    hits: Sequence[Hit]
    spans: Sequence[Span]
    name: str = "read before"

    @property
    def group(self) -> str:
        """What questions share that are held out together."""
        return self.gold.files[0] if self.gold.files else self.gold.id

    def read(self, question: str, hits: Sequence[Hit]) -> list[Span]:
        """Return the spans of *hits*, as the reader did that read all."""
        wanted = {hit.passage.passage_id for hit in hits}
        return [span for span in self.spans if span.passage.passage_id in wanted]

    def scores(self, hits: Sequence[Hit]) -> Scores:
        """Return the best score in each of *hits*, within what a first look can expect."""
        best = {span.passage.passage_id: span.score for span in reversed(self.spans)}
        found = [best.get(hit.passage.passage_id, LEAST) for hit in hits]
        scores: Scores = np.clip(np.array(found), LEAST, MOST)
        return scores

    def said(self, spans: Sequence[Span], model: ConfidenceModel) -> Said:
        """Return what is answered after *spans* alone were read."""
        question = self.meant.question
        found = candidates(sorted(spans, key=best_first), self.hits, question.answer_type)
        rated = [(model.quality(features_of(question, one)), -n) for n, one in enumerate(found)]
        rated.sort(reverse=True)
        if not rated:
            return Said(text="", shown=False, right=False)
        quality, place = rated[0]
        runner_up = rated[1][0] if len(rated) > 1 else None
        best = found[-place]
        p = model.confidence(standing_of(question, best, quality, runner_up)).p
        return Said(
            text=best.text,
            shown=p >= model.operating_point.threshold,
            right=not self.gold.is_impossible and f1(best.text, self.gold.texts) >= RIGHT_F1,
        )


def read_through(assistant: Assistant, questions: Iterable[GoldQuestion]) -> Iterator[ReadThrough]:
    """Yield *questions*, everything read that was found.

    Those that prefer some stories to others, of which all is read anyway, are passed over.
    """
    publishers = assistant.store.publishers
    for gold in questions:
        literal = understood(gold.question, EVERY_STORY, (), publishers, TODAY)
        meant = known(literal, assistant.knowledge)
        hits = assistant.found(meant, assistant.passages_read)
        if hits and not meant.prefers:
            spans = assistant.reader.read(meant.question.text, hits)
            yield ReadThrough(gold=gold, meant=meant, hits=hits, spans=spans)


def over_stories(
    settings: Settings, turned: int, elsewhere: Sequence[Path], sample: int
) -> list[ReadThrough]:
    """Ask *turned* questions that stories' own sentences answer, and *sample* rows of each file.

    The stories most likely say nothing of what rows *elsewhere* ask.
    """
    assistant = assemble(settings)
    asked = list(_turned(assistant, turned))
    for path in elsewhere:
        asked += [
            gold_of(row).model_copy(update={"answers": (), "files": (), "is_impossible": True})
            for row in sample_of(read_rows(path), sample)
        ]
    return list(read_through(assistant, asked))


def over_rows(settings: Settings, paths: Sequence[Path], sample: int) -> list[ReadThrough]:
    """Ask *sample* rows of each file over their contexts and those of `CONTEXTS` more rows."""
    rows_of = [read_rows(path) for path in paths]
    asked = [row for rows in rows_of for row in sample_of(rows, sample)]
    searched = asked + [row for rows in rows_of for row in rows[:CONTEXTS]]
    with tempfile.TemporaryDirectory() as folder:
        there = settings.model_copy(update={"data": Path(folder)})
        open_store(there).put([(story, split_story(story)) for story in stories_of(searched)])
        return list(read_through(assemble(there), map(gold_of, asked)))


def _turned(assistant: Assistant, count: int) -> Iterator[GoldQuestion]:
    """Yield a question of each of at most *count* stories, always the same ones."""
    ids = sorted(story.story_id for story in assistant.store.stories_page(assistant.store.count()))
    Random(1).shuffle(ids)  # noqa: S311 - a sample, no secret
    for story_id in ids:
        questions = list(islice(next_questions(assistant.store.story(story_id)), A_STORY))
        if questions and count > 0:
            count -= 1
            one = Random(story_id).choice(questions)  # noqa: S311
            yield GoldQuestion(
                id=story_id,
                question=one.text,
                kind="turned",
                answers=(GoldAnswer(text=one.expected),),
                files=(story_id,),
            )
