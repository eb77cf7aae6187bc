"""What an assistant tells of an answer while it is on its way."""

from collections.abc import Callable
from typing import Literal, NamedTuple


class Step(NamedTuple):
    """A step that begins: its *name* for programs, a *message* for people."""

    name: Literal["search", "read", "check"]
    message: str


OnStep = Callable[[Step], None]


def unheard(step: Step) -> None:
    """Hear of *step* and do nothing."""
