"""What storing costs, and which stories have the same words: `python -m benchmarks.reprints`.

`python -m benchmarks.reprints FOLDER` takes the stories of another folder. Every linked pair is
listed with the words that differ, to be judged by eye.
"""

import os
import platform
import sys
from collections import defaultdict
from difflib import SequenceMatcher
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

import click

from corpus.ingest import ingest
from corpus.near_duplicates import bands_of, similarity, wording_of
from corpus.store import StoryStore
from corpus.story import Story
from qa.commands.stories import BUNDLED

WORDS_COMPARED = 2000
"""Words of a story in which differences are looked for."""
SHOWN = 4


def main(folder: Path) -> None:
    """Store the stories of *folder*, then the same again; print what was measured and linked."""
    click.echo(f"{platform.platform()}, {os.cpu_count()} CPUs, Python {platform.python_version()}")
    with TemporaryDirectory() as directory:
        store = StoryStore(Path(directory) / "stories.sqlite")
        for _ in range(2):
            began, busy = perf_counter(), process_time()
            report = ingest(store, [folder])
            stories = report.added + report.updated + report.unchanged
            seconds, used = perf_counter() - began, process_time() - busy
            click.echo(
                f"{report.added} added, {report.updated} updated, {report.unchanged} unchanged,"
                f" {len(report.refused)} files refused: {seconds:.1f} s ({used:.1f} s of one CPU),"
                f" {stories / seconds:.0f} stories/s"
            )
        stored = store.stories_page(store.count())
        store.close()
        began = process_time()
        for story in stored:
            bands_of(story.body)
        click.echo(f"bands: {(process_time() - began) / len(stored) * 1000:.2f} ms a story")
        tell_pairs(store, stored)


def tell_pairs(store: StoryStore, stories: list[Story]) -> None:
    """Print the groups of *stories* that have the same words, pair by pair."""
    group_of: dict[str, list[Story]] = defaultdict(list)
    same = store.same_as([story.story_id for story in stories])
    for story in stories:
        group_of[same[story.story_id]].append(story)
    groups = [group for group in group_of.values() if len(group) > 1]
    pairs = [(one, two) for group in groups for i, one in enumerate(group) for two in group[:i]]
    click.echo(f"{sum(map(len, groups))} stories in {len(groups)} groups, {len(pairs)} pairs")
    for one, two in pairs:
        likeness = similarity(*(wording_of(s.title, s.body, s.published_on) for s in (one, two)))
        click.echo(f"\n{likeness:.2f}  {one.published_on}  {one.source}  {one.title}")
        click.echo(f"      {two.published_on}  {two.source}  {two.title}")
        for ours, theirs in differences(one.body, two.body):
            click.echo(f"      - {ours[:70]!r} + {theirs[:70]!r}")


def differences(one: str, other: str) -> list[tuple[str, str]]:
    """Return the first runs of words that differ."""
    ours, theirs = (text.split()[:WORDS_COMPARED] for text in (one, other))
    codes = SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes()
    changed = [code for code in codes if code[0] != "equal"]
    return [(" ".join(ours[a:b]), " ".join(theirs[c:d])) for _, a, b, c, d in changed[:SHOWN]]


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else BUNDLED)
