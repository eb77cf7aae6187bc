"""What `add`, `remove` and `rebuild` do: stories in and out, and the index brought up to date."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import corpus
from corpus.errors import CorpusError, FetchError, PageGone
from corpus.ingest import IngestReport, ingest
from corpus.refusal import Refusal
from corpus.store import StoryStore
from corpus.visits import Follower
from embeddings.build import EncodePending
from embeddings.errors import SearchError
from embeddings.onnx_session import physical_cores
from qa.assemble import bring_up_to_date, open_store
from qa.assemble_search import empty_index, encoding_on
from qa.commands.progress import progress, steps
from qa.operations.following import (
    forget_lost,
    is_remote,
    open_fetcher,
    open_intake_log,
    open_origins,
    sources_of,
)
from qa.settings import Settings

BUNDLED = Path(corpus.__file__).parent / "stories"


def add_stories(
    settings: Settings,
    places: Sequence[str | Path],
    *,
    publisher: str | None,
    if_empty: bool,
    ray: str | None = None,
) -> IngestReport:
    """Read *places* into the store and index them, unless *if_empty* and the store is not.

    A place is a file, a folder, a pattern, an address or a search of the DVIDS API. Their passages
    are encoded on the Ray cluster at *ray*, if one is given. Raises, before anything is read,
    `FetchingOff` where the settings don't allow to fetch a place, and `MissingExtra` or
    `ClusterUnreachable` where there is no such cluster.
    """
    encode = encoding_on(settings, ray) if ray else None
    names = [str(place) for place in places]
    remote = [name for name in names if is_remote(name)]
    if remote:
        open_fetcher(settings)
    with closing(open_store(settings)) as store, _counted(settings) as read:
        if if_empty and store.count():
            names = remote = []
        with progress("Reading") as on_progress:
            paths = [Path(name) for name in names if not is_remote(name)]
            report = ingest(
                store,
                paths,
                on_progress,
                publisher=publisher,
                processes=settings.ingest.processes or physical_cores(),
            )
        if remote:
            report += _fetched(settings, store, remote, publisher)
        read.append(report)
        _index(settings, store, encode)
    return report


@contextmanager
def _counted(settings: Settings) -> Iterator[list[IngestReport]]:
    """Count what is read in the block, and the error that ends it, for those who watch."""
    read: list[IngestReport] = []
    log = open_intake_log(settings)
    try:
        yield read
    except (CorpusError, SearchError) as error:
        log.record(sum(read, IngestReport()), [error])
        raise
    log.record(sum(read, IngestReport()))


def _fetched(
    settings: Settings, store: StoryStore, places: Sequence[str], publisher: str | None
) -> IngestReport:
    """Fetch *places*; one that fails is refused and doesn't stop the others."""
    failed = []
    with closing(open_origins(settings)) as origins:
        follower = Follower(store, origins, publisher=publisher)
        for source in sources_of(settings, places, origins):
            forget_lost(store, origins, source.name)
            try:
                follower.follow(source.visits())
            except FetchError as error:
                failed.append(Refusal(source=source.name, error=error))
        gone = [
            Refusal(source=missing.place, error=PageGone(missing.reason))
            for missing in follower.missing
        ]
    return follower.report + IngestReport(refused=(*failed, *gone))


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
    with closing(open_store(settings)) as store:
        empty_index(settings, store)
        _index(settings, store)


def _index(settings: Settings, store: StoryStore, encode: EncodePending | None = None) -> None:
    with steps("Encoding", "Indexing") as (on_encoding, on_indexing):
        bring_up_to_date(settings, store, on_encoding, on_indexing, encode=encode)
