"""What was read for a question to an answer with checked citations, or to an abstention."""

import hashlib
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from corpus.store import StoryStore
from embeddings.retriever import Hit, Retriever
from qa.abstain import abstention, best_sentences, beyond_words, withdrawal
from qa.answer import Abstention, Answer, Citation, Confidence, Receipt
from qa.confidence import ConfidenceModel
from qa.definitions import LOOKED_THROUGH, defining
from qa.evidence import Candidate, agreement_of, cite, cite_words
from qa.features import features_of, standing_of
from qa.members import listed, members_of
from qa.normalize import value_of
from qa.question import Question
from qa.quoting import asked_of, quoting, speaker_of
from qa.reach import Beyond, beyond_reach
from qa.serialize import filters_json
from qa.understand import Meaning

logger = logging.getLogger(__name__)

SUPPORTS_SHOWN = 4
ALSO_READ_SHOWN = 4

Ranked = Sequence[tuple[float, Candidate]]
"""Candidates with their quality, in logits, best first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What was found and read for a question: the hits, and the candidates among their words."""

    meant: Meaning
    hits: Sequence[Hit]
    ranked: Ranked


@dataclass(frozen=True, slots=True, kw_only=True)
class Composer:
    """Makes answers of findings.

    One whose probability of being right is below *threshold* is not given.
    """

    store: StoryStore
    retriever: Retriever
    confidence: ConfidenceModel
    threshold: float

    def findings(self, meant: Meaning, hits: Sequence[Hit], found: Sequence[Candidate]) -> Findings:
        """Return what was found, with the candidates ranked."""
        look = partial(self.retriever.retrieve, k=LOOKED_THROUGH, filters=meant.filters)
        found = defining(meant.question.text, hits, found, look)
        found = quoting(meant.question.text, hits, found)
        rated = [
            (self.confidence.quality(features_of(meant.question, candidate)), candidate)
            for candidate in found
        ]
        # Where a rule vouches for several, the model's own measure tells which is better.
        rated.sort(key=lambda pair: (-max(pair[0], pair[1].at_least), -pair[0]))
        ranked = [(max(quality, candidate.at_least), candidate) for quality, candidate in rated]
        return Findings(meant=meant, hits=hits, ranked=ranked)

    def answer(self, findings: Findings, receipt: Receipt) -> Answer:
        """Return the answer that *findings* give; *receipt* says what it is made from."""
        meant, question = findings.meant, findings.meant.question
        beyond = beyond_reach(question.text)
        confidence = self._confidence(findings, beyond)
        believed = not beyond and bool(findings.ranked) and confidence.p >= self.threshold
        own = self._citations(question, findings.ranked[0][1]) if believed else ()
        citations, members = members_of(self.store, question, findings.ranked, own)
        quoted = question.answer_type == "quote" or asked_of(question.text) is not None
        abstained = None
        if believed and not citations:
            abstained = withdrawal()
        elif not believed:
            abstained = self._abstention(findings, beyond)
        return Answer(
            answer_id=_answer_id(meant, receipt),
            status="answered" if citations else "abstained",
            question=meant.asked,
            standalone=question.text,
            filters=meant.filters,
            inferred=meant.inferred,
            text=citations[0].quote if citations else None,
            speaker=speaker_of(findings.ranked[0][1].best) if citations and quoted else None,
            members=members,
            type=question.answer_type,
            normalized=value_of(citations[0].quote, question.answer_type) if citations else None,
            confidence=confidence,
            citations=citations,
            also_read=self._also_read(findings, citations) if citations else (),
            agreement=agreement_of(own),
            abstention=abstained,
            receipt=receipt,
        )

    def _also_read(self, findings: Findings, citations: Sequence[Citation]) -> tuple[Citation, ...]:
        """Return the best sentences of the stories that were read and not cited."""
        cited = {citation.story_id for citation in citations}
        uncited = [hit for hit in findings.hits if hit.story.story_id not in cited]
        found = [candidate for _, candidate in findings.ranked]
        return tuple(best_sentences(self.store, uncited, found, role="read", limit=ALSO_READ_SHOWN))

    def _abstention(self, findings: Findings, beyond: Beyond | None) -> Abstention:
        meant, found = findings.meant, [candidate for _, candidate in findings.ranked]
        if beyond and findings.hits:
            return beyond_words(self.store, beyond, findings.hits, found)
        mentioned = partial(self.retriever.mentions, filters=meant.filters)
        return abstention(
            self.store, meant.question, meant.filters, findings.hits, found, mentioned=mentioned
        )

    def _confidence(self, findings: Findings, beyond: Beyond | None) -> Confidence:
        ranked = findings.ranked
        if beyond or not ranked:
            return Confidence(p=0.0, band="low", threshold=self.threshold)
        quality, best = ranked[0]
        runner_up = ranked[1][0] if len(ranked) > 1 else None
        standing = standing_of(findings.meant.question, best, quality, runner_up)
        return replace(self.confidence.confidence(standing), threshold=self.threshold)

    def _citations(self, question: Question, candidate: Candidate) -> tuple[Citation, ...]:
        """Return the checked citations of an answer; none at all if its own words fail."""
        primary = cite(self.store, candidate.best, n=1, role="primary")
        if primary and (whole := listed(question, candidate.best)):
            story = candidate.best.hit.story
            primary = cite_words(self.store, story, whole.start, whole.end, n=1, role="primary")
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


def _answer_id(meant: Meaning, receipt: Receipt) -> str:
    made_from = [meant.question.text, filters_json(meant.filters), str(receipt), *meant.story_ids]
    digest = hashlib.blake2b(json.dumps(made_from).encode(), digest_size=8)
    return f"ans_{digest.hexdigest()}"
