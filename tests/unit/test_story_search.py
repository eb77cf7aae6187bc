from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.passages import split_story
from corpus.store import StoryStore
from corpus.story_search import Wanted
from tests.fakes import mayor_story

TITLES = {
    "1": "Straße closed at 100% of crossings",
    "2": "ΟΔΟΣ and street_names",
    "3": "Ｆｕｌｌ width, then %wild_",
    "4": "Back\\slash",
}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[StoryStore]:
    store = StoryStore(tmp_path / "stories.sqlite")
    stories = [
        mayor_story(
            story_id=id_,
            title=title,
            publisher=None if id_ == "4" else f"Gazette {int(id_) % 2}",
            published_at=None if id_ == "3" else datetime(2021, 1, int(id_), 23, 30),
        )
        for id_, title in TITLES.items()
    ]
    store.put([(story, split_story(story)) for story in stories])
    yield store
    store.close()


def found(store: StoryStore, **wanted: object) -> list[str]:
    return [story.story_id for story in store.find(Wanted(**wanted), 10).stories]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("title", "ids"),
    [
        ("", ["4", "2", "1", "3"]),
        ("STRASSE", ["1"]),
        ("οδος", ["2"]),
        ("full WIDTH", ["3"]),
        ("crossings closed", ["1"]),
        ("crossings names", []),
        ("%", ["1", "3"]),
        ("_", ["2", "3"]),
        ("\\", ["4"]),
        ("'", []),
    ],
)
def test_title_has_all_the_words_whatever_their_case(
    store: StoryStore, title: str, ids: list[str]
) -> None:
    assert found(store, title=title) == ids


def test_publisher_is_compared_without_regard_to_case(store: StoryStore) -> None:
    assert found(store, publisher="GAZETTE 1") == ["1", "3"]
    assert found(store, publisher="Gazette") == []


def test_days_are_both_inclusive_and_undated_stories_pass_neither(store: StoryStore) -> None:
    assert found(store, from_date=date(2021, 1, 2)) == ["4", "2"]
    assert found(store, to_date=date(2021, 1, 2)) == ["2", "1"]
    assert found(store, from_date=date(2021, 1, 2), to_date=date(2021, 1, 2)) == ["2"]


def test_all_are_counted_and_a_page_is_returned(store: StoryStore) -> None:
    page = store.find(Wanted(), 2, 1)

    assert [story.story_id for story in page.stories] == ["2", "1"]
    assert page.count == 4


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=st.text(max_size=12))
def test_any_words_can_be_looked_for(store: StoryStore, title: str) -> None:
    assert store.find(Wanted(title=title), 10).count <= 4


def test_overview_counts_what_there_is(store: StoryStore) -> None:
    overview = store.overview()

    assert (overview.stories, overview.passages) == (4, store.passage_count())
    assert overview.pending == overview.passages
    assert overview.publishers == {"Gazette 1": 2, "Gazette 0": 1}
    assert (overview.unnamed, overview.undated) == (1, 1)
    assert (overview.first_date, overview.last_date) == (date(2021, 1, 1), date(2021, 1, 4))
    assert overview.last_added is not None
    assert timedelta() <= datetime.now(UTC) - overview.last_added < timedelta(minutes=5)


def test_overview_of_nothing_is_empty(tmp_path: Path) -> None:
    store = StoryStore(tmp_path / "empty.sqlite")
    overview = store.overview()
    store.close()

    assert (overview.stories, overview.passages, overview.pending) == (0, 0, 0)
    assert overview.publishers == {}
    assert overview.last_added is None
