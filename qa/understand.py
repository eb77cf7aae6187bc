"""What a question means: on its own, after other questions, and of which stories it is asked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from embeddings.index import Filters
from qa.asked_filters import read_filters
from qa.contextualize import in_context
from qa.conversation import Turn
from qa.question import Question, analyse
from qa.reach import plainly


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """A question as it was *asked*, and as it stands alone.

    *inferred* names the fields of *filters* that were read out of the question. *story_ids* are the
    stories that the turns before cited, where the question hangs on them.
    """

    asked: str
    question: Question
    filters: Filters
    inferred: tuple[str, ...] = ()
    story_ids: tuple[str, ...] = ()


def taken_literally(text: str, filters: Filters) -> Meaning:
    """Return the question *text* as it stands, of the stories that *filters* let through."""
    return Meaning(asked=text, question=analyse(text), filters=filters)


def understood(
    text: str,
    filters: Filters,
    past: Sequence[Turn],
    publishers: Callable[[], Sequence[str]],
) -> Meaning:
    """Return what *text* means after the turns of *past*, oldest first."""
    narrowed = read_filters(text, filters, publishers)
    context = in_context(plainly(narrowed.text), past)
    return Meaning(
        asked=text,
        question=analyse(context.text),
        filters=narrowed.filters,
        inferred=narrowed.inferred,
        story_ids=context.story_ids,
    )
