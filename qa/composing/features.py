"""What is known of a candidate that speaks for or against it."""

import math
import re
from collections.abc import Collection
from dataclasses import dataclass

from corpus.story import Story
from embeddings.passage_text import passage_text
from qa.composing.fit import fit
from qa.evidence import Candidate, sentence_at
from qa.question import Question
from qa.values.ordinals import ordinals

BEST_FUSED_SCORE = 2 / 61
"""What a passage scores that both searches rank first (reciprocal rank fusion with k = 60)."""

MAX_MARGIN = 3.0

STEM = 5
"""Letters that tell English word families apart well enough to count shared words."""

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """What candidates are compared by; every field is about 0 to 1.

    *gap*: the reader's score above the null answer, in tens of logits. *retrieval*: the passage's
    fused score as a share of the best possible. *words* and *meaning*: one over the square root
    of its rank in either search. *sentence*: the share of the question's words that stand in
    the sentence. *agreement*: n / (n + 1) for n other passages that say the same. *fit*: whether it
    looks like what is asked for (`qa/composing/fit.py`).
    """

    gap: float
    retrieval: float
    words: float
    meaning: float
    sentence: float
    agreement: float
    fit: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What decides whether the best candidate is believed.

    *quality* in logits; *margin* over the next candidate, at most MAX_MARGIN, which a candidate
    that is alone has; the shares of the question's names that stand nowhere in the story, of its
    years that stand neither in the title and the passage nor in the story's date, and of its
    ordinals that stand nowhere in the title and the passage.
    """

    quality: float
    margin: float
    names_lacking: float
    years_lacking: float
    ordinals_lacking: float


def features_of(question: Question, candidate: Candidate) -> Features:
    """Return the features of a candidate answer to *question*."""
    span, hit = candidate.best.span, candidate.best.hit
    start, end = sentence_at(hit.story.body, span.story_start, span.story_end)
    said_too = len(candidate.supporting())
    return Features(
        gap=span.score / 10,
        retrieval=hit.score / BEST_FUSED_SCORE,
        words=rank_share(hit.word_rank),
        meaning=rank_share(hit.dense_rank),
        sentence=coverage(question.words, hit.story.body[start:end]),
        agreement=said_too / (said_too + 1),
        fit=fit(span.text, question.answer_type),
    )


def standing_of(
    question: Question, candidate: Candidate, quality: float, runner_up: float | None
) -> Standing:
    """Return the standing of the best candidate, given the next one's quality, if there is one."""
    story, passage = candidate.best.hit.story, candidate.best.hit.passage
    near = passage_text(story, passage)
    dated = f"{near}\n{story.published_at or ''}"
    return Standing(
        quality=quality,
        margin=MAX_MARGIN if runner_up is None else min(quality - runner_up, MAX_MARGIN),
        names_lacking=_share(missing_names(question, story), question.names),
        years_lacking=_share(
            [year for year in question.years if year not in dated], question.years
        ),
        ordinals_lacking=_share(question.ordinals - ordinals(near), question.ordinals),
    )


def missing_names(question: Question, story: Story) -> tuple[str, ...]:
    """Return the question's names of which no part begins a word of the story."""
    text = f"{story.title}\n{story.body}\n{story.publisher or ''}"
    return names_missing_in(question, text)


def names_missing_in(question: Question, text: str) -> tuple[str, ...]:
    """Return the question's names of which no part begins a word of *text*."""
    words = text.casefold()
    lacking = tuple(name for name in question.names if not _begins_word(name, words))
    return tuple(name for name in lacking if not _written_otherwise(name, question, words))


def missing_years(question: Question, story: Story) -> tuple[str, ...]:
    """Return the question's years that neither stand in the story nor are its date's."""
    words = f"{story.title}\n{story.body}\n{story.published_at or ''}"
    return tuple(year for year in question.years if year not in words)


def coverage(words: tuple[str, ...], text: str) -> float:
    """Return the share of *words*, a question's, that *text* has in some inflection."""
    stems = stems_of(text)
    found = sum(all(part[:STEM] in stems for part in _WORD.findall(word)) for word in words)
    return found / len(words) if words else 1.0


def stems_of(text: str) -> set[str]:
    """Return how the words of *text* begin, folded to lower case."""
    return {word[:STEM] for word in _WORD.findall(text.casefold())}


def rank_share(rank: int | None) -> float:
    """Return one over the square root of *rank*, the first being 1; 0 for none."""
    return 1 / math.sqrt(rank) if rank else 0.0


def _begins_word(name: str, words: str) -> bool:
    # The stem finds Panama in Panamanian; either part of US-EU will do.
    stems = (re.escape(part[:STEM]) for part in _WORD.findall(name.casefold()) if part != "s")
    return re.search(rf"\b(?:{'|'.join(stems)})", words) is not None


def _written_otherwise(name: str, question: Question, words: str) -> bool:
    """Whether *words* hold what the stories also write for *name*, or for a phrase it is of."""
    return any(
        re.search(rf"\b{re.escape(phrase.casefold())}", words)
        for alias in question.aliases
        if re.search(rf"\b{re.escape(name)}\b", alias.name)
        for phrase in alias.all_means
    )


def _share(some: Collection[object], all_: Collection[object]) -> float:
    return len(some) / len(all_) if all_ else 0.0
