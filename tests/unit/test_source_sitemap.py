import pytest

from corpus.errors import NotAStory, UnreadableSource
from corpus.sources import read_stories
from corpus.sources.sitemap import Listed, is_sitemap_index, sitemap_pages, sitemap_urls

SITEMAP = b"""<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
        xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
 <url><loc> https://courier.example/a?x=1&amp;y=2 </loc>
  <image:image><image:loc>https://courier.example/a.jpg</image:loc></image:image></url>
 <url><loc>https://courier.example/b</loc><lastmod>2024-05-07</lastmod></url>
 <url><loc>https://courier.example/b</loc></url>
 <url><loc>javascript:alert(1)</loc></url>
</urlset>"""


def test_a_sitemap_lists_pages_and_is_no_story() -> None:
    with pytest.raises(NotAStory, match="lists pages"):
        read_stories(SITEMAP, "sitemap.xml")


def test_its_pages_are_listed_once_without_pictures() -> None:
    assert sitemap_urls(SITEMAP) == [
        "https://courier.example/a?x=1&y=2",
        "https://courier.example/b",
    ]


def test_an_index_lists_sitemaps() -> None:
    index = (
        b"<sitemapindex><sitemap><loc>https://courier.example/1.xml</loc></sitemap></sitemapindex>"
    )
    assert is_sitemap_index(index.decode())
    assert not is_sitemap_index(SITEMAP.decode())
    assert sitemap_urls(index) == ["https://courier.example/1.xml"]


@pytest.mark.parametrize("content", [b"<rss/>", b"<urlset><url>", b"<!DOCTYPE x><urlset/>"])
def test_anything_else_has_no_pages(content: bytes) -> None:
    with pytest.raises(UnreadableSource, match="sitemap"):
        sitemap_urls(content)


def test_when_a_page_changed_is_told_where_the_sitemap_does() -> None:
    news = b"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
        xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
     <url><loc>https://courier.example/a</loc><news:news>
      <news:publication_date>2024-05-07T10:20:30Z</news:publication_date></news:news></url>
     <url><loc>https://courier.example/b</loc><lastmod>2024-05-07</lastmod></url>
     <url><loc>https://courier.example/c</loc><lastmod>lately</lastmod></url></urlset>"""
    assert sitemap_pages(news) == [
        Listed(url="https://courier.example/a", changed="2024-05-07T10:20:30+00:00"),
        Listed(url="https://courier.example/b", changed="2024-05-07"),
        Listed(url="https://courier.example/c", changed=None),
    ]
