"""What `add`, `remove` and `rebuild` do: stories in and out, and the index brought up to date."""

import re
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import corpus
from corpus.errors import UnreadableSource
from corpus.ingest import IngestReport, ingest
from corpus.store import StoryStore
from embeddings.embedded_index import EmbeddedIndex
from qa.assemble import bring_up_to_date, open_store
from qa.cli_progress import progress
from qa.settings import Settings

BUNDLED = Path(corpus.__file__).parent / "stories"


def files_of(paths: Sequence[str]) -> list[Path]:
    """Return *paths* as files, folders and patterns; raise `UnreadableSource` for a URL."""
    for path in paths:
        if re.match(r"https?://", path, re.IGNORECASE):
            raise UnreadableSource(
                f"{path}: fetching URLs is not built yet; save the page and add the file."
            )
    return [Path(path) for path in paths]


def add_stories(
    settings: Settings, paths: Sequence[Path], *, publisher: str | None, if_empty: bool
) -> IngestReport:
    """Read *paths* into the store and index them, unless *if_empty* and the store is not."""
    with closing(open_store(settings)) as store:
        if if_empty and store.count():
            paths = []
        with progress("Reading") as on_progress:
            report = ingest(store, paths, on_progress, publisher=publisher)
        _index(settings, store)
    return report


def report_json(report: IngestReport) -> dict[str, object]:
    """Return *report* as it is printed for programs."""
    return {
        "added": report.added,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "refused_by_reason": report.reasons,
        "refused": [
            {"source": refusal.source, "reason": refusal.reason} for refusal in report.refused
        ],
    }


def remove_stories(settings: Settings, story_ids: Sequence[str]) -> None:
    """Forget stories; raise `StoryNotFound` for one that is not there, the earlier ones gone."""
    with closing(open_store(settings)) as store:
        for story_id in story_ids:
            store.remove(story_id)
        _index(settings, store)


def rebuild_index(settings: Settings) -> None:
    """Throw the index away and make it again from the store's vectors."""
    EmbeddedIndex.delete(settings.data / "index")
    with closing(open_store(settings)) as store:
        _index(settings, store)


def _index(settings: Settings, store: StoryStore) -> None:
    with progress("Indexing") as on_progress:
        bring_up_to_date(settings, store, on_progress)
