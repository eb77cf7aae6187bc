"""Spans to candidates, and candidates to citations that were checked against the store."""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpus.errors import StoryNotFound
from corpus.sentences import sentence_spans
from corpus.store import StoryStore
from corpus.story import Story
from embeddings.retriever import Hit
from qa.answer import Citation, Role
from qa.reader import Span
from qa.text_fragments import deep_link
from qa.understanding.answer_types import AnswerType
from qa.values.same import same_value, same_words

SUPPORT_GAP = 8.0
"""A mention supports an answer up to this many logits below the best mention."""


_SIGNS = re.compile(r"(?<=\d)\.(?=\d)|[$€£¥%]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A span, in the hit that it was read in."""

    span: Span
    hit: Hit

    @property
    def place(self) -> tuple[str, int, int]:
        """Where in which story the words stand."""
        return self.hit.story.story_id, self.span.story_start, self.span.story_end

    def overlaps(self, other: "Mention") -> bool:
        """Whether the words of both share a letter of one story."""
        story_id, start, end = self.place
        other_id, other_start, other_end = other.place
        return story_id == other_id and start < other_end and other_start < end


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An answer that was read, and every mention of it, best first.

    *at_least* is the quality, in logits, that a rule vouches for where one found the words.
    """

    mentions: tuple[Mention, ...]
    at_least: float = -math.inf

    @property
    def by_rule(self) -> bool:
        """Whether a rule vouches for the words."""
        return self.at_least > -math.inf

    @property
    def best(self) -> Mention:
        """The mention with the highest score."""
        return self.mentions[0]

    @property
    def text(self) -> str:
        """The words of the best mention."""
        return self.best.span.text

    def supporting(self) -> tuple[Mention, ...]:
        """Return the other mentions that the reader, too, holds for an answer."""
        floor = self.best.span.score - SUPPORT_GAP
        return tuple(
            mention for mention in self.mentions[1:] if mention.span.score >= max(0.0, floor)
        )


def candidates(
    spans: Sequence[Span], hits: Sequence[Hit], answer_type: AnswerType = "description"
) -> list[Candidate]:
    """Return the different answers among *spans*, which come best first.

    Mentions that read alike but for case, articles and punctuation are one answer, and so are
    those that the reader believes and that come to one value of the type asked for. A place that
    two overlapping passages share counts once.
    """
    hit_of = {hit.passage.passage_id: hit for hit in hits}
    mentions_of: dict[str, list[Mention]] = {}
    for span in spans:
        words = _words(span.text)
        if words and words not in mentions_of:
            same = _same_answer(span, mentions_of.values(), answer_type)
            mentions_of[words] = [] if same is None else same
        mention = Mention(span=span, hit=hit_of[span.passage.passage_id])
        if words and not any(mention.overlaps(other) for other in mentions_of[words]):
            mentions_of[words].append(mention)
    distinct = {id(same): same for same in mentions_of.values()}
    return [Candidate(mentions=tuple(same)) for same in distinct.values()]


def _same_answer(
    span: Span, answers: Iterable[list[Mention]], answer_type: AnswerType
) -> list[Mention] | None:
    """Return the mentions that say in other words what *span* says, if the reader believes it."""
    if span.score < 0:
        return None
    alike = (same for same in answers if same_value(same[0].span.text, span.text, answer_type))
    return next(alike, None)


def _words(text: str) -> str:
    """Return what is equal for answers in the same words: 1.5 is not 15, nor is $5 5%."""
    return " ".join((same_words(text), *_SIGNS.findall(text)))


def cite(store: StoryStore, mention: Mention, *, n: int, role: Role) -> Citation | None:
    """Return the citation of *mention*, or None if the store's story doesn't hold its words."""
    return cite_words(
        store, mention.hit.story, mention.span.story_start, mention.span.story_end, n=n, role=role
    )


def cite_words(
    store: StoryStore, read: Story, start: int, end: int, *, n: int, role: Role
) -> Citation | None:
    """Return the citation of a stretch of the story that was *read*, checked against the store."""
    try:
        story = store.story(read.story_id)
    except StoryNotFound:
        return None
    quote = read.body[start:end]
    if not quote.strip() or story.body[start:end] != quote:
        return None
    sentence_start, sentence_end = sentence_at(story.body, start, end)
    sentence = story.body[sentence_start:sentence_end]
    return Citation(
        n=n,
        story_id=story.story_id,
        title=story.title,
        source=story.source,
        publisher=story.publisher,
        published_at=story.published_at,
        url=story.url,
        deep_link=deep_link(story, sentence_start, sentence_end),
        quote=quote,
        start=start,
        end=end,
        sentence=sentence,
        sentence_start=sentence_start,
        sentence_end=sentence_end,
        snapshot_sha256=story.sha256,
        role=role,
        verified=True,
    )


def sentence_at(body: str, start: int, end: int) -> tuple[int, int]:
    """Return the bounds of the sentences that hold `body[start:end]`, within its paragraphs."""
    # No sentence goes on in another paragraph: only these are cut.
    opened = start - len(body[:start].rpartition("\n\n")[2])
    closed = end + len(body[end:].partition("\n\n")[0])
    around = [
        (first + opened, last + opened)
        for first, last in sentence_spans(body[opened:closed])
        if last + opened > start and first + opened < end
    ]
    return (around[0][0], around[-1][1]) if around else (start, end)
