"""Questions of a time: of how things stand now, or of a year or month that they name."""

import math
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date

from embeddings.retriever import Hit
from qa.answer import Citation
from qa.composing.features import coverage
from qa.composing.fit import fit
from qa.evidence import Candidate, Mention
from qa.question import CALENDAR, Question
from qa.understanding.asked_now import NOW
from qa.understanding.asked_time import Preference

NEAR_QUALITY = 0.5
"""Logits below the best candidate down to which another is about as good."""

NEAR_CHARS = 80
"""How far from a name its office stands, at most."""

BEST_SHARE = 2 / 3
"""The share of the passages read that are the best; the others are of the newest stories."""

_ONCE = re.compile(r"\b(?:former|formerly|late|ex|then|predecessor|previous)\b", re.IGNORECASE)


def with_newest(hits: Sequence[Hit], k: int) -> list[Hit]:
    """Return *k* of *hits*: the best of them, and of the others those of the newest stories."""
    kept = math.ceil(k * BEST_SHARE)
    best, others = hits[:kept], hits[kept:]
    newest = sorted(others, key=lambda hit: hit.story.published_on or date.min, reverse=True)
    chosen = {hit.passage.passage_id for hit in newest[: k - kept]}
    return [*best, *(hit for hit in others if hit.passage.passage_id in chosen)]


def newest_first(
    question: Question, ranked: Sequence[tuple[float, Candidate]]
) -> list[tuple[float, Candidate]]:
    """Return *ranked* with the newest of the candidates that are about as good as the first ahead.

    It takes the first's quality, and those that it is newer than come last: that things stood
    otherwise once speaks neither for nor against it.
    """
    near = list(_about_as_good(question, ranked))
    return _ahead(max(near, key=_newest_day), near, ranked) if near else list(ranked)


def timely_first(
    question: Question, prefers: Preference, ranked: Sequence[tuple[float, Candidate]]
) -> list[tuple[float, Candidate]]:
    """Return *ranked* with the best candidate of the preferred time ahead, if about as good."""
    if not ranked or prefers.includes(_day(ranked[0][1].best)):
        return list(ranked)
    near = list(_about_as_good(question, ranked))
    timely = next((one for one in near if prefers.includes(_day(one.best))), None)
    return _ahead(timely, near, ranked) if timely else list(ranked)


def contends(prefers: Preference | None, best: Mention) -> Callable[[Mention], bool]:
    """Return whether what a mention says can contradict *best*, seen from the time asked of.

    What older stories say doesn't contradict how things stand, nor what stories of other times say
    one of the time that was named.
    """
    if prefers is None:
        return lambda rival: True
    if prefers.newest:
        first = _day(best) or date.min
        return lambda rival: (_day(rival) or date.min) >= first
    timely = prefers.includes(_day(best))
    return lambda rival: not timely or prefers.includes(_day(rival))


def _ahead(
    chosen: Candidate, near: Sequence[Candidate], ranked: Sequence[tuple[float, Candidate]]
) -> list[tuple[float, Candidate]]:
    """Return *ranked* with *chosen* at the quality of the first, and others of *near* last."""
    quality, best = ranked[0]
    if chosen is best:
        return list(ranked)
    passed_over = [pair for pair in ranked if pair[1] in near and pair[1] is not chosen]
    others = [pair for pair in ranked if pair[1] not in near]
    return [(quality, chosen), *others, *passed_over]


def _about_as_good(
    question: Question, ranked: Sequence[tuple[float, Candidate]]
) -> Iterator[Candidate]:
    """Yield the candidates that are nearly as good as the first and stand beside what is asked."""
    least = ranked[0][0] - NEAR_QUALITY if ranked else 0.0
    for quality, candidate in ranked:
        if quality < least:
            return
        if _stands_beside(question, candidate):
            yield candidate


def _stands_beside(question: Question, candidate: Candidate) -> bool:
    """Whether the words asked of stand beside the candidate's, and nothing says they did once."""
    body, span = candidate.best.hit.story.body, candidate.best.span
    before = body[max(0, span.story_start - NEAR_CHARS) : span.story_start]
    after = body[span.story_end : span.story_end + NEAR_CHARS]
    said = coverage(_spoken_of(question), f"{before} {span.text} {after}")
    return said == 1 and not _ONCE.search(before) and fit(span.text, question.answer_type) == 1


def _spoken_of(question: Question) -> tuple[str, ...]:
    times = CALENDAR.union(question.years)
    return tuple(word for word in question.words if not (word in times or NOW.fullmatch(word)))


def as_of(citations: Sequence[Citation]) -> date | None:
    """Return the day of the story that an answer was copied from."""
    days = (one.published_at for one in citations if one.role == "primary")
    return next((date.fromisoformat(day.isoformat()[:10]) for day in days if day), None)


def _newest_day(candidate: Candidate) -> date:
    return _day(candidate.best) or date.min


def _day(mention: Mention) -> date | None:
    return mention.hit.story.published_on
