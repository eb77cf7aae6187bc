from datetime import date
from pathlib import Path

import pytest

from corpus.errors import NotAStory
from corpus.sources import read_stories
from corpus.story import story_id_of

PAGE = (Path(__file__).parents[1] / "data/afpims_page.html").read_bytes()


def test_article_page_is_read_without_its_furniture() -> None:
    [story] = read_stories(PAGE, "page.html")
    assert story.title == "Ferry crew rescues two & a dog"
    assert (story.byline, story.unit) == (
        "Petty Officer Ada Quinn",
        "Sector Harbor Public Affairs",
    )
    assert story.publisher == "Coast Guard"
    assert story.published_at == date(2015, 5, 27)
    assert story.dateline == "HARBOR CITY, Maine (AFNS)"
    assert story.body == (
        "HARBOR CITY, Maine (AFNS) -- A ferry crew pulled two people and a dog from the water "
        'here, May 23.\n\n"The dog swam best," Quinn said. "We were lucky."\n\n'
        "The crew of nine was honored at City Hall."
    )
    assert story.caption == "Deckhand Bo Lind holds a life ring. (Photo by Cy Poe)"
    assert (story.source, story.url, story.section) == ("page.html", None, None)
    assert story.story_id == story_id_of("afpims:123456")
    assert story.tags == ("rescue", "ferry")


def test_same_article_number_is_the_same_story() -> None:
    [story] = read_stories(PAGE, "a")
    [edited] = read_stories(PAGE.replace(b"two &amp; a dog", b"three"), "b")
    assert story.story_id == edited.story_id


def test_mirror_header_before_the_page_is_cut_off() -> None:
    header = b"\xa8A\0\0www.harbor.example\0\0\0text/html\0utf-8\0"
    assert read_stories(header + PAGE + b"\0\0\0\0", "x") == read_stories(PAGE, "x")


def test_biography_is_a_story_without_a_date() -> None:
    page = PAGE.replace(b'h1 class="title"', b'h1 class="biotitleprint"').replace(
        b"/ Published May 27, 2015", b""
    )
    [story] = read_stories(page, "x")
    assert (story.section, story.published_at, story.byline) == ("Biography", None, None)


def test_page_that_only_links_to_a_speech_is_refused() -> None:
    start, end = PAGE.index(b"<strong>HARBOR"), PAGE.index(b'<div class="da_media_item">')
    page = PAGE[:start] + b"Read the speech <a href='x'>here</a>.</div>" + PAGE[end:]
    with pytest.raises(NotAStory, match="no article text"):
        read_stories(page, "x")


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_page_names_its_address_and_site(scheme: str) -> None:
    url = f"{scheme}://www.harbor.example/News/Article/7/ferry"
    head = (
        f'<link rel="canonical" href="/News"><meta property="og:url" content="{url}">'
        '<meta property="og:site_name" content=" Harbor Guard ">'
    )
    [story] = read_stories(PAGE.replace(b"<title>", head.encode() + b"<title>"), "x")
    assert (story.url, story.publisher) == (url, "Harbor Guard")


def test_without_a_number_the_words_tell_pages_apart() -> None:
    page = PAGE.replace(b"Article=123456", b"").replace(b"/styles/CoastGuard/", b"/looks/")
    [story] = read_stories(page, "x")
    assert story.story_id == story_id_of(f"{story.title}\n{story.body}")
    assert story.publisher is None


def test_a_text_in_two_parts_without_pictures_is_read_whole() -> None:
    start, end = PAGE.index(b'<div class="da_media_item">'), PAGE.index(b'<a href="/Tag')
    page = PAGE[:start] + b'<div class="da_black">It rained.</div>' + PAGE[end:]
    [story] = read_stories(page, "x")
    assert story.body.endswith("City Hall.\n\nIt rained.")
    assert story.caption is None
