"""Assistant: a question in, a cited answer or an honest refusal out."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from importlib.metadata import version

from corpus.store import StoryStore
from embeddings.build import follow
from embeddings.index import EVERY_STORY, Filters
from embeddings.retriever import Hit, Retriever
from qa.answer import Answer, OnAnswer, Receipt, unobserved
from qa.answer_cache import AnswerCache, AnswerKey, recalled
from qa.clock import Clock
from qa.composing.compose import Composer, withdrawn
from qa.conversation import Turn
from qa.deadline import timely
from qa.evidence import candidates
from qa.question import asked_text
from qa.reader import Reader
from qa.reading.enough import ALL_READ, StopRule
from qa.steps import CHECKING, OnStep, Step, reading, unheard
from qa.suggesting.suggestions import Suggestions
from qa.understanding.knowledge import NO_KNOWLEDGE, Knowledge
from qa.understanding.newest import with_newest
from qa.understanding.understand import Meaning, known, taken_literally, understood
from qa.verify import holds

logger = logging.getLogger(__name__)

TRIES = 3
"""Times that an answer is made, while stories that it shows change."""

IN_VIEW_READ = 4
"""Passages of the stories that the turns before cited are read beside what the search finds."""


OUT_OF_VIEW = 0.8
"""What a passage's score is worth beside them: a follow-up is about the stories just cited."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assistant:
    """Answers questions from the stories of a store, with *suggestions* of what to ask next.

    At most *passages_read* hits are read, and no more once *stop* says so. *settings* is the
    hash that receipts carry. *cache* keeps what was answered; *observe* hears of every answer that
    is asked for. Safe to use from several threads.
    """

    store: StoryStore
    retriever: Retriever
    reader: Reader
    composer: Composer
    passages_read: int
    max_question_chars: int
    settings: str
    suggestions: Suggestions | None = None
    knowledge: Knowledge = NO_KNOWLEDGE
    stop: StopRule = ALL_READ
    cache: AnswerCache | None = None
    observe: OnAnswer = unobserved

    @property
    def threshold(self) -> float:
        """The probability of being right from which on an answer is given."""
        return self.composer.threshold

    def at(self, threshold: float) -> "Assistant":
        """Return the same assistant that answers from another probability on."""
        return replace(self, composer=replace(self.composer, threshold=threshold))

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
        What was answered is given again while nothing it is made from has changed; its citations
        are checked then, too, and its `timings_ms` have `recall` in place of the other stages.
        Raises `EmptyQuestion` or `QuestionTooLong`; where a deadline is in force, `OutOfTime` or
        `AskerGone` between two stages.
        """
        checked = asked_text(question, self.max_question_chars)
        clock = Clock()
        meant = taken_literally(checked, filters)
        if not as_asked:
            today = self.knowledge.today()
            meant = understood(checked, filters, past, self.store.publishers, today)
        answer = self._recalled(meant, on_step, clock)
        self.observe(answer)
        return self.suggestions.added(answer, past) if self.suggestions else answer

    def answer(
        self, meant: Meaning, on_step: OnStep = unheard, clock: Clock | None = None
    ) -> Answer:
        """Answer what is *meant*, anew; *on_step* hears of each step as it begins.

        All that an answer shows was in the store at one moment: it is made again where stories
        changed meanwhile, and withdrawn where they do so all the time.
        """
        for _ in range(TRIES):
            answer = self._answered(meant, on_step, clock or Clock())
            if self._is_of_one_moment(answer):
                return answer
        return withdrawn(answer)

    def _recalled(self, meant: Meaning, on_step: OnStep, clock: Clock) -> Answer:
        """Return the answer to what is *meant* that is kept, or make it and keep it."""
        make = partial(self.answer, meant, on_step, clock)
        key = self._key(meant) if self.cache else None
        if self.cache is None or key is None:
            return make()
        answer, made = self.cache.answer(key, partial(holds, self.store), make)
        if made:
            return answer
        on_step(CHECKING)
        return recalled(answer, clock)

    def _key(self, meant: Meaning) -> AnswerKey | None:
        """Return what makes the answer; None while the index lags behind the stories."""
        self._follow()
        change = self.retriever.index.change
        if change != self.store.change:
            return None
        return AnswerKey(
            meant=meant,
            receipt=self._receipt(change),
            threshold=self.threshold,
            passages_read=self.passages_read,
            abbreviations=self.knowledge.change,
        )

    def _is_of_one_moment(self, answer: Answer) -> bool:
        return self.store.change == answer.receipt.change or holds(self.store, answer)

    def _answered(self, meant: Meaning, on_step: OnStep, clock: Clock) -> Answer:
        on_step = timely(on_step)
        on_step(Step("search", "Searching the stories"))
        self._follow()
        meant = known(meant, self.knowledge)
        change = self.retriever.index.change
        hits = self._hits(meant)
        clock.stop("retrieve")
        on_step(reading(hits))
        spans = self.stop.read(self.reader, meant, hits)
        clock.stop("read")
        on_step(CHECKING)
        found = candidates(spans, hits, meant.question.answer_type)
        findings = self.composer.findings(meant, hits, found)
        answer = self.composer.answer(findings, self._receipt(change))
        clock.stop("compose")
        answer.timings_ms.update(clock.times_ms())
        logger.info(
            "%s: %s, %d hits, %s", answer.answer_id, answer.status, len(hits), answer.timings_ms
        )
        return answer

    def search(self, text: str, *, k: int, filters: Filters = EVERY_STORY) -> list[Hit]:
        """Return the *k* passages nearest to *text*, best first; raise as `ask` does."""
        asked = asked_text(text, self.max_question_chars)
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
        hits = self.found(meant, self.passages_read)
        in_view = self._in_view(meant)
        if not in_view:
            return hits
        narrowed = replace(filters, story_ids=in_view)
        kept = self.retriever.retrieve(text, k=IN_VIEW_READ, filters=narrowed)
        read = {hit.passage.passage_id for hit in kept}
        others = (hit for hit in hits if hit.passage.passage_id not in read)
        return kept + [
            hit if hit.story.story_id in in_view else replace(hit, score=hit.score * OUT_OF_VIEW)
            for hit in others
        ]

    def _in_view(self, meant: Meaning) -> tuple[str, ...]:
        """Return the stories of the turns before; of another time than is asked of, none."""
        allowed, prefers = meant.filters.story_ids, meant.prefers
        in_view = tuple(id_ for id_ in meant.story_ids if not allowed or id_ in allowed)
        if not in_view or prefers is None or prefers.newest:
            return in_view
        stories = self.store.stories(in_view)
        timely = {id_ for id_, story in stories.items() if prefers.includes(story.published_on)}
        return tuple(id_ for id_ in in_view if id_ in timely)

    def found(self, meant: Meaning, k: int) -> list[Hit]:
        """Return the *k* passages that are best for a question, some of stories that it prefers."""
        prefers = meant.prefers
        newest = bool(prefers and prefers.newest)
        hits = self.retriever.retrieve(
            meant.question.text,
            k=2 * k if newest else k,
            filters=meant.filters,
            words=meant.question.also,
            prefer=EVERY_STORY if newest or not prefers else prefers.filters(meant.filters),
        )
        return with_newest(hits, k) if newest else hits

    def _follow(self) -> None:
        """Take in what other processes changed in the store."""
        follow(self.store, self.retriever.index)
        if self.knowledge.glossary:
            self.knowledge.glossary.follow(self.store, self.retriever.index.change)

    def _receipt(self, change: int) -> Receipt:
        return Receipt(
            change=change,
            encoder=self.retriever.encoder.name,
            reader=self.reader.name,
            confidence=self.composer.confidence.name,
            settings=self.settings,
            version=_version(),
        )


@cache
def _version() -> str:
    return version("dateline")
