"""What is exported is read again as the same stories, whatever stands in their fields."""

import json
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import NotAStory
from corpus.export import ninjs_line, own_line
from corpus.refusal import Refusal
from corpus.sources.json_stories import is_json, read_json
from corpus.sources.own_record import FORM, read_own
from corpus.story import Story
from tests.fakes import mayor_story

texts = st.text(min_size=1, max_size=40)
maybe = st.none() | texts
zones = st.none() | st.just(UTC) | st.just(timezone(timedelta(hours=-5)))
moments = st.none() | st.dates() | st.datetimes(timezones=zones)
stories = st.builds(
    Story,
    story_id=st.text(min_size=1, max_size=64),
    source=texts,
    title=texts,
    body=texts,
    url=maybe,
    byline=maybe,
    syndicated_from=maybe,
    unit=maybe,
    publisher=maybe,
    section=maybe,
    dateline=maybe,
    location=maybe,
    published_at=moments,
    taken_at=moments,
    photo_title=maybe,
    photo_credit=maybe,
    caption=maybe,
    caption_truncated=st.booleans(),
    about=maybe,
    tags=st.lists(st.text(max_size=10), max_size=3).map(tuple),
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda some: (
        st.lists(some, max_size=3) | st.dictionaries(st.text(max_size=5), some, max_size=3)
    ),
    max_leaves=5,
)


@given(st.lists(stories, min_size=1, max_size=4))
def test_stories_are_read_as_they_were_exported(given_stories: list[Story]) -> None:
    text = "".join(f"{own_line(story)}\n" for story in given_stories)

    assert is_json(text)
    assert [*read_json(text, "export.jsonl")] == given_stories


@given(stories)
def test_a_line_is_one_line_of_utf_8(story: Story) -> None:
    for line in (own_line(story), ninjs_line(story)):
        assert "\n" not in line
        assert json.loads(line.encode())


@given(
    st.fixed_dictionaries(
        {FORM: st.just(1)},
        optional={
            name: anything
            for name in ("story_id", "source", "title", "body", "tags", "published_at")
        },
    )
)
def test_what_was_not_exported_is_a_story_or_refused(told: dict[str, object]) -> None:
    try:
        story = read_own(told)
    except NotAStory:
        return
    assert story.body


def test_ninjs_tells_what_others_need() -> None:
    told = json.loads(ninjs_line(mayor_story(tags=("Elections",), caption=None)))

    assert told["uri"] == "https://news.example/mayor"
    assert (told["type"], told["headline"]) == ("text", "Springfield elects a mayor")
    assert told["versioncreated"] == "2021-11-03T00:00:00+00:00"
    assert told["subject"] == [{"name": "Elections"}]
    assert "description_caption" not in told


def test_ninjs_is_read_as_a_story() -> None:
    [story] = read_json(ninjs_line(mayor_story()), "wire.json")

    assert not isinstance(story, Refusal)
    assert (story.title, story.body) == (mayor_story().title, mayor_story().body)
    assert story.published_on == date(2021, 11, 3)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({FORM: 2}, "has form 2"),
        ({"body": ""}, "has no body"),
        ({"body": 7}, "body is no text"),
        ({"story_id": "x" * 65}, "longer than 64"),
        ({"published_at": "soon"}, "is no date"),
        ({"tags": "a, b"}, "no list of texts"),
    ],
)
def test_what_was_changed_is_refused_with_a_reason(changes: dict[str, object], said: str) -> None:
    with pytest.raises(NotAStory, match=said):
        read_own(json.loads(own_line(mayor_story())) | changes)


def test_moments_keep_their_precision() -> None:
    for moment in (date(2024, 1, 2), datetime(2024, 1, 2), datetime(2024, 1, 2, tzinfo=UTC)):
        [story] = read_json(own_line(mayor_story(published_at=moment)), "one.json")
        assert not isinstance(story, Refusal)
        assert (type(story.published_at), story.published_at) == (type(moment), moment)
