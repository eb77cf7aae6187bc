"""Real updates: feeds of different dates, and items of feeds that were read by themselves."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import CorpusError
from corpus.sources import read_stories
from corpus.store import StoryStore
from corpus.story import Story

STORIES = Path(__file__).resolve().parents[2] / ".." / "shared" / "stories"

pytestmark = pytest.mark.skipif(not STORIES.is_dir(), reason="../shared/stories is not here")


def fetched(*folders: str) -> Iterator[list[Story]]:
    """Yield the stories of each feed or item, in the order in which they are fetched."""
    for file in (file for folder in folders for file in sorted((STORIES / folder).iterdir())):
        try:
            yield read_stories(file.read_bytes(), f"{file.parent.name}/{file.name}")
        except CorpusError:
            continue


def test_feeds_of_different_dates_keep_every_version_once(tmp_path: Path) -> None:
    store = StoryStore(tmp_path / "stories.sqlite")
    versions: dict[str, list[Story]] = {}
    outcomes: Counter[str] = Counter()
    for stories in fetched("feeds", "state_gov", "whitehouse"):
        outcomes.update(store.add(stories))
        for story in stories:
            told = versions.setdefault(story.story_id, [])
            if replace(story, source="") not in [replace(one, source="") for one in told]:
                told.append(story)

    assert outcomes["added"] == len(versions) == store.count()
    assert outcomes["updated"] == sum(len(told) - 1 for told in versions.values()) >= 20
    assert outcomes["unchanged"] >= 100
    for story_id, told in versions.items():
        assert store.story(story_id) == told[-1]
        assert len(store.lineage(story_id).versions) == len(told)
        assert all(store.revision(story_id, one.sha256).body == one.body for one in told)
    store.close()


def test_a_feed_that_is_fetched_again_needs_no_vectors(tmp_path: Path) -> None:
    store = StoryStore(tmp_path / "stories.sqlite")
    feeds = list(fetched("feeds"))
    for stories in feeds:
        store.add(stories)
    while pending := store.pending(100):
        store.put_vectors([(story, np.ones((len(cut), 4), np.float32)) for story, cut in pending])
    change = store.change

    outcomes = {outcome for stories in feeds for outcome in store.add(stories)}

    assert (outcomes, store.change, store.pending_count()) == ({"unchanged"}, change, 0)
    changed = [
        replace(story, publisher="Another", body=f"{story.body}\n\nCorrected: nothing was wrong.")
        for story in {story.story_id: story for stories in feeds for story in stories}.values()
    ]
    assert set(store.add(changed)) == {"updated"}
    assert store.pending_count() < 0.75 * store.passage_count()
    store.close()
