"""Progress bars with rate and time left, on standard error, where that is a terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from qa.commands.output import console

OnProgress = Callable[[int, int], None]
"""Called with how much is done and how much there is."""


RATE_S = 120.0
"""Seconds over which the rate is taken, and so the time that is left."""


class _Rate(ProgressColumn):
    """How many are done in a second."""

    def render(self, task: Task) -> Text:
        """Return the rate, once there is one."""
        return Text(f"{task.speed:,.0f}/s" if task.speed else "")


@contextmanager
def progress(doing: str) -> Iterator[OnProgress]:
    """Show how far the block is: it calls what is yielded."""
    with steps(doing) as (on_progress,):
        yield on_progress


@contextmanager
def steps(*doing: str) -> Iterator[tuple[OnProgress, ...]]:
    """Show how far the block is with several things: it calls what is yielded for each."""
    out = console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeRemainingColumn(),
    )
    with Progress(
        *columns, console=out, disable=not out.is_terminal, speed_estimate_period=RATE_S
    ) as bars:
        yield tuple(_teller(bars, bars.add_task(one, total=None)) for one in doing)


def _teller(bars: Progress, task: TaskID) -> OnProgress:
    def tell(done: int, total: int) -> None:
        bars.update(task, completed=done, total=total)

    return tell
