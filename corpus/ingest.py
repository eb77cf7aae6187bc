"""Many files in, a report out; one bad page never stops the run."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.errors import CorpusError, NotAStory, UnreadableSource
from corpus.sources import read_stories
from corpus.sources.decode import MAX_BYTES
from corpus.store import StoryStore
from corpus.story import Story
from corpus.syndication import agency_of

logger = logging.getLogger(__name__)

BATCH = 64
"""Stories written in one transaction: enough to make syncing the disk cheap."""

Progress = Callable[[int, int], None]
"""Called with how much is done and how much there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A source that gave no story, and why."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestReport:
    """What became of every file: numbers of stories, and the refused sources."""

    added: int
    updated: int
    unchanged: int
    refused: tuple[Refusal, ...]


def ingest(
    store: StoryStore,
    paths: Sequence[Path],
    on_progress: Progress | None = None,
    *,
    publisher: str | None = None,
) -> IngestReport:
    """Read every file at or below *paths* into *store*.

    A story's source is its file's path relative to the folder that was given. *publisher* is that
    of stories whose pages name none. Raises `UnreadableSource` before anything is read if one of
    *paths* does not exist.
    """
    sources = [source for path in paths for source in _files(path)]
    outcomes = {"added": 0, "updated": 0, "unchanged": 0}
    refused: list[Refusal] = []
    batch: list[Story] = []
    for done, (file, source) in enumerate(sources, start=1):
        try:
            for story in _read(file, source):
                agency = agency_of(story.body, byline=story.byline, dateline=story.dateline)
                batch.append(
                    replace(
                        story,
                        publisher=story.publisher or publisher,
                        syndicated_from=story.syndicated_from or agency,
                    )
                )
        except CorpusError as error:
            refused.append(Refusal(source=source, reason=str(error)))
        if len(batch) >= BATCH or done == len(sources):
            for outcome in store.add(batch):
                outcomes[outcome] += 1
            batch = []
        if on_progress:
            on_progress(done, len(sources))
    logger.info("read %d files: %s, %d refused", len(sources), outcomes, len(refused))
    return IngestReport(**outcomes, refused=tuple(refused))


def _files(path: Path) -> Iterator[tuple[Path, str]]:
    """Yield the files at or below *path* with the source that their stories keep."""
    if path.is_file():
        yield path, path.name
    elif path.is_dir():
        for file in sorted(path.rglob("*")):
            below = file.relative_to(path)
            hidden = any(part.startswith(".") for part in below.parts)
            if file.is_file() and not file.is_symlink() and not hidden:
                yield file, below.as_posix()
    else:
        raise UnreadableSource(f"{path} does not exist")


def _read(file: Path, source: str) -> list[Story]:
    try:
        # Refused before it is in memory.
        if file.stat().st_size > MAX_BYTES:
            raise UnreadableSource(f"larger than {MAX_BYTES // 2**20} MiB")
        content = file.read_bytes()
    except OSError as error:
        raise UnreadableSource(f"can't be opened: {error.strerror}") from error
    stories = read_stories(content, source)
    for story in stories:
        _check_text(story)
    return stories


def _check_text(story: Story) -> None:
    # SQLite keeps text as UTF-8, which has no place for half a surrogate pair.
    try:
        f"{story.title}{story.body}".encode()
    except UnicodeEncodeError as error:
        raise NotAStory("holds half a surrogate pair, which is no character") from error
