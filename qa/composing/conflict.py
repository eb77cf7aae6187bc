"""Whether stories contradict an answer: other values for the very thing that was asked.

A false conflict casts doubt on what is right, so every sign that two stories may speak of
different things, or say the same less exactly, is enough to see none.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import chain

from qa.composing.fit import fit
from qa.composing.occasion import of_one_thing
from qa.evidence import Candidate, Mention
from qa.question import Question
from qa.understanding.answer_types import AnswerType
from qa.values.amounts import amount_of
from qa.values.context import worded_amount
from qa.values.same import compatible

QUALITY_GAP = 2.0
"""A value contradicts the best one that is at most this many logits below it."""

LEAST_SCORE = 1.0
"""And whose span the reader holds for an answer by this many logits."""

SCORE_GAP = 3.0
"""And at most this many logits below that of the best one."""

_COUNTED: frozenset[AnswerType] = frozenset(("number", "money", "duration", "description"))
_NAMED: frozenset[AnswerType] = frozenset(("person", "organisation", "place"))
_DONE = (
    "won|leads?|led|heads?|headed|commands?|commanded|replace[sd]?|succeed(?:s|ed)?|founded|"
    "designed|wrote|directs?|directed|runs|chairs?|chaired|owns?|owned|built|discovered|invented"
)
_MADE = "elected|named|appointed|chosen|sworn|picked|promoted"
_ONE = "company|firm|country|city|town|state|agency|unit|person|general"
_UNIQUE = re.compile(
    rf"\bwho (?:is|was|will be|became) the (?!\w+s\b)|\bwho (?:\w+ )?(?:{_DONE})\b|"
    rf"\bwho (?:was|is|will be) (?:\w+ )?(?:{_MADE})\b|\bwhere (?:is|was|will|did|does|are|were) |"
    rf"\b(?:which|what) (?:{_ONE})\b",
    re.IGNORECASE,
)
"""Questions about a person, a place or an organisation that have one answer."""


def contradicting(
    question: Question,
    ranked: Sequence[tuple[float, Candidate]],
    group_of: Mapping[str, str],
    *,
    contends: Callable[[Mention], bool] = lambda mention: True,
) -> list[Mention]:
    """Return mentions that contradict the best of the candidates, *ranked* by quality.

    Newest first, one for each group of reprints; *group_of* maps a story to its group, where it
    has one. Only what *contends* with the best can contradict it.
    """
    if not ranked or not _has_one_answer(question):
        return []
    (quality, best), *others = ranked
    rivals = chain.from_iterable(
        candidate.mentions for near, candidate in others if near >= quality - QUALITY_GAP
    )
    found: dict[str, Mention] = {}
    for rival in rivals:
        group = _group(rival, group_of)
        if group not in found and contends(rival) and _contradicts(question, best, rival, group_of):
            found[group] = rival
    return sorted(found.values(), key=_day, reverse=True)


def _has_one_answer(question: Question) -> bool:
    if question.answer_type in _NAMED:
        return bool(_UNIQUE.search(question.text))
    return question.answer_type in _COUNTED or question.answer_type == "date"


def _contradicts(
    question: Question, best: Candidate, rival: Mention, group_of: Mapping[str, str]
) -> bool:
    said = [best.best, *best.supporting()]
    return (
        rival.span.score >= max(LEAST_SCORE, best.best.span.score - SCORE_GAP)
        and _group(rival, group_of) not in {_group(mention, group_of) for mention in said}
        and not any(_agree(question, mention, rival) for mention in said)
        and of_one_thing(question, best.best, rival)
    )


def _agree(question: Question, one: Mention, other: Mention) -> bool:
    """Whether both may be right, or can't be compared."""
    texts = _compared(question, one), _compared(question, other)
    if question.answer_type in _NAMED and _names_both(one, other):
        return True
    answer_type = "number" if question.answer_type in _COUNTED else question.answer_type
    return None in texts or compatible(texts[0] or "", texts[1] or "", answer_type)


def _compared(question: Question, mention: Mention) -> str | None:
    """Return the words that a mention is compared by; None if they are no value of the type."""
    text, answer_type = mention.span.text, question.answer_type
    if answer_type not in _COUNTED:
        return text if fit(text, answer_type) == 1.0 else None
    worded = _worded(mention) if fit(text, "number") else None
    if worded and answer_type == "description" and not _is_figure(worded):
        return None
    return worded


def _worded(mention: Mention) -> str | None:
    span, body = mention.span, mention.hit.story.body
    return worded_amount(body, span.story_start, span.story_end)


def _is_figure(text: str) -> bool:
    amount = amount_of(text)
    return amount is not None and amount.unit.dimension is not None


def _names_both(one: Mention, other: Mention) -> bool:
    """Whether either story names both, so that they may be parts of one answer."""
    return other.span.text in one.hit.story.body or one.span.text in other.hit.story.body


def _day(mention: Mention) -> str:
    return str(mention.hit.story.published_on or "")


def _group(mention: Mention, group_of: Mapping[str, str]) -> str:
    story_id = mention.hit.story.story_id
    return group_of.get(story_id, story_id)
