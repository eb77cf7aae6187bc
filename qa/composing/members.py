"""The members of a list answer, each in a citation that was checked against the store."""

from collections.abc import Iterator, Sequence

from corpus.store import StoryStore
from qa.answer import Citation, Member
from qa.composing.features import features_of
from qa.composing.lists import Listing, listing
from qa.evidence import Candidate, Mention, cite
from qa.question import Question
from qa.understanding.several import asks_for_several
from qa.values.same import same_words

NEAR = 0.5
"""How many logits below the best candidate's quality another may be to be named beside it."""

MORE_SHOWN = 6
"""Candidates of other sentences that are named beside the best one."""

Ranked = Sequence[tuple[float, Candidate]]


def asks_for_list(question: Question, mention: Mention) -> bool:
    """Whether *question* asks for several things, of which a mention may be one."""
    untold = question.answer_type in ("date", "duration", "money", "quote", "reason")
    return not untold and asks_for_several(question.text, mention.span.text)


def listed(question: Question, mention: Mention) -> Listing | None:
    """Return the list that a mention is part of, where *question* asks for several things."""
    if not asks_for_list(question, mention):
        return None
    span, body = mention.span, mention.hit.story.body
    return listing(body, span.story_start, span.story_end)


def members_of(
    store: StoryStore, question: Question, ranked: Ranked, citations: Sequence[Citation]
) -> tuple[tuple[Citation, ...], tuple[Member, ...]]:
    """Return *citations* of the best of *ranked*, and more where others answer too; the members.

    There are none where the question asks for one thing, or only one is found.
    """
    best = ranked[0][1].best if ranked else None
    if best is None or not citations or not asks_for_list(question, best):
        return tuple(citations), ()
    primary, whole = citations[0], listed(question, best)
    places = whole.members if whole else ((primary.start, primary.end),)
    members = [
        Member(text=primary.quote[start - primary.start : end - primary.start], n=primary.n)
        for start, end in places
    ]
    cited = list(citations)
    others = () if whole else _others(question, ranked, primary.quote)
    for mention in others:
        citation = cite(store, mention, n=len(cited) + 1, role="supports")
        if citation:
            cited.append(citation)
            members.append(Member(text=citation.quote, n=citation.n))
    return tuple(cited), tuple(members) if len(members) > 1 else ()


def _others(question: Question, ranked: Ranked, named: str) -> Iterator[Mention]:
    """Yield what other sentences name that answers as well as *named*, the best one's words.

    It must be about as good, believed by the reader, look as much like what is asked for, and stand
    in a sentence that speaks of as much of the question. Only names are told apart well enough.
    """
    quality, best = ranked[0]
    least = features_of(question, best)
    words = {same_words(named)}
    for other_quality, other in ranked[1:]:
        same, features = same_words(other.text), features_of(question, other)
        if other_quality < quality - NEAR or len(words) > MORE_SHOWN or not named[:1].isupper():
            return
        weaker = features.sentence < least.sentence or features.fit < least.fit
        unlike = not other.text[:1].isupper()
        known = unlike or any(same in word or word in same for word in words)
        if features.gap > 0 and not weaker and not known:
            words.add(same)
            yield other.best
