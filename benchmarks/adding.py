"""How fast stories are added: `python -m benchmarks.adding FOLDER [DATA]`.

Reads and stores the stories of a folder (`benchmarks.storing`); encodes and indexes some of them,
and tells the share of the time that the model would take alone; and, given a data folder that is
indexed already, adds stories of ten passages to copies of it that have all, some and few of its
stories, and builds their words anew.
"""

import os
import platform
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

import click

from corpus.store import StoryStore
from corpus.story import Story
from embeddings.build import apply_changes, catch_up, encode_pending
from embeddings.embedded_index import EmbeddedIndex
from embeddings.encoder import Encoder, Vectors
from embeddings.index import Filters, Query
from embeddings.onnx_encoder import OnnxEncoder, batches
from embeddings.onnx_session import physical_cores
from embeddings.passage_text import passage_text

ENCODED = 100
"""Stories that are encoded."""
SMALL = 70
"""Stories of about 1,000 passages."""
MIDDLE = 2000
"""Stories of about 30,000 passages."""
TIMES = 7
PASSAGES = 10


class TimedEncoder:
    """An encoder that knows how long it was at it."""

    def __init__(self, encoder: Encoder) -> None:
        self.name, self.dim = encoder.name, encoder.dim
        self.seconds = 0.0
        self.encode_queries = encoder.encode_queries
        self._encode_passages = encoder.encode_passages

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of *texts*."""
        started = perf_counter()
        vectors = self._encode_passages(texts)
        self.seconds += perf_counter() - started
        return vectors


def encoding(stories: Sequence[Story], encoder: OnnxEncoder, data: Path) -> str:
    """Encode and index stories; return how long that took, beside the encoder's floor."""
    timed = TimedEncoder(encoder)
    with closing(StoryStore(data / "encoded.sqlite")) as store:
        store.add(stories)
        texts = [
            passage_text(story, passage)
            for story, cut in store.pending(len(stories))
            for passage in cut
        ]
        index = EmbeddedIndex.open(data / "index", encoder=encoder.name, dim=encoder.dim)
        before = floor(encoder, texts)
        started, processor_started = perf_counter(), process_time()
        catch_up(store, index, timed)
        seconds, processor_s = perf_counter() - started, process_time() - processor_started
        after = floor(encoder, texts)
    least, least_processor = ((one + other) / 2 for one, other in zip(before, after, strict=True))
    return (
        f"{len(texts):,} passages encoded and indexed in {seconds:.1f} s,"
        f" {len(texts) / seconds:.0f}/s; the encoder takes {timed.seconds / seconds:.1%} of that."
        f" The model alone takes {least / seconds:.1%} of the time and"
        f" {least_processor / processor_s:.1%} of the processor time"
    )


def floor(encoder: OnnxEncoder, texts: Sequence[str]) -> tuple[float, float]:
    """Return the seconds, and those of the processor, that the model alone takes for *texts*.

    They are split into word pieces beforehand, and batched by length as a whole.
    """
    pieces = encoder._tokenizer.encode_batch_fast(list(texts))
    threads = physical_cores()
    together = [
        [pieces[row] for row in rows]
        for rows in batches([len(encoding) for encoding in pieces], threads)
    ]
    started, processor_started = perf_counter(), process_time()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(encoder._run, together))
    return perf_counter() - started, process_time() - processor_started


def story_of(number: int, words: list[str]) -> Story:
    """Return a story of ten passages of *words*, another one by another number."""
    drawn = random.Random(number)  # noqa: S311 - no secret
    body = "\n\n".join(" ".join(drawn.choices(words, k=90)) + "." for _ in range(PASSAGES))
    return Story(story_id=f"added-{number}", source="benchmark", title="Added", body=body)


def adding(data: Path, encoder: Encoder) -> str:
    """Add stories, and return how long it took until each could be found, and without encoding."""
    seconds, besides = [], []
    timed = TimedEncoder(encoder)
    with closing(StoryStore(data / "stories.sqlite")) as store:
        index = EmbeddedIndex.open(data / "index", encoder=encoder.name, dim=encoder.dim)
        apply_changes(store, index)
        [vector] = encoder.encode_queries(["added"])
        words = re.findall("[a-z]+", " ".join(story.body for story in store.stories_page(20)))
        for number in range(TIMES + 1):
            story = story_of(number, words)
            started, timed.seconds = perf_counter(), 0.0
            store.add([story])
            encode_pending(store, timed)
            apply_changes(store, index)
            seconds.append((perf_counter() - started) * 1000)
            besides.append(seconds[-1] - timed.seconds * 1000)
            only = Filters(story_ids=(story.story_id,))
            found = index.search(Query(text=story.body[:80], vector=vector, filters=only), PASSAGES)
            if len(found) != PASSAGES:
                raise click.ClickException(f"{len(found)} passages were found, not {PASSAGES}")
        # The first is there to warm up.
        return (
            f"one story of {PASSAGES} passages beside {store.passage_count():,}:"
            f" {median(seconds[1:]):.0f} ms ({min(seconds[1:]):.0f} to {max(seconds[1:]):.0f}),"
            f" {median(besides[1:]):.1f} of them not the encoder's"
        )


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
        store_path = data / "stories.sqlite"
        subprocess.run([sys.executable, "-m", "benchmarks.storing", folder, store_path], check=True)  # noqa: S603 - our own
        with closing(StoryStore(data / "stories.sqlite")) as store:
            click.echo(encoding(store.stories_page(ENCODED), encoder, data))
    if indexed is None:
        return
    for stories in (SMALL, MIDDLE, None):
        with tempfile.TemporaryDirectory() as name:
            data = Path(name)
            if stories is None:
                shutil.copytree(indexed, data, dirs_exist_ok=True)
            else:
                smaller(indexed, data, stories)
            click.echo(f"{adding(data, encoder)}; words anew in {recovering(data, encoder):.1f} s")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
