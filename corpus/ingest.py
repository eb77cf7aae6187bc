"""Many files in, a report out; one bad page never stops the run."""

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
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

    added: int
    updated: int
    unchanged: int
    refused: tuple[Refusal, ...]

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
    batch = _Batch(store)
    refused: list[Refusal] = []
    for done, (file, source) in enumerate(files, start=1):
        for outcome in _read(file, source):
            if isinstance(outcome, Refusal):
                refused.append(outcome)
            else:
                batch.add(_completed(outcome, publisher))
        if done == len(files):
            batch.write()
        if on_progress:
            on_progress(done, len(files))
    logger.info("read %d files: %s, %d refused", len(files), batch.outcomes, len(refused))
    return IngestReport(**batch.outcomes, refused=tuple(refused))


def _completed(story: Story, publisher: str | None) -> Story:
    """Return *story* with what its source doesn't name, but the run or its own words do."""
    agency = agency_of(story.body, byline=story.byline, dateline=story.dateline)
    return replace(
        story,
        publisher=story.publisher or publisher,
        syndicated_from=story.syndicated_from or agency,
    )


class _Batch:
    """Stories that wait to be written, and what became of those that were."""

    def __init__(self, store: StoryStore) -> None:
        self.outcomes = {"added": 0, "updated": 0, "unchanged": 0}
        self._store = store
        self._waiting: list[Story] = []

    def add(self, story: Story) -> None:
        """Take *story* in, and write when there are enough."""
        self._waiting.append(story)
        if len(self._waiting) >= BATCH:
            self.write()

    def write(self) -> None:
        """Write what waits, in one transaction."""
        for outcome in self._store.add(self._waiting):
            self.outcomes[outcome] += 1
        self._waiting = []


def _read(file: Path, source: str) -> Iterator[Outcome]:
    try:
        with file.open("rb") as stream:
            yield from read_each(stream, source)
    except OSError as error:
        reason = UnreadableSource(f"can't be opened: {error.strerror or error}")
        yield Refusal(source=source, error=reason)
