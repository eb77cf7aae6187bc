from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from corpus.passages import split_story
from corpus.store import StoryStore
from tests.fakes import mayor_story


@pytest.fixture
def store(tmp_path: Path) -> Iterator[StoryStore]:
    store = StoryStore(tmp_path / "stories.sqlite")
    yield store
    store.close()


def test_overview_counts_what_there_is(store: StoryStore) -> None:
    stories = [
        mayor_story(story_id="1", publisher="Gazette", published_at=date(2021, 1, 1)),
        mayor_story(story_id="2", publisher="Courier", published_at=datetime(2021, 1, 4, 23, 30)),
        mayor_story(story_id="3", publisher="Gazette", published_at=None),
        mayor_story(story_id="4", publisher=None, published_at=date(2021, 1, 2)),
    ]
    store.put([(story, split_story(story)) for story in stories])
    overview = store.overview()

    assert (overview.stories, overview.passages) == (4, store.passage_count())
    assert overview.pending == overview.passages
    assert list(overview.publishers.items()) == [("Gazette", 2), ("Courier", 1)]
    assert (overview.unnamed, overview.undated) == (1, 1)
    assert (overview.first_date, overview.last_date) == (date(2021, 1, 1), date(2021, 1, 4))
    assert overview.last_added is not None
    assert timedelta() <= datetime.now(UTC) - overview.last_added < timedelta(minutes=5)


def test_overview_of_nothing_is_empty(store: StoryStore) -> None:
    overview = store.overview()

    assert (overview.stories, overview.passages, overview.pending) == (0, 0, 0)
    assert overview.publishers == {}
    assert overview.last_added is None
