"""How fast Dateline reads, indexes and answers on this machine: `make bench`.

`python -m benchmarks [FOLDER]` takes the stories of a folder instead of the bundled ones. The
questions are the stories' titles: this measures time, not answers.
"""

import os
import platform
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import click

from corpus.ingest import ingest
from qa.assemble import assemble, bring_up_to_date, open_store
from qa.assistant import Assistant
from qa.commands.stories import BUNDLED
from qa.scoring.metrics import percentile
from qa.settings import load_settings

QUESTIONS = 100


def main(folder: Path) -> None:
    """Measure on a store of its own, and print what was measured."""
    click.echo(f"{platform.platform()}, {os.cpu_count()} CPUs, Python {platform.python_version()}")
    with TemporaryDirectory() as data:
        settings = load_settings(data=Path(data))
        store = open_store(settings)
        with timed("read") as rate:
            rate["files"] = len(ingest(store, [folder]).refused) + store.count()
        with timed("index") as rate:
            bring_up_to_date(settings, store, lambda done, total: None)
            rate["passages"] = store.passage_count()
        with timed("load") as rate:
            assistant = assemble(settings)
        titles = [story.title for story in store.stories_page(QUESTIONS)]
        for what, cache in (("answer", None), ("kept answer", assistant.cache)):
            milliseconds = list(answer_times(replace(assistant, cache=cache), titles))
            for q in (50, 95):
                click.echo(f"{what}, {q}th percentile: {percentile(milliseconds, q):.2f} ms")
        store.close()


@contextmanager
def timed(doing: str) -> Iterator[dict[str, int]]:
    """Print how long the block took; it may put numbers of what it did into what is yielded."""
    counts: dict[str, int] = {}
    started = perf_counter()
    yield counts
    seconds = perf_counter() - started
    rates = "".join(f", {n} {name}, {n / seconds:,.0f}/s" for name, n in counts.items())
    click.echo(f"{doing}: {seconds:.2f} s{rates}")


def answer_times(assistant: Assistant, questions: list[str]) -> Iterator[float]:
    """Yield the milliseconds of each answer, once all questions were asked to warm up."""
    for question in questions:
        assistant.ask(question)
    for question in islice(cycle(questions), QUESTIONS):
        started = perf_counter()
        assistant.ask(question)
        yield (perf_counter() - started) * 1000


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else BUNDLED)
