"""A list of stories holds those that were asked for, newest first."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from corpus.listing import Listing
from corpus.store import StoryStore
from corpus.story import Story
from tests.fakes import mayor_story

MAYOR = mayor_story(story_id="mayor", published_at=date(2021, 11, 3))
BAKERY = mayor_story(
    story_id="bakery",
    title="Bäckerei in STRASSE öffnet",
    body="It sells 100 % rye_bread.",
    publisher="Münchner Post",
    published_at=datetime(2022, 1, 5, 23, 59, tzinfo=UTC),
)
UNDATED = replace(MAYOR, story_id="undated", publisher=None, published_at=None)


@pytest.fixture
def store(tmp_path: Path) -> StoryStore:
    store = StoryStore(tmp_path / "stories.sqlite")
    store.put([(story, []) for story in (UNDATED, MAYOR, BAKERY)])
    return store


@pytest.mark.parametrize(
    ("listing", "listed"),
    [
        (Listing(), [BAKERY, MAYOR, UNDATED]),
        (Listing(words="bäckerei öffnet"), [BAKERY]),
        (Listing(words="straße"), [BAKERY]),
        (Listing(words="BÄCKEREI rye"), [BAKERY]),
        (Listing(words="100 %"), [BAKERY]),
        (Listing(words="rye%bread"), []),
        (Listing(words="bakery"), []),
        (Listing(words="öffnet It"), [BAKERY]),
        (Listing(words="ada mayor"), [MAYOR, UNDATED]),
        (Listing(publisher="MÜNCHNER post"), [BAKERY]),
        (Listing(from_date=date(2022, 1, 5), to_date=date(2022, 1, 5)), [BAKERY]),
        (Listing(to_date=date(2021, 11, 3)), [MAYOR]),
        (Listing(from_date=date(2021, 11, 4), words="mayor"), []),
        (Listing(words="' OR 1=1 --"), []),
    ],
)
def test_stories_that_satisfy_everything_are_listed_and_counted(
    store: StoryStore, listing: Listing, listed: list[Story]
) -> None:
    assert store.stories_page(10, listing=listing) == listed
    assert store.count(listing) == len(listed)


def test_a_page_starts_where_the_one_before_ended(store: StoryStore) -> None:
    assert store.stories_page(1, 1) == [MAYOR]
    assert store.stories_page(10, 2, Listing(words="mayor")) == []
