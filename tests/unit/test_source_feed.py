import io
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from corpus.errors import NotAStory, UnreadableSource
from corpus.refusal import Refusal
from corpus.sources import read_each, read_stories
from corpus.story import story_id_of

FEED = (Path(__file__).parents[1] / "data/feed.rss").read_bytes()
ITEM = b"""<item><title>Elm&#8217;s day</title><link>https://www.forests.example/elm/</link>
<dc:creator><![CDATA[Ada Quinn]]></dc:creator><guid>https://forests.example/?p=7</guid>
<wfw:commentRss>https://forests.example/c</wfw:commentRss>
<content:encoded><![CDATA[<p>NORFOLK &#8211; The elm stands.</p>]]></content:encoded></item>"""
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Courier</title>
<entry><title>Elm</title><id>urn:7</id><link rel="self" href="https://c.example/self"/>
<link href="https://c.example/elm"/><published>2024-04-28T07:00:00Z</published>
<author><name>Ada Quinn</name></author><content type="html">&lt;p&gt;It stands.&lt;/p&gt;</content>
</entry></feed>"""


def test_every_item_with_words_is_a_story_of_the_feed() -> None:
    stories = read_stories(FEED, "feed.rss")
    assert [story.title for story in stories] == ["Elm & oak saved", "Only a lead"]
    assert {story.source for story in stories} == {"feed.rss"}
    assert {story.publisher for story in stories} == {"Department of Forests"}


def test_an_item_that_only_points_elsewhere_is_refused_by_its_number() -> None:
    items = (
        b"<item><title>Talk</title><description>View the speech here.</description></item>"
        b"<item><title>No text</title></item></channel>"
    )
    outcomes = read_each(io.BytesIO(FEED.replace(b"</channel>", items)), "feed.rss")
    refused = [outcome for outcome in outcomes if isinstance(outcome, Refusal)]
    assert [refusal.source for refusal in refused][-2:] == ["feed.rss#4", "feed.rss#5"]
    assert "only points" in refused[-2].reason


def test_atom_is_read_with_xhtml_categories_and_the_feeds_author() -> None:
    feed = ATOM.replace(b"<author><name>Ada Quinn</name></author>", b"").replace(
        b"<entry>", b"<author><name>Bo Lind</name></author><entry><category term='Trees'/>"
    )
    content = feed[feed.index(b"<content") : feed.index(b"</content>")]
    xhtml = (b'<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>It <b>stands</b>.'
             b"</p><p>So does the oak.</p></div>")  # fmt: skip
    [story] = read_stories(feed.replace(content, xhtml), "x")
    assert story.body == "It stands.\n\nSo does the oak."
    assert (story.byline, story.tags) == ("Bo Lind", ("Trees",))


def test_full_text_comes_before_the_lead_and_without_scripts() -> None:
    story = read_stories(FEED, "feed.rss")[0]
    assert story.body == "The elm was saved.\n\nSo was the oak’s root.\nIt is 300 years old."
    assert story.byline == "Parks & Trees Office"
    assert story.published_at == datetime(2022, 5, 4, 17, 24, 26, tzinfo=UTC)
    assert story.url == "https://forests.example/elm/"
    assert story.story_id == story_id_of("https://forests.example/?p=7")
    assert story.tags == ("Trees",)


def test_item_with_only_a_lead_is_a_story() -> None:
    story = read_stories(FEED, "feed.rss")[1]
    assert story.body == "The bridge opens at noon.\n\nIt closes at night."


def test_item_cut_out_of_its_feed_is_read_despite_undeclared_prefixes() -> None:
    [story] = read_stories(ITEM, "item.xml")
    assert (story.title, story.body) == ("Elm’s day", "NORFOLK – The elm stands.")
    assert (story.byline, story.publisher) == ("Ada Quinn", "forests.example")
    assert story.dateline == "NORFOLK"


def test_atom_entry_is_read() -> None:
    [story] = read_stories(ATOM, "feed.atom")
    assert (story.title, story.body, story.byline) == ("Elm", "It stands.", "Ada Quinn")
    assert story.url == "https://c.example/elm"
    assert story.published_at == datetime(2024, 4, 28, 7, tzinfo=UTC)


def test_stray_ampersand_is_mended() -> None:
    [story] = read_stories(ITEM.replace(b"Elm&#8217;s day", b"Elm & oak &nbsp;day"), "item.xml")
    assert story.title == "Elm & oak day"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'<!DOCTYPE r [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><rss>&b;</rss>', "DOCTYPE"),
        (b'<?xml version="1.0"?><!DOCTYPE r SYSTEM "/etc/passwd"><rss></rss>', "DOCTYPE"),
        (b"<rss><channel><item></rss>", "not well-formed"),
        (b"<rss>" + b"<a>" * 5000, "not well-formed"),
    ],
)
def test_hostile_or_broken_xml_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(UnreadableSource, match=reason):
        read_stories(content, "feed.rss")


def test_feed_without_words_is_not_a_story() -> None:
    with pytest.raises(NotAStory, match="no item"):
        read_stories(b"<rss><channel><title>Empty</title></channel></rss>", "feed.rss")


def test_an_atom_entry_is_known_by_its_id_and_dated_by_its_last_change() -> None:
    feed = ATOM.replace(b"published>", b"updated>").replace(
        b"<content", b"<category term='t' label='Trees'/><content"
    )
    [story] = read_stories(feed, "x")
    assert story.story_id == story_id_of("urn:7")
    assert story.published_at == datetime(2024, 4, 28, 7, tzinfo=UTC)
    assert (story.publisher, story.tags) == ("Courier", ("Trees",))


def test_an_atom_summary_is_read_where_there_is_no_content() -> None:
    [story] = read_stories(ATOM.replace(b"content", b"summary"), "x")
    assert story.body == "It stands."


def test_an_item_without_guid_and_address_is_known_by_its_words() -> None:
    item = ITEM.replace(b"guid", b"x").replace(b"https://www.forests.example/elm/", b"/elm")
    dated = item.replace(b"</item>", b"<dc:date>2024-04-28</dc:date></item>")
    [story] = read_stories(dated, "x")
    assert story.story_id == story_id_of(f"{story.title}\n{story.body}")
    assert (story.url, story.publisher, story.published_at) == (None, None, date(2024, 4, 28))


def test_authors_of_an_item_are_named_without_their_addresses() -> None:
    authors = b"<author>jo@news.example (Jo Poe)</author><author/><author>Bo Lind</author>"
    creator = b"<dc:creator><![CDATA[Ada Quinn]]></dc:creator>"
    [story] = read_stories(ITEM.replace(creator, authors), "x")
    assert story.byline == "Jo Poe, Bo Lind"


def test_a_picture_gives_an_item_its_caption() -> None:
    figure = b"<figure><img src='e.jpg'><figcaption>The elm in May.</figcaption></figure><p>NORFOLK"
    [story] = read_stories(ITEM.replace(b"<p>NORFOLK", figure), "x")
    assert story.caption == "The elm in May."


@pytest.mark.parametrize(("lost", "named"), [(b"title", "title"), (b"content:encoded", "text")])
def test_an_item_says_which_part_it_lacks(lost: bytes, named: str) -> None:
    item = ITEM.replace(b"<" + lost, b"<x").replace(b"</" + lost, b"</x").replace(b"wfw:", b"")
    feed = FEED.replace(b"</channel>", item + b"</channel>")
    outcomes = read_each(io.BytesIO(feed), "feed.rss")
    refused = [outcome for outcome in outcomes if isinstance(outcome, Refusal)]
    assert refused[-1].reason.endswith(f"the feed's item has no {named}")


def test_comments_and_elements_of_other_namespaces_are_no_fields() -> None:
    feed = ATOM.replace(
        b"<title>Elm", b"<!-- x --><o:title xmlns:o='urn:o'>Oak</o:title><title>Elm"
    )
    [story] = read_stories(feed, "x")
    assert story.title == "Elm"
