"""What becomes of the files in a folder: every refusal and a random sample of the stories.

`python -m benchmarks.outcomes FOLDER [N]` stores the folder's stories, as `dateline add` does but
without indexing, and lists all refusals and as many random stories as make N in all (200), to be
judged by eye.
"""

import random
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import click

from corpus.ingest import ingest
from corpus.store import StoryStore

SEED = "dateline-outcomes-2026"
SHOWN = 90
"""Characters of a story's beginning and end."""


def main(folder: Path, size: int) -> None:
    """Store the stories of *folder* and print *size* outcomes."""
    with TemporaryDirectory() as directory:
        store = StoryStore(Path(directory) / "stories.sqlite")
        began = perf_counter()
        report = ingest(store, [folder])
        seconds = perf_counter() - began
        stories = report.added + report.updated + report.unchanged
        click.echo(
            f"{report.added} added, {report.updated} updated, {report.unchanged} unchanged,"
            f" {len(report.refused)} refused: {seconds:.1f} s, {stories / seconds:.0f} stories/s"
        )
        for reason, count in report.reasons.items():
            click.echo(f"{count:5} {reason}")
        for refusal in sorted(report.refused, key=lambda refusal: refusal.source):
            click.echo(f"refused  {refusal.source}  {refusal.reason}")
        accepted = sorted(store.stories_page(store.count()), key=lambda story: story.source)
        store.close()
    wanted = min(max(size - len(report.refused), 0), len(accepted))
    for story in random.Random(SEED).sample(accepted, wanted):  # noqa: S311 - a sample, no secret
        words = " ".join(story.body.split())
        click.echo(
            f"story  {story.source}  {story.title[:SHOWN]!r} {len(words.split())} words: "
            f"{words[:SHOWN]!r} … {words[-SHOWN:]!r}"
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 200)
