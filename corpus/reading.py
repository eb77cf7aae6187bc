"""Reads files: in this process, or as what another process does for it."""

import signal
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from corpus.errors import UnreadableSource
from corpus.refusal import Refusal
from corpus.sources import Outcome, read_each
from corpus.story import Story

PART_OUTCOMES = 64
"""Stories and refusals that are sent together, at most."""

PART_CHARS = 256 * 1024
"""Characters of text in what is sent together, unless a single story has more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Some of what a file holds; *last* says that it is the end of the file."""

    outcomes: tuple[Outcome, ...]
    last: bool

    @property
    def chars(self) -> int:
        """About how much memory it takes."""
        return sum(map(_chars, self.outcomes))


def read_file(file: Path, source: str) -> Iterator[Outcome]:
    """Yield the stories of *file*, and why others are none; raise nothing."""
    try:
        with file.open("rb") as stream:
            yield from read_each(stream, source)
    except OSError as error:
        reason = UnreadableSource(f"can't be opened: {error.strerror or error}")
        yield Refusal(source=source, error=reason)


def serve(connection: Connection, limit_s: float) -> None:
    """Read the runs of files that *connection* names, and send what they hold, until it closes.

    None is sent first: the process has started. A file that gives nothing for *limit_s* seconds
    ends the process by SIGALRM, whatever code is at it.
    """
    # Ctrl+C reaches every process of the terminal; the one that was asked to stop closes the rest.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    with suppress(EOFError, ConnectionError):
        connection.send(None)
        while True:
            for file, source in connection.recv():
                for part in parts(_limited(read_file(Path(file), source), limit_s)):
                    connection.send(part)


def parts(outcomes: Iterable[Outcome]) -> Iterator[Part]:
    """Yield *outcomes* in parts of bounded size, at least one."""
    together: list[Outcome] = []
    chars = 0
    for outcome in outcomes:
        together.append(outcome)
        chars += _chars(outcome)
        if len(together) >= PART_OUTCOMES or chars >= PART_CHARS:
            yield Part(outcomes=tuple(together), last=False)
            together, chars = [], 0
    yield Part(outcomes=tuple(together), last=True)


def _limited(outcomes: Iterator[Outcome], limit_s: float) -> Iterator[Outcome]:
    """Yield *outcomes*, each of which has to come within *limit_s* seconds."""
    signal.setitimer(signal.ITIMER_REAL, limit_s)
    for outcome in outcomes:
        signal.setitimer(signal.ITIMER_REAL, 0)
        yield outcome
        signal.setitimer(signal.ITIMER_REAL, limit_s)
    signal.setitimer(signal.ITIMER_REAL, 0)


def _chars(outcome: Outcome) -> int:
    return len(outcome.body) if isinstance(outcome, Story) else 0
