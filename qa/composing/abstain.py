"""Why there is no answer, and which stories come nearest."""

import re
from collections.abc import Callable, Iterator, Sequence

from corpus.store import StoryStore
from corpus.story import Story
from embeddings.index import Filters
from embeddings.retriever import Hit
from qa.answer import Abstention, Citation, Role
from qa.composing.features import missing_names, missing_years
from qa.evidence import Candidate, Mention, cite_words, sentence_at
from qa.question import Question
from qa.understanding.answer_types import AnswerType
from qa.understanding.reach import Beyond

NEAREST_SHOWN = 3

_ASKED_FOR: dict[AnswerType, tuple[str, str]] = {
    "person": ("who", "the person"),
    "organisation": ("which organisation", "the organisation"),
    "place": ("where", "the place"),
    "date": ("when", "the date"),
    "duration": ("how long", "the duration"),
    "number": ("how many", "the number"),
    "money": ("how much", "the amount"),
    "reason": ("why", "the reason"),
    "definition": ("what that means", "the meaning"),
    "quote": ("what was said", "the words"),
}
"""What the stories don't say, in a sentence and in a list of what is missing."""

_BEYOND: dict[Beyond, str] = {
    "yes_no": "so it can't say yes or no. Ask who, what, when, where, why or how much, or read",
    "comparison": "so it can't compare. Ask for each side by itself, or read",
    "arithmetic": "so it can't calculate. Ask for each number by itself, or read",
    "counting": "so it doesn't count them. Search the stories for the words instead, or read",
    "opinion": "so it has no opinion or advice to give. Ask what somebody says about it, or read",
    "prediction": "so it can't tell what would be. Ask what somebody expects or plans, or read",
    "writing": "so it writes nothing of its own. Ask a question about what happened, or read",
}

_DESCRIBES = re.compile(r"(?:an|ese|ish|ian|ic|i)$")
"""How words such as Panamanian, Chinese, Danish or Iraqi end, which name nothing by themselves."""


def abstention(
    store: StoryStore,
    question: Question,
    filters: Filters,
    hits: Sequence[Hit],
    found: Sequence[Candidate],
    *,
    mentioned: Callable[[str], bool],
    inferred: Sequence[str] = (),
) -> Abstention:
    """Say why *question* has no answer, given what was found and read for it.

    *inferred* names the fields of *filters* that were read out of the question.
    *mentioned* tells whether a term stands in any story that satisfies the filters.
    """
    if not hits:
        return _nothing_found(store, filters, inferred)
    nearest = tuple(best_sentences(store, hits, found, role="nearest", limit=NEAREST_SHOWN))
    missing = _missing(question, hits)
    if missing:
        return Abstention(
            reason="missing_slot",
            message=_lacking(missing, filters, mentioned),
            missing=missing,
            nearest=nearest,
        )
    unread = not found or found[0].best.span.score <= 0
    return Abstention(
        reason="no_answer_span" if unread else "low_confidence",
        message=_unsaid(question, hits[0].story, sure=unread),
        missing=_ASKED_FOR[question.answer_type][1:] if question.answer_type in _ASKED_FOR else (),
        nearest=nearest,
    )


def _lacking(missing: Sequence[str], filters: Filters, mentioned: Callable[[str], bool]) -> str:
    """Say that terms of the question are in no story, or in none that comes near it."""
    nowhere = [term for term in missing if not mentioned(term)]
    if nowhere:
        which = "No story that satisfies the filters" if filters else "No story"
        return f"{which} mentions {_listed(nowhere, 'or')}."
    return (
        f"The stories nearest to this question don't mention {_listed(missing, 'or')}, "
        "though others do."
    )


def _unsaid(question: Question, nearest: Story, *, sure: bool) -> str:
    """Say what the stories leave open of what they do mention."""
    asked_for = _ASKED_FOR.get(question.answer_type)
    tell = f"don't say {asked_for[0]}" if asked_for else "don't answer this"
    how = "as far as Dateline can read them" if sure else "clearly enough to be sure"
    lacking = missing_names(question, nearest)
    names = [name for name in question.names if name not in lacking]
    if not names or all(_DESCRIBES.search(name) for name in names):
        return f"The stories {tell}{',' if sure else ''} {how}."
    mentioned = _listed(_whole(names, question, nearest), "and")
    return f"Stories mention {mentioned}, but {tell}{',' if sure else ''} {how}."


def _whole(names: Sequence[str], question: Question, story: Story) -> list[str]:
    """Return *names* with those in one that stand together in the question and the story."""
    whole: list[str] = []
    for name in names:
        together = f"{whole[-1]} {name}" if whole else name
        if whole and together in question.text and together in f"{story.title}\n{story.body}":
            whole[-1] = together
        else:
            whole.append(name)
    return whole


def beyond_words(
    store: StoryStore, beyond: Beyond, hits: Sequence[Hit], found: Sequence[Candidate]
) -> Abstention:
    """Say that no words of a story can answer such a question, and show what came nearest."""
    nearest = tuple(best_sentences(store, hits, found, role="nearest", limit=NEAREST_SHOWN))
    read = "the sentences that come nearest" if nearest else "the stories"
    return Abstention(
        reason="out_of_reach",
        message=f"Dateline answers in words copied from stories, {_BEYOND[beyond]} {read}.",
        nearest=nearest,
    )


def withdrawal() -> Abstention:
    """Say that an answer was found whose words are not in the stored story, or no longer."""
    return Abstention(
        reason="unverified",
        message="An answer was read, but its story has changed meanwhile; ask again.",
    )


def _nothing_found(store: StoryStore, filters: Filters, inferred: Sequence[str]) -> Abstention:
    if not store.count():
        message = "There are no stories yet; `dateline add` reads some."
        return Abstention(reason="no_stories", message=message)
    if "from" in inferred or "to" in inferred:
        message = _outside(store, filters)
    elif filters:
        message = "No story satisfies the filters; widen or remove them."
    else:
        message = "No story has to do with this question."
    return Abstention(reason="no_relevant_story", message=message)


def _outside(store: StoryStore, filters: Filters) -> str:
    """Say that no story is of the time that the question asks of, and of what time they are."""
    first, last = store.date_range()
    bounds = (("from", filters.from_date), ("until", filters.to_date))
    asked = " ".join(f"{word} {day}" for word, day in bounds if day)
    have = f"The stories here are from {first} to {last}; " if first else ""
    return f"No story {asked} has to do with this. {have}take that time off to search them all."


def _missing(question: Question, hits: Sequence[Hit]) -> tuple[str, ...]:
    """Return the question's years and names that stand in none of the stories found."""
    stories = {hit.story.story_id: hit.story for hit in hits}.values()
    lacking = [{*missing_years(question, s), *missing_names(question, s)} for s in stories]
    nowhere = set.intersection(*lacking)
    return tuple(term for term in (*question.years, *question.names) if term in nowhere)


def best_sentences(
    store: StoryStore, hits: Sequence[Hit], found: Sequence[Candidate], *, role: Role, limit: int
) -> Iterator[Citation]:
    """Yield citations of the best sentence of each of the first *limit* stories of *hits*."""
    best_mention: dict[str, Mention] = {}
    for candidate in found:
        for mention in candidate.mentions:
            best_mention.setdefault(mention.place[0], mention)
    number = 0
    for story_id in dict.fromkeys(hit.story.story_id for hit in hits):
        if story_id not in best_mention or number == limit:
            continue
        story, start, end = best_mention[story_id].hit.story, *best_mention[story_id].place[1:]
        start, end = sentence_at(story.body, start, end)
        citation = cite_words(store, story, start, end, n=number + 1, role=role)
        if citation:
            number += 1
            yield citation


def _listed(terms: Sequence[str], joined_by: str) -> str:
    *others, last = terms
    return f"{', '.join(others)} {joined_by} {last}" if others else last
