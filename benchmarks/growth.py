"""How cost grows with the passages: `make bench-growth DATA=…`, a data folder that is indexed.

Run `python -m benchmarks.growth DATA [PASSAGES…] [--plot FILE]`. Passages beyond those of the
store are copies of them, in each of which a sentence is another passage's. Questions are titles of
stories that all sizes have, each asked once before it counts. Prints a table.
"""

import multiprocessing
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from datetime import date
from itertools import islice
from pathlib import Path
from time import perf_counter

import click
import numpy as np

from benchmarks.grown_passages import Originals, grown
from benchmarks.growth_answers import assistant_over
from benchmarks.growth_plot import draw
from corpus.store import StoryStore
from embeddings.build import entries
from embeddings.embedded_index import EmbeddedIndex
from embeddings.index import EVERY_STORY, Entry, Filters, Query
from embeddings.onnx_encoder import OnnxEncoder

K = 60
QUESTIONS = 100
BATCH = 5000
HEAD = (
    "passages",
    "vectors p50 ms",
    "words p50 ms",
    "both p50 ms",
    "both p95 ms",
    "filtered p50 ms",
    "update of 10 ms",
    "open ms",
    "disk B/passage",
    "memory B/passage",
    "of it private",
    "answer p50 ms",
)


def passages_of(store: StoryStore) -> Iterator[Entry]:
    """Yield all passages of *store* in the order in which they became searchable."""
    change = 0
    while changes := store.changes_since(change, 500):
        yield from entries(store, changes)
        change = changes[-1].change


def milliseconds(act: Callable[[Query], object], queries: Sequence[Query]) -> tuple[float, float]:
    """Return the median and the 95th percentile over *queries*, each of which was run before."""
    took = []
    for query in queries:
        act(query)
        started = perf_counter()
        act(query)
        took.append((perf_counter() - started) * 1000)
    return float(np.median(took)), float(np.percentile(took, 95))


def build(folder: Path, passages: Iterator[Entry], change: int) -> EmbeddedIndex:
    """Return an index of *passages* that is complete up to *change*, with all in its files."""
    index = EmbeddedIndex.open(folder, encoder=OnnxEncoder().name, dim=OnnxEncoder().dim)
    batch, number = list(islice(passages, BATCH)), 0
    while batch:
        following, number = list(islice(passages, BATCH)), number + 1
        index.add(batch)
        index.commit(number if following else max(change, number))
        batch = following
    while index._vectors._live.changed:
        if index._vectors._merging:
            index._vectors._merging.join()
        index._vectors.merge()
    return index


def resident(folder: Path, queries: Sequence[Query]) -> tuple[float, float, float]:
    """Return the bytes of memory that an index takes, and of it the private; and ms to open it.

    For a process of its own, in which *queries* are asked.
    """
    encoder = OnnxEncoder()
    before = _memory()
    started = perf_counter()
    index = EmbeddedIndex.open(folder, encoder=encoder.name, dim=encoder.dim)
    took = (perf_counter() - started) * 1000
    for query in queries:
        index.search(query, K)
    private, mapped = (now - then for now, then in zip(_memory(), before, strict=True))
    return private + mapped, private, took


def _memory() -> tuple[int, int]:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    private, mapped = (
        int(found) * 1024 for found in re.findall(r"Rss(?:Anon|File):\s+(\d+)", status)
    )
    return private, mapped


def measure(
    data: Path, known: Sequence[Entry], size: int, questions: Sequence[str]
) -> tuple[float, ...]:
    """Return one row of the table, for an index of *size* passages."""
    originals: Originals = {}
    with (
        tempfile.TemporaryDirectory(dir=data) as name,
        closing(StoryStore(data / "stories.sqlite")) as store,
    ):
        folder = Path(name)
        (folder / "stories.sqlite").symlink_to(data / "stories.sqlite")
        index = build(folder / "index", grown(known, size, originals), store.change)
        encoder = OnnxEncoder()
        queries = [
            Query(text=question, vector=vector)
            for question, vector in zip(questions, encoder.encode_queries(questions), strict=True)
        ]
        filters = Filters(from_date=date(2015, 1, 1), publisher=known[0].publisher)
        vectors, _ = milliseconds(
            lambda q: index._vectors.search(q.vector, K, EVERY_STORY), queries
        )
        words, _ = milliseconds(lambda q: index._words.search(q.text, K, EVERY_STORY), queries)
        both = milliseconds(lambda q: index.search(q, K), queries)
        filtered, _ = milliseconds(
            lambda q: index.search(Query(text=q.text, vector=q.vector, filters=filters), K), queries
        )
        spawn = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(1, mp_context=spawn) as process:
            memory, private, opening = process.submit(resident, folder / "index", queries).result()
        disk = sum(path.stat().st_size for path in (folder / "index").rglob("*") if path.is_file())
        assistant = assistant_over(folder, index, originals)
        answer, _ = milliseconds(lambda q: assistant.ask(q.text), queries)
        update = updates(index, known[:10], store.change)
        shutil.rmtree(folder / "index")
    figures = (disk / size, memory / size, private / size, answer)
    return (size, vectors, words, *both, filtered, update, opening, *figures)


def updates(index: EmbeddedIndex, passages: Sequence[Entry], change: int) -> float:
    """Return the median milliseconds in which *passages* are replaced."""
    took = []
    for number in range(1, 11):
        started = perf_counter()
        index.add(passages)
        index.commit(change + number)
        took.append((perf_counter() - started) * 1000)
    return float(np.median(took))


@click.command()
@click.argument("data", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.argument("sizes", type=int, nargs=-1)
@click.option("--plot", type=click.Path(path_type=Path), help="Draw the table to this file.")
def main(data: Path, sizes: tuple[int, ...], plot: Path | None) -> None:
    """Print the table."""
    data = data.resolve()
    with closing(StoryStore(data / "stories.sqlite")) as store:
        known = list(passages_of(store))
        first = list(dict.fromkeys(entry.story_id for entry in known[:1000]))[:QUESTIONS]
        questions = [store.story(story_id).title for story_id in first]
    click.echo(f"{len(known):,} passages are a store's, the others copies of them.\n")
    click.echo(f"| {' | '.join(HEAD)} |\n|{'--:|' * len(HEAD)}")
    rows = []
    for size in sizes or (1_000, 10_000, 100_000, 1_000_000):
        rows.append(measure(data, known, size, questions))
        cells = [f"{size:,}", *(f"{figure:,.1f}" for figure in rows[-1][1:])]
        click.echo(f"| {' | '.join(cells)} |")
    if plot:
        draw(HEAD, rows, plot)


if __name__ == "__main__":
    main()
