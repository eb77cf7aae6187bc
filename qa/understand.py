"""What a question means: on its own, after other questions, and of which stories it is asked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from embeddings.index import Filters
from qa.also_known import aliases
from qa.asked_filters import read_filters
from qa.asked_time import Preference, counted_filters, preference
from qa.contextualize import in_context
from qa.conversation import Turn
from qa.knowledge import NO_KNOWLEDGE, Knowledge
from qa.newest import asks_for_now
from qa.question import Question, analyse


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


def taken_literally(text: str, filters: Filters, knowledge: Knowledge = NO_KNOWLEDGE) -> Meaning:
    """Return the question *text* as it stands, of the stories that *filters* let through."""
    return _known(Meaning(asked=text, question=analyse(text), filters=filters), knowledge)


def understood(
    text: str,
    filters: Filters,
    past: Sequence[Turn],
    publishers: Callable[[], Sequence[str]],
    knowledge: Knowledge = NO_KNOWLEDGE,
) -> Meaning:
    """Return what *text* means after the turns of *past*, oldest first."""
    narrowed = read_filters(text, filters, publishers)
    context = in_context(narrowed.text, past)
    counted = counted_filters(context.text, narrowed.filters, knowledge.today())
    days = (("from", counted.from_date), ("to", counted.to_date))
    new = tuple(name for name, day in days if day) if counted != narrowed.filters else ()
    meant = Meaning(
        asked=text,
        question=analyse(context.text),
        filters=counted,
        inferred=(*narrowed.inferred, *new),
        prefers=preference(context.text, counted, asks_for_now),
        story_ids=context.story_ids,
    )
    return _known(meant, knowledge)


def _known(meant: Meaning, knowledge: Knowledge) -> Meaning:
    """Return *meant* with what the stories' own words tell of it."""
    question, glossary, speller = meant.question, knowledge.glossary, knowledge.speller
    if glossary:
        question = replace(question, aliases=aliases(question, glossary))
    respelt = speller.respelt(question.text) if speller else None
    return replace(meant, question=question, did_you_mean=respelt)
