"""Assistant: a question in, a cited answer or an honest refusal out."""

import hashlib
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from corpus.store import StoryStore
from embeddings.build import follow
from embeddings.index import EVERY_STORY, Filters
from embeddings.retriever import Hit, Retriever
from qa.abstain import abstention, best_sentences, withdrawal
from qa.answer import Abstention, Answer, Citation, Confidence, Receipt
from qa.clock import Clock
from qa.confidence import ConfidenceModel
from qa.conversation import Turn
from qa.errors import EmptyQuestion, QuestionTooLong
from qa.evidence import Candidate, agreement_of, candidates, cite
from qa.features import features_of, standing_of
from qa.normalize import value_of
from qa.question import Question
from qa.reader import Reader
from qa.serialize import filters_json
from qa.steps import OnStep, Step, unheard
from qa.understand import Meaning, taken_literally, understood

logger = logging.getLogger(__name__)

SUPPORTS_SHOWN = 4
ALSO_READ_SHOWN = 4
IN_VIEW_READ = 4
"""Passages of the stories that the turns before cited are read beside what the search finds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assistant:
    """Answers questions from the stories of a store.

    *passages_read* hits are read; an answer whose probability of being right is below *threshold*
    is not given. *settings* is the hash that receipts carry. Safe to use from several threads.
    """

    store: StoryStore
    retriever: Retriever
    reader: Reader
    confidence: ConfidenceModel
    passages_read: int
    threshold: float
    max_question_chars: int
    settings: str

    def ask(
        self,
        question: str,
        *,
        filters: Filters = EVERY_STORY,
        past: Sequence[Turn] = (),
        as_asked: bool = False,
        on_step: OnStep = unheard,
    ) -> Answer:
        """Answer *question* from the stories that satisfy *filters*.

        After the turns of *past* it may leave out what they spoke of, and it may say which stories
        it is asked of; *as_asked* takes it as it stands. *on_step* hears of each step as it begins.
        Raises `EmptyQuestion` or `QuestionTooLong`.
        """
        checked = self._checked(question)
        clock = Clock()
        meant = taken_literally(checked, filters)
        if not as_asked:
            meant = understood(checked, filters, past, self.store.publishers)
        on_step(Step("search", "Searching the stories"))
        follow(self.store, self.retriever.index)
        change = self.retriever.index.change
        hits = self._hits(meant)
        clock.stop("retrieve")
        on_step(_reading(hits))
        spans = self.reader.read(meant.question.text, hits)
        clock.stop("read")
        on_step(Step("check", "Checking the words against their story"))
        ranked = self._ranked(meant.question, candidates(spans, hits))
        answer = self._composed(meant, hits, ranked, change)
        clock.stop("compose")
        answer.timings_ms.update(clock.times_ms())
        logger.info(
            "%s: %s, %d hits, %s", answer.answer_id, answer.status, len(hits), answer.timings_ms
        )
        return answer

    def search(self, text: str, *, k: int, filters: Filters = EVERY_STORY) -> list[Hit]:
        """Return the *k* passages nearest to *text*, best first; raise as `ask` does."""
        asked = self._checked(text)
        follow(self.store, self.retriever.index)
        return self.retriever.retrieve(asked, k=k, filters=filters)

    def receipt(self) -> Receipt:
        """Return what an answer would be made from now; while it stays, so do answers."""
        follow(self.store, self.retriever.index)
        return self._receipt(self.retriever.index.change)

    def ready(self) -> str | None:
        """Return None if questions can be answered, or else why not."""
        if not self.store.count():
            return "There are no stories yet; `dateline add` reads some."
        follow(self.store, self.retriever.index)
        if self.retriever.index.change < self.store.change:
            return "The index is catching up with the stories; try again in a moment."
        if not len(self.retriever.index):
            return "The stories are not indexed yet; `dateline add` or `dateline rebuild` does it."
        return None

    def _hits(self, meant: Meaning) -> list[Hit]:
        """Return what is found for the question, and, after other turns, in the stories cited."""
        text, filters = meant.question.text, meant.filters
        hits = self.retriever.retrieve(text, k=self.passages_read, filters=filters)
        in_view = tuple(id_ for id_ in meant.story_ids if id_ in (filters.story_ids or (id_,)))
        if not in_view:
            return hits
        narrowed = replace(filters, story_ids=in_view)
        found = {hit.passage.passage_id for hit in hits}
        kept = self.retriever.retrieve(text, k=IN_VIEW_READ, filters=narrowed)
        return [*hits, *(hit for hit in kept if hit.passage.passage_id not in found)]

    def _checked(self, question: str) -> str:
        text = " ".join(question.split())
        if not any(character.isalnum() for character in text):
            raise EmptyQuestion
        if len(text) > self.max_question_chars:
            raise QuestionTooLong(len(text), self.max_question_chars)
        return text

    def _ranked(
        self, question: Question, found: Sequence[Candidate]
    ) -> list[tuple[float, Candidate]]:
        """Return candidates with their quality, best first."""
        rated = [
            (self.confidence.quality(features_of(question, candidate)), candidate)
            for candidate in found
        ]
        return sorted(rated, key=lambda pair: -pair[0])

    def _composed(
        self,
        meant: Meaning,
        hits: Sequence[Hit],
        ranked: Sequence[tuple[float, Candidate]],
        change: int,
    ) -> Answer:
        question, filters = meant.question, meant.filters
        confidence = self._confidence(question, ranked)
        believed = bool(ranked) and confidence.p >= self.threshold
        citations = self._citations(ranked[0][1]) if believed else ()
        abstained = None
        if believed and not citations:
            abstained = withdrawal()
        elif not believed:
            abstained = self._abstention(question, filters, hits, ranked)
        receipt = self._receipt(change)
        return Answer(
            answer_id=_answer_id(meant, receipt),
            status="answered" if citations else "abstained",
            question=meant.asked,
            standalone=question.text,
            filters=filters,
            inferred=meant.inferred,
            text=citations[0].quote if citations else None,
            type=question.answer_type,
            normalized=value_of(citations[0].quote, question.answer_type) if citations else None,
            confidence=confidence,
            citations=citations,
            also_read=self._also_read(hits, ranked, citations) if citations else (),
            agreement=agreement_of(citations),
            abstention=abstained,
            receipt=receipt,
        )

    def _also_read(
        self,
        hits: Sequence[Hit],
        ranked: Sequence[tuple[float, Candidate]],
        citations: Sequence[Citation],
    ) -> tuple[Citation, ...]:
        """Return the best sentences of the stories that were read and not cited."""
        cited = {citation.story_id for citation in citations}
        uncited = [hit for hit in hits if hit.story.story_id not in cited]
        found = [candidate for _, candidate in ranked]
        return tuple(best_sentences(self.store, uncited, found, role="read", limit=ALSO_READ_SHOWN))

    def _receipt(self, change: int) -> Receipt:
        return Receipt(
            change=change,
            encoder=self.retriever.encoder.name,
            reader=self.reader.name,
            settings=self.settings,
        )

    def _abstention(
        self,
        question: Question,
        filters: Filters,
        hits: Sequence[Hit],
        ranked: Sequence[tuple[float, Candidate]],
    ) -> Abstention:
        found = [candidate for _, candidate in ranked]
        mentioned = partial(self.retriever.mentions, filters=filters)
        return abstention(self.store, question, filters, hits, found, mentioned=mentioned)

    def _confidence(
        self, question: Question, ranked: Sequence[tuple[float, Candidate]]
    ) -> Confidence:
        if not ranked:
            return Confidence(p=0.0, band="low", threshold=self.threshold)
        quality, best = ranked[0]
        runner_up = ranked[1][0] if len(ranked) > 1 else None
        confidence = self.confidence.confidence(standing_of(question, best, quality, runner_up))
        return replace(confidence, threshold=self.threshold)

    def _citations(self, candidate: Candidate) -> tuple[Citation, ...]:
        """Return the checked citations of an answer; none at all if its own words fail."""
        primary = cite(self.store, candidate.best, n=1, role="primary")
        if primary is None:
            logger.error("the words of an answer are not in story %s", candidate.best.place[0])
            return ()
        citations = [primary]
        seen = {(primary.story_id, primary.sentence_start)}
        for mention in candidate.supporting():
            if len(citations) > SUPPORTS_SHOWN:
                break
            support = cite(self.store, mention, n=len(citations) + 1, role="supports")
            if support and (support.story_id, support.sentence_start) not in seen:
                seen.add((support.story_id, support.sentence_start))
                citations.append(support)
        return tuple(citations)


def _reading(hits: Sequence[Hit]) -> Step:
    stories = len({hit.story.story_id for hit in hits})
    plural = "story" if stories == 1 else "stories"
    return Step("read", f"Reading {len(hits)} passages of {stories} {plural}")


def _answer_id(meant: Meaning, receipt: Receipt) -> str:
    made_from = [meant.question.text, filters_json(meant.filters), str(receipt), *meant.story_ids]
    digest = hashlib.blake2b(json.dumps(made_from).encode(), digest_size=8)
    return f"ans_{digest.hexdigest()}"
