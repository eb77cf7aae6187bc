"""Many files in, a report out; one bad page never stops the run."""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.files import files_at
from corpus.reading import read_file
from corpus.reading_pool import Named, read_side_by_side
from corpus.refusal import Refusal
from corpus.sources import Outcome
from corpus.store import StoryStore
from corpus.story import Story
from corpus.syndication import agency_of

logger = logging.getLogger(__name__)

BATCH = 64
"""Stories written in one transaction: enough to make syncing the disk cheap."""

SEVERAL_FILES = 50
MUCH_BYTES = 4 * 1024 * 1024
"""From here on reading takes about a second, and starting processes for it pays."""

Progress = Callable[[int, int], None]
"""Called with how much is done and how much there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestReport:
    """What became of every file: numbers of stories, and the refused sources."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: tuple[Refusal, ...] = ()

    def __add__(self, other: "IngestReport") -> "IngestReport":
        return IngestReport(
            added=self.added + other.added,
            updated=self.updated + other.updated,
            unchanged=self.unchanged + other.unchanged,
            refused=self.refused + other.refused,
        )

    @property
    def counts(self) -> dict[str, int]:
        """The numbers, by their names."""
        return {
            "added": self.added,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "refused": len(self.refused),
        }

    @property
    def reasons(self) -> dict[str, int]:
        """How many were refused for each reason, the most frequent first."""
        return dict(Counter(refusal.reason for refusal in self.refused).most_common())


def ingest(
    store: StoryStore,
    paths: Sequence[Path],
    on_progress: Progress | None = None,
    *,
    publisher: str | None = None,
    processes: int = 1,
) -> IngestReport:
    """Read every file at or below *paths* into *store*.

    A path may be a file, a folder, or a pattern such as `news/**/*.html`. A story's source is its
    file's path relative to the folder that was given, or to the one before the pattern; the
    sources of what stands in an archive, a WARC or JSON Lines go on from there. *publisher* is
    that of stories whose pages name none. Where there is much to read, *processes* do so side by
    side, with a limit of time for each file; the store then holds the same, in the same order.
    Raises `UnreadableSource` before anything is read if one of *paths* does not exist or matches
    nothing.
    """
    files = [file for path in paths for file in files_at(path)]
    intake = Intake(store, publisher)
    for done, outcomes in enumerate(_read(files, processes), start=1):
        intake.take(outcomes)
        if done == len(files):
            intake.write()
        if on_progress:
            on_progress(done, len(files))
    report = intake.report
    logger.info("read %d files: %s", len(files), report.counts)
    return report


class Intake:
    """Takes stories into *store*, and counts what became of them."""

    def __init__(self, store: StoryStore, publisher: str | None = None) -> None:
        self._store = store
        self._publisher = publisher
        self._counts = {"added": 0, "updated": 0, "unchanged": 0}
        self._refused: list[Refusal] = []
        self._waiting: list[Story] = []

    @property
    def report(self) -> IngestReport:
        """What became of everything that was written or refused so far."""
        return IngestReport(**self._counts, refused=tuple(self._refused))

    def take(self, outcomes: Iterable[Outcome]) -> None:
        """Take stories in, and write whenever there are enough."""
        for outcome in outcomes:
            if isinstance(outcome, Refusal):
                self._refused.append(outcome)
                continue
            self._waiting.append(_completed(outcome, self._publisher))
            if len(self._waiting) >= BATCH:
                self.write()

    def write(self) -> None:
        """Write what waits, in one transaction."""
        for outcome in self._store.add(self._waiting):
            self._counts[outcome] += 1
        self._waiting = []

    def pass_over(self, stories: int) -> None:
        """Count *stories* that need not be read to be known as unchanged."""
        self._counts["unchanged"] += stories


def _read(files: Sequence[Named], processes: int) -> Iterator[Iterator[Outcome]]:
    """Yield what each of *files* holds; a few are read here, without starting processes."""
    if processes > 1 and (len(files) >= SEVERAL_FILES or _size(files) >= MUCH_BYTES):
        yield from read_side_by_side(files, processes)
    else:
        yield from (read_file(file, source) for file, source in files)


def _size(files: Sequence[Named]) -> int:
    size = 0
    for file, _ in files:
        with suppress(OSError):
            size += file.stat().st_size
    return size


def _completed(story: Story, publisher: str | None) -> Story:
    """Return *story* with what its source doesn't name, but the run or its own words do."""
    agency = agency_of(story.body, byline=story.byline, dateline=story.dateline)
    return replace(
        story,
        publisher=story.publisher or publisher,
        syndicated_from=story.syndicated_from or agency,
    )
