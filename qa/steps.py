"""What an assistant tells of an answer while it is on its way."""

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

from embeddings.retriever import Hit


class Step(NamedTuple):
    """A step that begins: its *name* for programs, a *message* for people."""

    name: Literal["search", "read", "check"]
    message: str


OnStep = Callable[[Step], None]


def unheard(step: Step) -> None:
    """Hear of *step* and do nothing."""


CHECKING = Step("check", "Checking the words against their story")


def reading(hits: Sequence[Hit]) -> Step:
    """Return the step that reads *hits*."""
    stories = len({hit.story.story_id for hit in hits})
    plural = "story" if stories == 1 else "stories"
    return Step("read", f"Reading {len(hits)} passages of {stories} {plural}")
