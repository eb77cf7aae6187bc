"""What a question means: on its own, after other questions, and of which stories it is asked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from embeddings.index import Filters
from qa.contextualize import in_context
from qa.conversation import Turn
from qa.question import Question, analyse
from qa.understanding.also_known import aliases
from qa.understanding.asked_filters import read_filters
from qa.understanding.asked_time import Preference, counted_filters, preference
from qa.understanding.knowledge import Knowledge
from qa.understanding.reach import plainly


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """A question as it was *asked*, and as it stands alone.

    *inferred* names the fields of *filters* that were read out of the question, *prefers* the
    stories that it prefers. *story_ids* are the stories that the turns before cited, where the
    question hangs on them. *did_you_mean* is the question as the stories would spell it, where that
    differs.
    """

    asked: str
    question: Question
    filters: Filters
    inferred: tuple[str, ...] = ()
    prefers: Preference | None = None
    story_ids: tuple[str, ...] = ()
    did_you_mean: str | None = None


def taken_literally(text: str, filters: Filters) -> Meaning:
    """Return the question *text* as it stands, of the stories that *filters* let through."""
    return Meaning(asked=text, question=analyse(text), filters=filters)


def understood(
    text: str,
    filters: Filters,
    past: Sequence[Turn],
    publishers: Callable[[], Sequence[str]],
    today: date,
) -> Meaning:
    """Return what *text* means after the turns of *past*, oldest first, if asked *today*."""
    narrowed = read_filters(text, filters, publishers)
    context = in_context(plainly(narrowed.text), past)
    if context.of_story and not narrowed.filters.story_ids:
        narrowed = replace(
            narrowed,
            filters=replace(narrowed.filters, story_ids=(context.of_story,)),
            inferred=(*narrowed.inferred, "story_ids"),
        )
    counted = counted_filters(context.text, narrowed.filters, today)
    days = (("from", counted.from_date), ("to", counted.to_date))
    new = tuple(name for name, day in days if day) if counted != narrowed.filters else ()
    return Meaning(
        asked=text,
        question=analyse(context.text),
        filters=counted,
        inferred=(*narrowed.inferred, *new),
        prefers=preference(context.text, counted),
        story_ids=context.story_ids,
    )


def known(meant: Meaning, knowledge: Knowledge) -> Meaning:
    """Return *meant* with what the stories' own words tell of it."""
    question, glossary, speller = meant.question, knowledge.glossary, knowledge.speller
    if glossary:
        question = replace(question, aliases=aliases(question, glossary))
    respelt = speller.respelt(question.text) if speller else None
    return replace(meant, question=question, did_you_mean=respelt)
