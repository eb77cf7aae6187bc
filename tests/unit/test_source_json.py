"""JSON and JSON Lines: one story an object, by the names that are in use."""

import io
import json
from datetime import UTC, date, datetime

import pytest

from corpus.errors import CorpusError, NotAStory, UnreadableSource
from corpus.refusal import Refusal
from corpus.sources import read_each, read_stories
from corpus.story import Story
from qa.serialize import story_json
from tests.fakes import lineage_of

BODY = "SPRINGFIELD — The bridge was opened on Sunday.\n\nThree hundred people walked across it."
ROW = {"title": "Bridge opens", "body": BODY, "url": "https://courier.example/bridge"}


def lines(*rows: object) -> bytes:
    return "".join(f"{json.dumps(row)}\n" for row in rows).encode()


def test_each_line_is_a_story_whose_source_names_it() -> None:
    other = {**ROW, "url": "https://courier.example/other"}
    stories = read_stories(lines(ROW, other), "day.jsonl")
    assert [story.source for story in stories] == ["day.jsonl#1", "day.jsonl#2"]
    assert stories[0].body == BODY
    assert (stories[0].dateline, stories[0].publisher) == ("SPRINGFIELD", "courier.example")


def test_a_bad_line_is_refused_by_its_number() -> None:
    content = lines(ROW) + b"{broken\n\n" + lines({"title": "No text"})
    story, *refused = read_each(io.BytesIO(content), "day.jsonl")
    assert isinstance(story, Story)
    reasons = {
        outcome.source: outcome.reason for outcome in refused if isinstance(outcome, Refusal)
    }
    assert "not valid JSON" in reasons["day.jsonl#2"]
    assert "no text" in reasons["day.jsonl#4"]


def test_a_file_without_any_story_is_refused_once() -> None:
    [refusal] = read_each(io.BytesIO(lines({"file": "a"}, {"file": "b"})), "manifest.jsonl")
    assert isinstance(refusal, Refusal)
    assert refusal.source == "manifest.jsonl"
    assert "none of the file's 2 JSON objects" in refusal.reason


@pytest.mark.parametrize(
    ("row", "field", "value"),
    [
        ({"headline": "H"}, "title", "H"),
        ({"articleBody": BODY}, "body", BODY),
        ({"body_text": BODY}, "body", BODY),
        ({"maintext": BODY}, "body", BODY),
        ({"content": "<p>The bridge was <b>opened</b> today.</p><p>It cost $4.</p>"}, "body",
         "The bridge was opened today.\n\nIt cost $4."),
        ({"body": "One line of five words.\r\n\r\n\r\nAnd more."}, "body",
         "One line of five words.\n\nAnd more."),
        ({"datePublished": "2024-04-28 07:00:00Z"}, "published_at",
         datetime(2024, 4, 28, 7, tzinfo=UTC)),
        ({"versioncreated": "2024-04-28"}, "published_at", date(2024, 4, 28)),
        ({"date_publish": "2024-04-28"}, "published_at", date(2024, 4, 28)),
        ({"uri": "https://x.example/1"}, "url", "https://x.example/1"),
        ({"authors": ["Ada Quinn", {"name": "Bo Lind"}]}, "byline", "Ada Quinn, Bo Lind"),
        ({"author": "admin"}, "byline", None),
        ({"byline": "By Sgt. Jo Poe, 7th Wing Public Affairs"}, "byline", "Sgt. Jo Poe"),
        ({"byline": "By Sgt. Jo Poe, 7th Wing Public Affairs"}, "unit", "7th Wing Public Affairs"),
        ({"publisher": {"name": "Courier"}}, "publisher", "Courier"),
        ({"keywords": "a, b ,a"}, "tags", ("a", "b")),
        ({"tags": [{"name": "c"}]}, "tags", ("c",)),
        ({"located": "Lyon"}, "location", "Lyon"),
    ],
)  # fmt: skip
def test_common_names_are_understood(row: dict[str, object], field: str, value: object) -> None:
    whole = {"title": "Bridge opens", "description": BODY, **row}
    if field == "title":
        del whole["title"]
    [story] = read_stories(lines(whole), "x.json")
    assert getattr(story, field) == value


def test_our_own_export_is_the_same_story_again() -> None:
    story = Story(
        story_id="350582", source="a.txt", title="T", body=BODY, url="https://x.example/1",
        byline="Jo Poe", unit="7th Wing", publisher="P", section="S", dateline="SPRINGFIELD",
        location="L", published_at=datetime(2019, 11, 6, 9, 38), taken_at=date(2019, 11, 5),
        photo_title="PT", photo_credit="PC", caption="C", caption_truncated=True, about="A",
        tags=("a", "b"),
    )  # fmt: skip
    [again] = read_stories(lines(story_json(story, lineage_of(story))), "a.txt")
    assert again == story


def test_answers_of_apis_and_json_feeds_are_lists_of_stories() -> None:
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": [
        {"id": "1", "title": "Bridge", "content_html": f"<p>{BODY}</p>", "url": "https://x.example/1"},
        {"id": "2", "title": "Ferry", "content_text": BODY, "date_published": "2024-05-07"},
    ]}  # fmt: skip
    stories = read_stories(json.dumps(feed, indent=1).encode(), "feed.json")
    assert [story.source for story in stories] == ["feed.json#1", "feed.json#2"]
    assert [story.title for story in stories] == ["Bridge", "Ferry"]


ASSET = {
    "id": "news:350582", "title": "DTRA in Lyon", "description": BODY, "keywords": "DTRA, Lyon",
    "date": "2019-11-05T00:00:00Z", "unit_name": "Defense Threat Reduction Agency",
    "branch": "Joint", "url": "https://www.dvidshub.net/news/350582/dtra-lyon",
    "credit": [{"name": "Johnny Michael", "rank": "Civ"}],
    "location": {"city": "Fort Belvoir", "state": "VA", "country": "US"},
}  # fmt: skip


@pytest.mark.parametrize("posted", ["date_published", "publishdate"])
@pytest.mark.parametrize(
    "wrap", [lambda a: {"results": a}, lambda a: {"results": [a]}, lambda a: a]
)
def test_a_dvids_asset_is_read_in_both_spellings(posted: str, wrap: object) -> None:
    assert callable(wrap)
    asset = {**ASSET, posted: "2019-11-06T09:38:00Z"}
    [story] = read_stories(json.dumps(wrap(asset)).encode(), "dvids.json")
    assert story.story_id == "350582"
    assert (story.byline, story.unit) == ("Johnny Michael", "Defense Threat Reduction Agency")
    assert story.publisher == "Defense Threat Reduction Agency"
    assert story.location == "Fort Belvoir, VA, US"
    assert story.published_at == datetime(2019, 11, 6, 9, 38, tzinfo=UTC)
    assert story.taken_at == datetime(2019, 11, 5, tzinfo=UTC)
    assert story.tags == ("DTRA", "Lyon")


def test_pictures_of_dvids_are_no_news() -> None:
    with pytest.raises(NotAStory, match="type image, not news"):
        read_stories(json.dumps({**ASSET, "id": "image:1"}).encode(), "dvids.json")


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b'{"title": ', UnreadableSource),
        (b'{"a":' * 100_000, UnreadableSource),
        (b"[{}," + b"[" * 100_000, UnreadableSource),
        (b'[{"title": 1}, 2, null]', NotAStory),
        (b"{}", NotAStory),
        (b"[]", NotAStory),
        (b'{"title": "T", "body": "' + b"9" * 10 + b'"}', NotAStory),
    ],
)
def test_broken_and_hostile_json_is_refused(content: bytes, error: type[CorpusError]) -> None:
    with pytest.raises(error):
        read_stories(content, "x.json")


def test_half_characters_are_left_out() -> None:
    [story] = read_stories(lines({**ROW, "title": "A\ud800B\0C", "body": BODY + "\udfff"}), "x")
    assert (story.title, story.body) == ("ABC", BODY)
