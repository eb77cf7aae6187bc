"""Stand-ins that are deterministic and load no model."""

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime
from types import SimpleNamespace

import numpy as np

from corpus.errors import RevisionNotFound, StoryNotFound
from corpus.listing import EVERY_STORY as EVERY_LISTED
from corpus.listing import Listing
from corpus.overview import Overview
from corpus.passages import split_story
from corpus.revisions import Lineage, Revision
from corpus.store import StoryStore
from corpus.story import Story
from embeddings.build import catch_up
from embeddings.encoder import Vectors
from embeddings.fusion import fuse
from embeddings.index import EVERY_STORY, Entry, Filters, PassageIndex, Query, ScoredId
from embeddings.retriever import Hit, Retriever, VectorCounts
from qa.answer import Abstention, Answer, Citation, Confidence, Receipt, Role, Status
from qa.assistant import Assistant
from qa.composing.compose import Composer
from qa.composing.features import Features, Standing
from qa.composing.sources import agreement_of
from qa.confidence import ConfidenceModel, OperatingPoint
from qa.conversation import Turn
from qa.errors import EmptyQuestion, QuestionTooLong
from qa.reader import Span
from qa.steps import OnStep, Step, unheard
from qa.suggesting.suggestions import Suggestions
from qa.understanding.knowledge import NO_KNOWLEDGE, Knowledge
from qa.understanding.understand import Meaning

MAYOR_QUESTION = "Who is mayor of Springfield?"
MAYOR_SENTENCE = "Ada Quinn was elected mayor of Springfield."
RECEIPT = Receipt(
    change=7,
    encoder="fake-encoder",
    reader="fake-reader",
    confidence="fake-confidence",
    settings="0" * 16,
    version="0",
)


def mayor_story(**changes: object) -> Story:
    """Return a short story about a mayor, or one that differs in *changes*."""
    fields: dict[str, object] = {
        "story_id": "00aa11bb22cc33dd",
        "source": "stories/mayor.html",
        "title": "Springfield elects a mayor",
        "url": "https://news.example/mayor",
        "byline": "Lee Park",
        "publisher": "Springfield Gazette",
        "dateline": "SPRINGFIELD",
        "published_at": date(2021, 11, 3),
        "body": "Voters went to the polls on Tuesday.\n\n"
        f"{MAYOR_SENTENCE} She takes office in January 2022.\n\n"
        + "\n\n".join(f"The count in ward {ward} took until midnight." for ward in range(40)),
        "caption": "Ada Quinn thanks her voters.",
        "about": "The Gazette has reported from Springfield since 1901.",
    }
    return Story(**(fields | changes))  # type: ignore[arg-type]


def lineage_of(story: Story) -> Lineage:
    """Return the lineage of a story that was stored once, and has no like."""
    stored = datetime(2021, 11, 4, 8, tzinfo=UTC)
    return Lineage(versions=(Revision(sha256=story.sha256, title=story.title, ingested_at=stored),))


def cite(
    story: Story, quote: str, sentence: str, *, n: int = 1, role: Role = "primary"
) -> Citation:
    """Return a citation of *quote* where it stands in *sentence* of the story."""
    sentence_start = story.body.index(sentence)
    start = story.body.index(quote, sentence_start)
    return Citation(
        n=n,
        story_id=story.story_id,
        title=story.title,
        source=story.source,
        publisher=story.publisher,
        published_at=story.published_at,
        url=story.url,
        deep_link=f"{story.url}#:~:text=x" if story.url else None,
        quote=quote,
        start=start,
        end=start + len(quote),
        sentence=sentence,
        sentence_start=sentence_start,
        sentence_end=sentence_start + len(sentence),
        snapshot_sha256=story.sha256,
        role=role,
        verified=True,
    )


def answer_with(
    question: str, citations: Sequence[Citation], *, status: Status = "answered"
) -> Answer:
    """Return an answer in the words of the first of *citations*."""
    return Answer(
        answer_id="ans_1",
        status=status,
        question=question,
        standalone=question,
        filters=Filters(),
        text=citations[0].quote,
        type="person",
        confidence=Confidence(p=0.93, band="high"),
        receipt=RECEIPT,
        citations=tuple(citations),
        agreement=agreement_of(citations),
        timings_ms={"total": 1.0},
    )


def abstention_about(question: str, nearest: Sequence[Citation] = ()) -> Answer:
    """Return the statement that the stories don't say, with what came nearest."""
    return Answer(
        answer_id="ans_2",
        status="abstained",
        question=question,
        standalone=question,
        filters=Filters(),
        text=None,
        type="person",
        confidence=Confidence(p=0.12, band="low"),
        receipt=RECEIPT,
        abstention=Abstention(
            reason="missing_slot",
            message="No story mentions everything that the question asks about.",
            missing=("year 2019",),
            nearest=tuple(nearest),
        ),
        timings_ms={"total": 1.0},
    )


class FakeStore:
    """A story store in a dict."""

    def __init__(self, stories: Sequence[Story]) -> None:
        self.change = 7
        self._story_of = {story.story_id: story for story in stories}

    def story(self, story_id: str) -> Story:
        if story_id not in self._story_of:
            raise StoryNotFound(story_id)
        return self._story_of[story_id]

    def stories(self, story_ids: Sequence[str]) -> dict[str, Story]:
        return {id_: self._story_of[id_] for id_ in story_ids if id_ in self._story_of}

    def revision(self, story_id: str, sha256: str) -> Story:
        story = self.story(story_id)
        if story.sha256 != sha256:
            raise RevisionNotFound(story_id, sha256)
        return story

    def lineage(self, story_id: str) -> Lineage:
        return lineage_of(self.story(story_id))

    def same_as(self, story_ids: Sequence[str]) -> dict[str, str]:
        return {story_id: story_id for story_id in story_ids}

    def reprints(self, story_id: str) -> list[str]:
        return []

    def overview(self) -> Overview:
        names = [story.publisher for story in self._story_of.values() if story.publisher]
        return Overview(
            stories=len(self._story_of),
            passages=3 * len(self._story_of),
            pending=0,
            publishers={name: names.count(name) for name in sorted(set(names))},
            unnamed=len(self._story_of) - len(names),
            undated=0,
            first_date=date(2021, 11, 3),
            last_date=date(2021, 11, 3),
            last_added=datetime(2021, 11, 4, 8, tzinfo=UTC),
        )

    def close(self) -> None:
        pass

    def stories_page(
        self, limit: int, offset: int = 0, listing: Listing = EVERY_LISTED
    ) -> list[Story]:
        return self._listed(listing)[offset : offset + limit]

    def count(self, listing: Listing = EVERY_LISTED) -> int:
        return len(self._listed(listing))

    def _listed(self, listing: Listing) -> list[Story]:
        return [
            story
            for story in self._story_of.values()
            if all(word in story.title.casefold() for word in listing.words.casefold().split())
            and listing.publisher in (None, story.publisher)
        ]

    def date_range(self) -> tuple[date | None, date | None]:
        days = [day for story in self._story_of.values() if (day := story.published_on)]
        return min(days, default=None), max(days, default=None)

    def publishers(self) -> list[str]:
        return sorted({story.publisher for story in self._story_of.values() if story.publisher})


@dataclass
class FakeAssistant:
    """Gives prepared answers to known questions and abstains on every other."""

    store: FakeStore
    answers: dict[str, Answer] = field(default_factory=dict)
    reason: str | None = None
    asked: list[tuple[str, Filters]] = field(default_factory=list)
    failure: Exception | None = None
    threshold: float = 0.5
    passages_read: int = 12
    suggestions: Suggestions | None = None
    knowledge: Knowledge = NO_KNOWLEDGE
    cache: None = None

    def at(self, threshold: float) -> "FakeAssistant":
        return replace(self, threshold=threshold)

    def found(self, meant: Meaning, k: int) -> list[Hit]:
        return self.search(meant.question.text, k=k)

    def search(self, text: str, *, k: int, filters: Filters = EVERY_STORY) -> list[Hit]:
        if self.failure:
            raise self.failure
        asked = words_of(text)
        if not asked:
            raise EmptyQuestion
        hits = [
            Hit(passage=passage, story=story, score=len(asked & words_of(passage.text)))
            for story in self.store.stories_page(1000)
            for passage in split_story(story)
        ]
        return sorted((hit for hit in hits if hit.score), key=lambda hit: -hit.score)[:k]

    reader: SimpleNamespace = field(default_factory=lambda: SimpleNamespace(name="fake-reader"))
    retriever: SimpleNamespace = field(
        default_factory=lambda: SimpleNamespace(
            encoder=SimpleNamespace(name="fake-encoder"),
            index=DictIndex(change=7),
            vectors_kept=VectorCounts(kept=0, made=0, vectors=0),
        )
    )

    def ask(
        self,
        question: str,
        *,
        filters: Filters = EVERY_STORY,
        past: Sequence[Turn] = (),
        as_asked: bool = False,
        on_step: OnStep = unheard,
    ) -> Answer:
        on_step(Step("search", "Searching the stories"))
        if self.failure:
            raise self.failure
        question = question.strip()
        if not question:
            raise EmptyQuestion
        if len(question) > 1000:
            raise QuestionTooLong(len(question), 1000)
        self.asked.append((question, filters))
        return self.answers.get(question) or abstention_about(question)

    def ready(self) -> str | None:
        return self.reason


class HashingEncoder:
    """Texts to vectors: every word adds to one of 256 places, chosen by its hash."""

    name = "hashing"
    dim = 256

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of *texts*, shape (len(texts), 256)."""
        vectors = np.zeros((len(texts), self.dim), np.float32)
        for vector, text in zip(vectors, texts, strict=True):
            for word in words_of(text) or {""}:
                vector[zlib.crc32(word.encode()) % self.dim] += 1
            vector /= np.linalg.norm(vector)
        return vectors

    encode_passages = encode_queries


class DictIndex:
    """Passages in a dict, all of them compared with every query."""

    def __init__(self, change: int = 0) -> None:
        self.change = change
        self._staged: dict[int, Entry | None] = {}
        self._entries: dict[int, Entry] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, entries: Sequence[Entry]) -> None:
        """Add *entries* at the next commit."""
        self._staged |= {entry.passage_id: entry for entry in entries}

    def remove(self, passage_ids: Sequence[int]) -> None:
        """Forget *passage_ids* at the next commit."""
        self._staged |= dict.fromkeys(passage_ids)

    def commit(self, change: int) -> None:
        """Make what was added and removed visible."""
        entries = self._entries | self._staged
        self._entries = {id_: entry for id_, entry in entries.items() if entry}
        self._staged = {}
        self.change = change

    def clear(self) -> None:
        """Forget everything."""
        self._entries, self._staged, self.change = {}, {}, 0

    def search(self, query: Query, k: int) -> list[ScoredId]:
        """Return the best *k* by cosine and by words in common, fused by rank."""
        entries = [entry for entry in self._entries.values() if satisfies(entry, query.filters)]
        cosine = {entry.passage_id: float(entry.vector @ query.vector) for entry in entries}
        asked = words_of(query.text)
        shared = {entry.passage_id: len(asked & words_of(entry.text)) for entry in entries}
        dense = sorted(cosine, key=cosine.__getitem__, reverse=True)
        words = sorted(filter(shared.get, shared), key=shared.__getitem__, reverse=True)
        return fuse(dense[:k], words[:k], k)


class WordReader:
    """Answers with names of two words, and years, that the question does not hold."""

    name = "words"

    def read(self, question: str, hits: Sequence[Hit]) -> list[Span]:
        """Return each passage's names and years; more words shared with it score higher."""
        asked = words_of(question)
        spans = [
            Span(
                passage=hit.passage,
                start=match.start(),
                end=match.end(),
                score=float(len(asked & words_of(hit.passage.text))),
            )
            for hit in hits
            for match in re.finditer(r"[A-Z][a-z]+ [A-Z][a-z]+|\b[0-9]{4}\b", hit.passage.text)
            if not words_of(match.group()) & asked
        ]
        return sorted(spans, key=lambda span: (-span.score, span.passage.passage_id, span.start))


def assistant_of_words(
    store: StoryStore, index: PassageIndex | None = None, *, max_question_chars: int = 1000
) -> Assistant:
    """Return the real assistant over *store*, with models that only compare words."""
    encoder, index = HashingEncoder(), DictIndex() if index is None else index
    catch_up(store, index, encoder)
    retriever = Retriever(store, encoder, index)
    return Assistant(
        store=store,
        retriever=retriever,
        reader=WordReader(),
        composer=Composer(
            store=store, retriever=retriever, confidence=WORD_CONFIDENCE, threshold=0.5
        ),
        passages_read=5,
        max_question_chars=max_question_chars,
        settings="0" * 16,
    )


def _names(kind: type[Features | Standing]) -> list[str]:
    return [field.name for field in fields(kind)]


WORD_CONFIDENCE = ConfidenceModel(
    ranking={"bias": 1, **dict.fromkeys(_names(Features), 0), "gap": 10},
    calibration={
        "bias": -2,
        **dict.fromkeys(_names(Standing), 0),
        "quality": 1,
        "names_lacking": -9,
        "years_lacking": -9,
    },
    operating_point=OperatingPoint(threshold=0.5, shown=0.7, right=0.9),
)


def words_of(text: str) -> set[str]:
    """Return the lower-case words of *text*."""
    return set(re.findall(r"\w+", text.lower()))


def satisfies(entry: Entry, filters: Filters) -> bool:
    """Say whether an entry's story passes *filters*."""
    day, publisher = entry.published_on, (entry.publisher or "").casefold()
    return (
        (filters.from_date is None or (day is not None and day >= filters.from_date))
        and (filters.to_date is None or (day is not None and day <= filters.to_date))
        and (filters.publisher is None or publisher == filters.publisher.casefold())
        and (not filters.story_ids or entry.story_id in filters.story_ids)
    )
