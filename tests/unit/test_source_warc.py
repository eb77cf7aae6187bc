"""WARC files give the pages that a crawler kept."""

import gzip
import io
import sys

import pytest

from corpus.errors import NotAStory, UnreadableSource
from corpus.refusal import Refusal
from corpus.sources import read_each, read_stories
from corpus.story import Story
from tests.packed import PAGE, warc_gz_of, warc_of

URL = "https://courier.example/2024/ferry"


@pytest.mark.parametrize(
    "content", [warc_of({URL: PAGE}), warc_gz_of({URL: PAGE}), gzip.compress(warc_of({URL: PAGE}))]
)
def test_a_page_keeps_its_address_and_the_moment_of_its_capture(content: bytes) -> None:
    [story] = read_stories(content, "crawl.warc.gz")
    assert story.title == "Ferry comes in"
    assert story.url == URL
    assert story.source == f"crawl.warc.gz/20240507102030/{URL}"


def test_the_page_is_the_same_story_when_it_is_captured_again() -> None:
    [first] = read_stories(warc_of({URL: PAGE}), "a.warc")
    [later] = read_stories(warc_of({URL: PAGE.replace(b"Sunday", b"Monday")}), "b.warc")
    assert first.story_id == later.story_id


def test_a_page_that_names_its_own_address_keeps_it() -> None:
    page = PAGE.replace(b"<head>", b"<head><link rel='canonical' href='https://courier.example/f'>")
    [story] = read_stories(warc_of({f"{URL}?utm_source=x": page}), "a.warc")
    assert story.url == "https://courier.example/f"


def test_the_header_names_the_encoding_that_the_page_does_not() -> None:
    page = PAGE.replace("—".encode(), b"-").replace(b"ferry came", "паром came".encode("cp1251"))
    head = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=windows-1251"
    [story] = read_stories(warc_of({URL: page}, head=head), "a.warc")
    assert "паром came" in story.body


def test_zipped_answers_are_unpacked() -> None:
    head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip"
    [story] = read_stories(warc_of({URL: gzip.compress(PAGE)}, head=head), "a.warc")
    assert story.title == "Ferry comes in"


def test_pictures_and_redirects_are_passed_over_and_errors_named() -> None:
    content = (
        warc_of(
            {"https://x.example/a.png": b"\x89PNG"},
            head="HTTP/1.1 200 OK\r\nContent-Type: image/png",
        )
        + warc_of(
            {"https://x.example/b": b""}, head="HTTP/1.1 301 Moved\r\nContent-Type: text/html"
        )
        + warc_of(
            {"https://x.example/c": b"No"}, head="HTTP/1.1 404 Not Found\r\nContent-Type: text/html"
        )
        + warc_of({URL: PAGE})
    )
    outcomes = list(read_each(io.BytesIO(content), "a.warc"))
    assert [type(outcome) for outcome in outcomes] == [Refusal, Story]
    assert isinstance(outcomes[0], Refusal)
    assert "404" in outcomes[0].reason


def test_a_bomb_in_an_answer_is_refused() -> None:
    head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip"
    bomb = gzip.compress(b" " * (8 * 1024 * 1024))
    with pytest.raises(UnreadableSource, match="20 times"):
        read_stories(warc_of({URL: bomb}, head=head), "a.warc")


def test_a_damaged_file_is_refused() -> None:
    with pytest.raises(NotAStory, match="no stories"):
        read_stories(b"WARC/1.0\r\nbroken", "a.warc")
    with pytest.raises(UnreadableSource, match="damaged"):
        read_stories(warc_gz_of({URL: PAGE})[:-20], "a.warc.gz")


def test_without_the_extra_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "warcio.archiveiterator", None)
    with pytest.raises(UnreadableSource, match=r"dateline\[warc\]"):
        read_stories(warc_of({URL: PAGE}), "a.warc")
