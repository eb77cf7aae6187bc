"""How searching and updating grow with the index: `python -m benchmarks.index_growth [PASSAGES…]`.

Vectors are random unit vectors and texts random words with Zipf's frequencies, ten passages a
story: this measures time and space, not what is found.
"""

import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter

import click
import numpy as np

from embeddings.embedded_index import EmbeddedIndex
from embeddings.index import EVERY_STORY, Entry, Filters, Query

DIM = 384
WORDS = 100
K = 60
FILTERS = Filters(from_date=date(2015, 1, 1), publisher="publisher 3")


def entries_of(first: int, count: int, rng: np.random.Generator) -> Iterator[Entry]:
    """Yield *count* made-up passages with ids from *first*."""
    vectors = rng.standard_normal((count, DIM), dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    words = np.minimum(rng.zipf(1.3, (count, WORDS)), 50_000)
    for row in range(count):
        story = (first + row) // 10
        yield Entry(
            passage_id=first + row,
            story_id=f"story{story}",
            text=" ".join(f"w{word}" for word in words[row]),
            vector=vectors[row],
            publisher=f"publisher {story % 7}",
            published_on=date(2010, 1, 1) + timedelta(days=story % 4000),
        )


def timed(act: Callable[[], object], times: int) -> str:
    """Return the best and the median milliseconds of *times* runs."""
    milliseconds = []
    for _ in range(times):
        started = perf_counter()
        act()
        milliseconds.append((perf_counter() - started) * 1000)
    return f"{min(milliseconds):.1f} / {float(np.median(milliseconds)):.1f}"


def measure(size: int, folder: Path) -> str:
    """Return one row of the table, for an index of *size* passages."""
    rng = np.random.default_rng(0)
    index = EmbeddedIndex.open(folder, encoder="random", dim=DIM)
    for first in range(0, size, 5000):
        index.add(list(entries_of(first, min(5000, size - first), rng)))
        index.commit(first + 1)
    queries = iter([q for _ in range(3) for q in entries_of(0, 100, rng)])
    change = iter(range(size, size + 1000))

    def search(filters: Filters = EVERY_STORY) -> None:
        entry = next(queries)
        text = " ".join(entry.text.split()[:10])
        index.search(Query(text=text, vector=entry.vector, filters=filters), K)

    def update() -> None:
        number = next(change)
        index.add(list(entries_of(number * 10, 10, rng)))
        index.commit(number + 1)

    plain, filtered = timed(search, 100), timed(lambda: search(FILTERS), 100)
    updates = timed(update, 20)
    opened = timed(lambda: EmbeddedIndex.open(folder, encoder="random", dim=DIM), 3)
    size_on_disk = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    per_passage = size_on_disk / size
    return f"| {size:,} | {plain} | {filtered} | {updates} | {opened} | {per_passage:.0f} |"


def main(sizes: list[int]) -> None:
    """Print the table."""
    click.echo("| passages | search | filtered | update of 10 | open | bytes/passage on disk |")
    click.echo("|--:|--:|--:|--:|--:|--:|")
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            click.echo(measure(size, Path(folder)))


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [1_000, 10_000, 100_000])
