"""How long a request may take: whoever takes it sets the time, and each stage looks at it first.

The time belongs to a context (`contextvars`), so that it reaches every stage without being handed
through; work in another thread gets it with `copy_context`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic
from typing import Literal

from qa.errors import AskerGone, OutOfTime
from qa.steps import OnStep, Step

Ended = Literal["deadline", "gone"]
"""Why work for a request ended early."""


def stays() -> bool:
    """Say of an asker who can't be watched that they haven't gone."""
    return False


class Deadline:
    """The *seconds* that a request may take from now on, by a monotonic *clock*.

    *gone* says whether nobody waits for it any more. `progressed` is when a stage last began.
    """

    def __init__(
        self,
        seconds: float,
        *,
        gone: Callable[[], bool] = stays,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.seconds = seconds
        self._clock = clock
        self._ends = clock() + seconds
        self.gone = gone
        self.progressed = clock()
        self.ended: Ended | None = None

    def left_s(self) -> float:
        """Return the seconds that are left, 0 when there are none."""
        return max(0.0, self._ends - self._clock())

    def check(self) -> None:
        """Note that a stage begins; raise `OutOfTime` or `AskerGone` where it shouldn't."""
        self.progressed = self._clock()
        if not self.left_s():
            self.ended = "deadline"
            raise OutOfTime(self.seconds)
        if self.gone():
            self.ended = "gone"
            raise AskerGone


_IN_FORCE: ContextVar[Deadline | None] = ContextVar("deadline", default=None)


@contextmanager
def within(deadline: Deadline) -> Iterator[None]:
    """Have *deadline* in force for the length of the block."""
    token = _IN_FORCE.set(deadline)
    try:
        yield
    finally:
        _IN_FORCE.reset(token)


def in_force() -> Deadline | None:
    """Return the deadline that is in force here, if any."""
    return _IN_FORCE.get()


def set_deadline(deadline: Deadline | None) -> None:
    """Have *deadline* in force from now on, None for none."""
    _IN_FORCE.set(deadline)


def check_time() -> None:
    """Raise `OutOfTime` or `AskerGone` if nothing more should be done here."""
    if deadline := _IN_FORCE.get():
        deadline.check()


def time_left_s() -> float | None:
    """Return the seconds that are left here; None if they don't end."""
    deadline = _IN_FORCE.get()
    return deadline.left_s() if deadline else None


def timely(on_step: OnStep) -> OnStep:
    """Return what does as *on_step* does, once `check_time` lets the step begin."""

    def begin(step: Step) -> None:
        check_time()
        on_step(step)

    return begin
