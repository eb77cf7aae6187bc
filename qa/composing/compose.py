"""What was read for a question to an answer with checked citations, or to an abstention."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from corpus.store import StoryStore
from embeddings.retriever import Hit, Retriever
from qa.answer import Abstention, Answer, Citation, Confidence, Receipt, Resolution, Status
from qa.composing.abstain import abstention, best_sentences, beyond_words, withdrawal
from qa.composing.conflict import contradicting
from qa.composing.definitions import LOOKED_THROUGH, defining
from qa.composing.features import features_of, standing_of
from qa.composing.members import asks_for_list, listed, members_of
from qa.composing.quoting import asked_of, quoting, speaker_of
from qa.composing.sources import Sources, agreement_of
from qa.confidence import ConfidenceModel
from qa.dates import time_told
from qa.evidence import Candidate
from qa.serialize import filters_json
from qa.understanding.asked_now import asks_for_now
from qa.understanding.newest import as_of, contends, newest_first, timely_first
from qa.understanding.reach import Beyond, beyond_reach
from qa.understanding.understand import Meaning

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
        if meant.prefers and meant.prefers.newest:
            ranked = newest_first(meant.question, ranked)
        elif meant.prefers:
            ranked = timely_first(meant.question, meant.prefers, ranked)
        return Findings(meant=meant, hits=hits, ranked=ranked)

    def answer(self, findings: Findings, receipt: Receipt) -> Answer:
        """Return the answer that *findings* give; *receipt* says what it is made from."""
        meant, question = findings.meant, findings.meant.question
        beyond = beyond_reach(question.text)
        confidence = self._confidence(findings, beyond)
        believed = not beyond and bool(findings.ranked) and confidence.p >= self.threshold
        group_of = self._groups(findings) if believed else {}
        own = self._citations(findings, group_of) if believed else ()
        citations, members = members_of(self.store, question, findings.ranked, own)
        quoted = question.answer_type == "quote" or asked_of(question.text) is not None
        abstained = None
        if believed and not citations:
            abstained = withdrawal()
        elif not believed:
            abstained = self._abstention(findings, beyond)
        return Answer(
            answer_id=_answer_id(meant, receipt),
            status=_status(citations),
            question=meant.asked,
            standalone=question.text,
            filters=meant.filters,
            inferred=meant.inferred,
            prefers=meant.prefers,
            did_you_mean=meant.did_you_mean,
            as_of=as_of(citations) if asks_for_now(question.text) else None,
            text=citations[0].quote if citations else None,
            speaker=speaker_of(findings.ranked[0][1].best) if citations and quoted else None,
            members=members,
            type=question.answer_type,
            normalized=citations[0].normalized if citations else None,
            resolution=self._resolution(findings, citations),
            confidence=confidence,
            citations=citations,
            also_read=self._also_read(findings, citations) if citations else (),
            agreement=agreement_of(own, group_of),
            abstention=abstained,
            receipt=receipt,
            meant=meant,
        )

    def _resolution(self, findings: Findings, citations: Sequence[Citation]) -> Resolution | None:
        cited = (hit.story for hit in findings.hits if hit.story.story_id == citations[0].story_id)
        story = next(cited, None) if citations else None
        answer_type = findings.meant.question.answer_type
        return time_told(citations[0], story, answer_type) if story else None

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
            self.store,
            meant.question,
            meant.filters,
            findings.hits,
            found,
            mentioned=mentioned,
            inferred=meant.inferred,
        )

    def _confidence(self, findings: Findings, beyond: Beyond | None) -> Confidence:
        ranked = findings.ranked
        if beyond or not ranked:
            return Confidence(p=0.0, band="low", threshold=self.threshold)
        quality, best = ranked[0]
        runner_up = ranked[1][0] if len(ranked) > 1 else None
        standing = standing_of(findings.meant.question, best, quality, runner_up)
        return replace(self.confidence.confidence(standing), threshold=self.threshold)

    def _groups(self, findings: Findings) -> dict[str, str]:
        """Return which story stands for each that was read and for its reprints."""
        return self.store.same_as([*{hit.story.story_id for hit in findings.hits}])

    def _citations(self, findings: Findings, group_of: Mapping[str, str]) -> tuple[Citation, ...]:
        """Return the checked citations of the best answer, and of what stories say against it."""
        question, (_, best) = findings.meant.question, findings.ranked[0]
        sources = Sources(store=self.store, answer_type=question.answer_type, group_of=group_of)
        if asks_for_list(question, best.best):
            # What else is named belongs to the list, and contradicts nothing.
            return sources.citations(best, whole=listed(question, best.best))
        rivals = contends(findings.meant.prefers, best.best)
        contrary = contradicting(question, findings.ranked, group_of, contends=rivals)
        return sources.citations(best, contrary)


def withdrawn(answer: Answer) -> Answer:
    """Return *answer* without what it said, since its stories have changed meanwhile."""
    return replace(
        answer,
        status="abstained",
        text=None,
        normalized=None,
        resolution=None,
        members=(),
        speaker=None,
        as_of=None,
        citations=(),
        also_read=(),
        agreement=agreement_of(()),
        abstention=withdrawal(),
    )


def _status(citations: Sequence[Citation]) -> Status:
    if not citations:
        return "abstained"
    return "conflict" if any(each.role == "conflicts" for each in citations) else "answered"


def _answer_id(meant: Meaning, receipt: Receipt) -> str:
    made_from = [
        meant.question.text,
        filters_json(meant.filters),
        str(meant.prefers),
        str(receipt),
        *meant.story_ids,
    ]
    digest = hashlib.blake2b(json.dumps(made_from).encode(), digest_size=8)
    return f"ans_{digest.hexdigest()}"
