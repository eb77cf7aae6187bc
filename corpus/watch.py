"""Watch: sources that are followed round by round; one that fails never stops the others."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from corpus.errors import CorpusError, FetchPutOff, StoreDamaged
from corpus.folder_source import FolderSource
from corpus.ingest import IngestReport
from corpus.visits import Follower, Missing, Source

LONGEST_BACK_OFF_S = 6 * 3600.0
"""A source that fails again and again is tried at least this often."""

Thing = TypeVar("Thing")


class Stopped(Exception):
    """The watch is asked to end; raised between stories and in pauses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What one round came to.

    *waiting* counts files that may still be being written, *errors* holds why sources could not be
    read, *resting* counts those that are not tried yet after they failed.
    """

    number: int
    stories: IngestReport
    missing: tuple[Missing, ...]
    removed: int
    waiting: int
    errors: dict[str, CorpusError]
    resting: int
    seconds: float
    stopped: bool

    @property
    def failed(self) -> dict[str, str]:
        """Why each source that could not be read could not, in words."""
        return {name: str(error) for name, error in self.errors.items()}

    @property
    def changed(self) -> bool:
        """Whether the store holds something else than before."""
        return bool(self.stories.added or self.stories.updated or self.removed)


@dataclass(slots=True, kw_only=True)
class _Followed:
    """A source, how often it has failed in a row, and when it is tried again."""

    source: Source
    failures: int = 0
    due: float = 0.0


class Watch:
    """Follows *sources*, each every *every_s* seconds, or later where it fails."""

    def __init__(
        self,
        sources: Sequence[Source],
        follower: Callable[[], Follower],
        *,
        every_s: float,
        stopping: Callable[[], bool] = lambda: False,
    ) -> None:
        self._followed = [_Followed(source=source) for source in sources]
        self._follower = follower
        self._every_s = every_s
        self._stopping = stopping
        self._rounds = 0

    def due_in(self) -> float:
        """Return the seconds until a source is to be read, 0 if one is already."""
        return max(0.0, min(one.due for one in self._followed) - time.monotonic())

    def hurry(self) -> None:
        """Let the next round read each source that did not fail."""
        for one in self._followed:
            if not one.failures:
                one.due = time.monotonic()

    def round(self) -> Round:
        """Read each source that is due, and return what that came to; raise `StoreDamaged`."""
        began = time.monotonic()
        self._rounds += 1
        follower = self._follower()
        errors: dict[str, CorpusError] = {}
        due = [one for one in self._followed if one.due <= began]
        stopped = False
        try:
            for one in due:
                error = self._read(one.source, follower)
                if error is not None:
                    errors[one.source.name] = error
                self._schedule(one, began, error)
        except Stopped:
            stopped = True
        folders = [one.source for one in due if isinstance(one.source, FolderSource)]
        return Round(
            number=self._rounds,
            stories=follower.report,
            missing=follower.missing,
            removed=follower.removed,
            waiting=sum(folder.waiting for folder in folders),
            errors=errors,
            resting=len(self._followed) - len(due),
            seconds=time.monotonic() - began,
            stopped=stopped,
        )

    def _read(self, source: Source, follower: Follower) -> CorpusError | None:
        """Take in what *source* has; return why that failed, if it did."""
        try:
            follower.follow(
                replace(visit, outcomes=self._until_stopped(iter(visit.outcomes)))
                for visit in self._until_stopped(source.visits())
            )
        except StoreDamaged:
            raise
        except CorpusError as error:
            return error
        return None

    def _schedule(self, one: _Followed, began: float, error: CorpusError | None) -> None:
        one.failures = one.failures + 1 if error else 0
        longest_s = max(LONGEST_BACK_OFF_S, self._every_s)
        wait_s = min(self._every_s * 2.0 ** min(one.failures, 32), longest_s)
        if isinstance(error, FetchPutOff):
            wait_s = max(self._every_s, error.wait_s)
        one.due = began + wait_s

    def _until_stopped(self, things: Iterator[Thing]) -> Iterator[Thing]:
        for thing in things:
            if self._stopping():
                raise Stopped
            yield thing
