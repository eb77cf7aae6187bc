"""How fast stories are read and stored: `python -m benchmarks.storing FOLDER [STORE]`.

In one process, and in as many as there are cores; the stores have to be the same. Nothing heavy is
imported, since the processes that read import this module again.
"""

import os
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from time import perf_counter, process_time

import click

from corpus.ingest import ingest
from corpus.store import StoryStore


def reading(folder: Path, store_path: Path, processes: int) -> str:
    """Read a folder into a store, and return how fast that was."""
    with closing(StoryStore(store_path)) as store:
        started, processor_started = perf_counter(), process_time()
        report = ingest(store, [folder], processes=processes)
        seconds, processor_s = perf_counter() - started, process_time() - processor_started
        stories = report.added + report.updated + report.unchanged
    return (
        f"{stories:,} stories read and stored, {processes} processes reading, in {seconds:.1f} s:"
        f" {stories / seconds:.0f}/s; {processor_s:.1f} s of processor time in the one that stores"
    )


def stored(store_path: Path) -> list[tuple[str, str, str]]:
    """Return what a store holds, in the order in which it was stored."""
    with closing(StoryStore(store_path)) as store:
        stories = [story for story, _ in store.pending(store.count())]
    return [(story.story_id, story.source, story.sha256) for story in stories]


def main(folder: Path, store_path: Path | None) -> None:
    """Print what was measured; keep the store that several processes made as *store_path*."""
    with tempfile.TemporaryDirectory() as name:
        alone, several = Path(name, "1.sqlite"), store_path or Path(name, "several.sqlite")
        cores = len(os.sched_getaffinity(0))
        click.echo(reading(folder, several, cores))
        click.echo(reading(folder, alone, 1))
        if stored(alone) != stored(several):
            raise click.ClickException("the two stores differ")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
