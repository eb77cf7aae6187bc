"""Many files in, a report out; one bad page never stops the run."""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.errors import UnreadableSource
from corpus.files import files_at
from corpus.refusal import Refusal
from corpus.sources import Outcome, read_each
from corpus.store import StoryStore
from corpus.story import Story
from corpus.syndication import agency_of

logger = logging.getLogger(__name__)

BATCH = 64
"""Stories written in one transaction: enough to make syncing the disk cheap."""

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
) -> IngestReport:
    """Read every file at or below *paths* into *store*.

    A path may be a file, a folder, or a pattern such as `news/**/*.html`. A story's source is its
    file's path relative to the folder that was given, or to the one before the pattern; the
    sources of what stands in an archive, a WARC or JSON Lines go on from there. *publisher* is
    that of stories whose pages name none. Raises `UnreadableSource` before anything is read if
    one of *paths* does not exist or matches nothing.
    """
    files = [file for path in paths for file in files_at(path)]
    intake = Intake(store, publisher)
    for done, (file, source) in enumerate(files, start=1):
        intake.take(read_file(file, source))
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


def read_file(file: Path, source: str) -> Iterator[Outcome]:
    """Yield the stories of *file*, and why others are none; raise nothing."""
    try:
        with file.open("rb") as stream:
            yield from read_each(stream, source)
    except OSError as error:
        reason = UnreadableSource(f"can't be opened: {error.strerror or error}")
        yield Refusal(source=source, error=reason)


def _completed(story: Story, publisher: str | None) -> Story:
    """Return *story* with what its source doesn't name, but the run or its own words do."""
    agency = agency_of(story.body, byline=story.byline, dateline=story.dateline)
    return replace(
        story,
        publisher=story.publisher or publisher,
        syndicated_from=story.syndicated_from or agency,
    )
