"""DVIDS news pages in HTML are read by the words they show."""

from datetime import date, datetime

import pytest

from corpus.errors import NotAStory
from corpus.sources import read_stories

PAGE = """<!DOCTYPE html><html><head><title>DVIDS - News - Crew rescues two</title>
<link rel="canonical" href="https://www.dvidshub.net/news/4711/crew-rescues-two"></head><body>
<nav><a href="/login">Login</a></nav><img alt="DVIDS Logo" src="x.png">
<h1>Crew rescues two</h1>
<div class="photo"><h2>Crew rescues two</h2><p>Photo By Seaman Cy Poe | A life ring is held......
<a href="#">read more</a> <a href="#">read more</a></p></div>
<div><h3>HARBOR CITY, ME, UNITED STATES</h3><p>05.27.2015</p></div>
<p>Story by <a href="/rss/personnel/1">Petty Officer Ada Quinn</a></p>
<p><a href="/unit/SHPA">Sector Harbor Public Affairs</a></p>
<div class="asset-text"><p>HARBOR CITY, Maine—A ferry crew pulled two people from the water.</p>
<p>"We were lucky," Quinn said.</p></div>
<table><tr><td>Date Taken:</td><td>05.26.2015</td></tr>
<tr><td>Date Posted:</td><td>05.27.2015 09:38</td></tr><tr><td>Story ID:</td><td>4711</td></tr>
<tr><td>Location:</td><td>HARBOR CITY, ME, US</td></tr>
<tr><td>Web Views:</td><td>9</td></tr></table>
<a href="/tags/news/rescue">rescue</a><footer>Public use notice</footer></body></html>"""


def test_a_page_gives_the_fields_of_its_copied_text() -> None:
    [story] = read_stories(PAGE.encode(), "4711.html")
    assert (story.story_id, story.title) == ("4711", "Crew rescues two")
    assert story.source == "4711.html"
    assert story.url == "https://www.dvidshub.net/news/4711/crew-rescues-two"
    assert (story.byline, story.unit) == (
        "Petty Officer Ada Quinn",
        "Sector Harbor Public Affairs",
    )
    assert story.published_at == datetime(2015, 5, 27, 9, 38)
    assert story.taken_at == date(2015, 5, 26)
    assert (story.dateline, story.location) == ("HARBOR CITY, Maine", "HARBOR CITY, ME, US")
    assert (story.caption, story.caption_truncated) == ("A life ring is held...", True)
    assert story.photo_credit == "Seaman Cy Poe"
    assert story.tags == ("rescue",)
    assert story.body == (
        "HARBOR CITY, Maine—A ferry crew pulled two people from the water.\n\n"
        '"We were lucky," Quinn said.'
    )


def test_a_page_without_text_is_refused() -> None:
    start, end = PAGE.index('<p><a href="/unit'), PAGE.index("<table>")
    with pytest.raises(NotAStory, match="no text"):
        read_stories((PAGE[:start] + PAGE[end:]).encode(), "4711.html")


def test_the_only_heading_is_the_title_wherever_it_stands() -> None:
    page = PAGE.replace("<h1>Crew rescues two</h1>", "<p>DVIDS</p>").replace(
        "<footer>", "<h1>Crew saves two</h1><footer>"
    )
    [story] = read_stories(page.encode(), "4711.html")
    assert story.title == "Crew saves two"


def test_of_several_headings_the_one_below_the_logo_is_the_title() -> None:
    page = PAGE.replace("<nav>", "<nav><h1>News</h1>")
    [story] = read_stories(page.encode(), "4711.html")
    assert story.title == "Crew rescues two"
