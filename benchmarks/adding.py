"""How fast stories are added: `python -m benchmarks.adding FOLDER [DATA]`.

Reads and stores the stories of a folder; encodes some of their passages, beside the encoder alone
on the same batches; and, given a data folder that is indexed already, adds stories of ten passages
to copies of it that have all, some and few of its stories, and builds their words anew.
"""

import os
import platform
import random
import re
import shutil
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from statistics import median
from time import perf_counter

import click

from corpus.ingest import ingest
from corpus.store import StoryStore
from corpus.story import Story
from embeddings.build import STORIES_ENCODED, apply_changes, encode_pending
from embeddings.embedded_index import EmbeddedIndex
from embeddings.encoder import Encoder
from embeddings.index import Filters, Query
from embeddings.onnx_encoder import OnnxEncoder
from embeddings.passage_text import passage_text

ENCODED = 128
"""Stories that are encoded, twice: by the build, and by the encoder alone."""
SMALL = 70
"""Stories of about 1,000 passages."""
MIDDLE = 2000
"""Stories of about 30,000 passages."""
TIMES = 7
PASSAGES = 10


def reading(folder: Path, data: Path) -> str:
    """Read a folder into a store, and return how fast that was."""
    with closing(StoryStore(data / "stories.sqlite")) as store:
        started = perf_counter()
        report = ingest(store, [folder])
        seconds = perf_counter() - started
        stories = report.added + report.updated + report.unchanged
        return f"{stories:,} stories read and stored in {seconds:.1f} s: {stories / seconds:.0f}/s"


def encoding(source: StoryStore, encoder: Encoder, data: Path) -> str:
    """Encode stories with and without all that the build does besides; return both times."""
    stories = source.stories_page(ENCODED)
    build_s = bare_s = 0.0
    # In turns, so that what else the machine does is in both.
    for first in range(0, ENCODED, STORIES_ENCODED):
        with closing(StoryStore(data / f"{first}.sqlite")) as store:
            store.set_encoder(encoder.name)
            store.add(stories[first : first + STORIES_ENCODED])
            pending = store.pending(STORIES_ENCODED)
            texts = [passage_text(story, passage) for story, cut in pending for passage in cut]
            started = perf_counter()
            encoder.encode_passages(texts)
            bare_s += perf_counter() - started
            started = perf_counter()
            encode_pending(store, encoder)
            build_s += perf_counter() - started
    share = bare_s / build_s
    return (
        f"encoding: {build_s:.1f} s, of which the encoder alone takes {bare_s:.1f} s: {share:.0%}"
    )


def story_of(number: int, words: list[str]) -> Story:
    """Return a story of ten passages of *words*, another one by another number."""
    drawn = random.Random(number)  # noqa: S311 - no secret
    body = "\n\n".join(" ".join(drawn.choices(words, k=90)) + "." for _ in range(PASSAGES))
    return Story(story_id=f"added-{number}", source="benchmark", title="Added", body=body)


def adding(data: Path, encoder: Encoder) -> list[float]:
    """Return the seconds until one story could be found, of each of some that were added."""
    seconds = []
    with closing(StoryStore(data / "stories.sqlite")) as store:
        index = EmbeddedIndex.open(data / "index", encoder=encoder.name, dim=encoder.dim)
        apply_changes(store, index)
        [vector] = encoder.encode_queries(["added"])
        words = re.findall("[a-z]+", " ".join(story.body for story in store.stories_page(20)))
        for number in range(TIMES + 1):
            story = story_of(number, words)
            started = perf_counter()
            store.add([story])
            encode_pending(store, encoder)
            apply_changes(store, index)
            seconds.append(perf_counter() - started)
            only = Filters(story_ids=(story.story_id,))
            found = index.search(Query(text=story.body[:80], vector=vector, filters=only), PASSAGES)
            if len(found) != PASSAGES:
                raise click.ClickException(f"{len(found)} passages were found, not {PASSAGES}")
    return seconds[1:]


def recovering(data: Path, encoder: Encoder) -> float:
    """Return the seconds to build the words anew, as after a kill at the worst moment."""
    (data / "index" / "words.json").unlink()
    with closing(StoryStore(data / "stories.sqlite")) as store:
        started = perf_counter()
        apply_changes(
            store, EmbeddedIndex.open(data / "index", encoder=encoder.name, dim=encoder.dim)
        )
        return perf_counter() - started


def smaller(data: Path, folder: Path, stories: int) -> Path:
    """Return a copy of a data folder, with the first of its stories alone, encoded and indexed."""
    shutil.copy(data / "stories.sqlite", folder)
    with closing(sqlite3.connect(folder / "stories.sqlite")) as connection, connection:
        connection.execute("PRAGMA foreign_keys = ON")
        few = f"(SELECT story_id FROM stories ORDER BY story_id LIMIT {stories:d})"  # noqa: S608 - a number
        for table in ("changes", "bands", "stories"):
            connection.execute(f"DELETE FROM {table} WHERE story_id NOT IN {few}")  # noqa: S608 - our tables
    with closing(sqlite3.connect(folder / "stories.sqlite")) as connection:
        connection.execute("VACUUM")
    return folder


def main(folder: Path, indexed: Path | None) -> None:
    """Print what was measured."""
    click.echo(f"{platform.platform()}, {os.cpu_count()} CPUs, Python {platform.python_version()}")
    encoder = OnnxEncoder()
    with tempfile.TemporaryDirectory() as name:
        data = Path(name)
        click.echo(reading(folder, data))
        with closing(StoryStore(data / "stories.sqlite")) as store:
            click.echo(encoding(store, encoder, data))
    if indexed is None:
        return
    for stories in (SMALL, MIDDLE, None):
        with tempfile.TemporaryDirectory() as name:
            data = Path(name)
            if stories is None:
                shutil.copytree(indexed, data, dirs_exist_ok=True)
            else:
                smaller(indexed, data, stories)
            seconds = adding(data, encoder)
            recovery_s = recovering(data, encoder)
            with closing(StoryStore(data / "stories.sqlite")) as store:
                passages = store.passage_count()
        click.echo(
            f"one story of {PASSAGES} passages beside {passages:,}: {median(seconds) * 1000:.0f} ms"
            f" ({', '.join(f'{s * 1000:.0f}' for s in sorted(seconds))}); words built anew in"
            f" {recovery_s:.1f} s"
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
