"""Addresses are followed: pages, feeds, sitemaps and the DVIDS API of servers on loopback."""

import gzip
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.errors import FetchFailed, FetchPutOff, PageGone
from corpus.fetching.dvids_source import DvidsAccess, DvidsSource
from corpus.fetching.fetcher import Fetcher
from corpus.fetching.run import Reach
from corpus.fetching.url_source import UrlSource
from corpus.ingest import IngestReport
from corpus.origins import Origins
from corpus.store import StoryStore
from corpus.story import Story
from corpus.visits import Follower, Source
from tests.sites import Asked, Reply, Site, policy_for, site

LEAD = "The harbour of Springfield reopens, the mayor said."
FULL = " ".join(f"Pier {n} was repaired by the city in {n} weeks." for n in range(1, 40))


class Desk:
    """A site, and a store that follows it."""

    def __init__(self, news: Site, root: Path) -> None:
        self.news = news
        self.store = StoryStore(root / "stories.sqlite")
        self.origins = Origins(root / "origins.sqlite")
        self.missing: list[str] = []
        self.removed = 0

    def follow(self, path: str, *, delete: bool = False, **reach: object) -> IngestReport:
        """Follow the address at *path* for one run, as a new process would."""
        fetcher = Fetcher(policy_for(self.news), pause=lambda _: None)
        reached = Reach(**reach)  # type: ignore[arg-type] # checked by each test
        source = UrlSource(self.news.address + path, fetcher, self.origins, reached)
        return self.read(source, delete=delete)

    def read(self, source: Source, *, delete: bool = False) -> IngestReport:
        follower = Follower(self.store, self.origins, delete_missing=delete)
        self.news.asked.clear()
        follower.follow(source.visits())
        self.missing = [missing.place for missing in follower.missing]
        self.removed = follower.removed
        return follower.report

    @property
    def stories(self) -> dict[str, Story]:
        return {story.title: story for story in self.store.stories_page(100)}

    @property
    def asked(self) -> list[str]:
        return [path for path in self.news.paths if path != "/robots.txt"]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with site() as news:
        desk = Desk(news, tmp_path)
        yield desk
        desk.origins.close()
        desk.store.close()


def article(title: str, text: str = FULL, head: str = "", body: str = "") -> str:
    return (
        f"<html><head><title>{title}</title><meta property='og:type' content='article'>"
        f"<meta property='article:published_time' content='2024-05-07T10:00:00Z'>{head}</head>"
        f"<body>{body}<article><div class='entry-content'><h1>{title}</h1><p>{text}</p></div>"
        "</article></body></html>"
    )


def feed(news: Site, *items: tuple[str, str]) -> str:
    entries = "".join(
        f"<item><title>{name}</title><link>{news.address}/{name}</link><guid>{name}</guid>"
        f"<description>{text}</description></item>"
        for name, text in items
    )
    return f"<rss version='2.0'><channel><title>Courier</title>{entries}</channel></rss>"


def sitemap(news: Site, *pages: tuple[str, str]) -> str:
    entries = "".join(
        f"<url><loc>{news.address}/{name}</loc>"
        + (f"<lastmod>{changed}</lastmod>" if changed else "")
        + "</url>"
        for name, changed in pages
    )
    return f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{entries}</urlset>"


# Pages


def test_a_page_is_a_story_with_its_address(desk: Desk) -> None:
    desk.news.page("/a", article("Harbour"))
    assert desk.follow("/a").added == 1
    story = desk.stories["Harbour"]
    assert (story.source, story.url) == (desk.news.address + "/a",) * 2


def test_a_page_that_names_its_own_address_is_believed(desk: Desk) -> None:
    canonical = "<link rel='canonical' href='https://courier.example/harbour'>"
    desk.news.page("/a?from=feed", article("Harbour", head=canonical))
    desk.follow("/a?from=feed")
    story = desk.stories["Harbour"]
    assert story.source == desk.news.address + "/a?from=feed"
    assert story.url == "https://courier.example/harbour"


def test_nothing_that_a_page_embeds_is_fetched(desk: Desk) -> None:
    with site() as elsewhere:
        embeds = "".join(
            f"<img src='{address}/i.png'><script src='{address}/s.js'></script>"
            f"<link rel='stylesheet' href='{address}/s.css'><iframe src='{address}/f'></iframe>"
            f"<object data='{address}/o'></object><video src='{address}/v'></video>"
            for address in (desk.news.address, elsewhere.address)
        )
        desk.news.page("/a", article("Harbour", head=embeds, body=embeds))
        desk.follow("/a")
        assert desk.news.paths == ["/robots.txt", "/a"]
        assert elsewhere.asked == []


def test_a_page_that_is_the_same_costs_no_reading_and_a_changed_one_becomes_a_revision(
    desk: Desk,
) -> None:
    desk.news.page("/a", article("Harbour"))
    desk.follow("/a")
    before = desk.stories["Harbour"]
    again = desk.follow("/a")
    assert (again.unchanged, again.updated) == (1, 0)
    assert "If-None-Match" in desk.news.asked[-1].headers

    desk.news.page("/a", article("Harbour", FULL + " It opened on Sunday."))
    assert desk.follow("/a").updated == 1
    assert "on Sunday" in desk.stories["Harbour"].body
    assert desk.store.revision(before.story_id, before.sha256) == before


def test_a_story_that_was_not_stored_is_asked_for_again_whole(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.news.page("/a", article("Harbour"))

    def full(stories: object) -> list[str]:
        raise OSError("no space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(desk.store, "add", full)
        with pytest.raises(OSError, match="no space"):
            desk.follow("/a")
    assert desk.follow("/a").added == 1


def test_a_page_that_is_gone_is_told_once_and_removed_where_wanted(desk: Desk) -> None:
    desk.news.page("/a", article("Harbour"))
    desk.follow("/a")
    desk.news.replies["/a"] = Reply(status=410)
    desk.follow("/a")
    assert (desk.missing, desk.removed, set(desk.stories)) == (
        [desk.news.address + "/a"],
        0,
        {"Harbour"},
    )
    desk.follow("/a")
    assert desk.missing == []
    desk.follow("/a", delete=True)
    assert (desk.removed, desk.stories) == (1, {})


@pytest.mark.parametrize("status", [401, 403, 500, 503])
def test_a_page_that_fails_for_another_reason_removes_nothing(desk: Desk, status: int) -> None:
    desk.news.page("/a", article("Harbour"))
    desk.follow("/a")
    desk.news.replies["/a"] = Reply(status=status)
    with pytest.raises(FetchFailed):
        desk.follow("/a", delete=True)
    assert set(desk.stories) == {"Harbour"}


def test_a_page_that_comes_back_is_there_again(desk: Desk) -> None:
    desk.news.page("/a", article("Harbour"))
    desk.follow("/a")
    page = desk.news.replies["/a"]
    desk.news.replies["/a"] = Reply(status=404)
    desk.follow("/a")
    desk.news.replies["/a"] = page
    assert desk.follow("/a").unchanged == 1
    desk.news.replies["/a"] = Reply(status=404)
    desk.follow("/a")
    assert desk.missing == [desk.news.address + "/a"]


def test_an_archive_and_an_encoding_are_read_as_files_are(desk: Desk) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.html", article("Packed"))
    desk.news.page("/all.zip", packed.getvalue(), Content_Type="application/zip")
    old = article("Überfahrt").replace("Pier", "Façade").encode("cp1252")
    desk.news.page("/old", old, Content_Type="text/html; charset=iso-8859-1")
    desk.follow("/all.zip")
    desk.follow("/old")
    assert desk.stories["Packed"].source == desk.news.address + "/all.zip/a.html"
    assert "Façade 1" in desk.stories["Überfahrt"].body


# Feeds


def test_a_full_feed_is_read_without_its_pages(desk: Desk) -> None:
    desk.news.page("/feed", feed(desk.news, ("a", FULL), ("b", FULL + " Again.")))
    assert desk.follow("/feed").added == 2
    assert desk.asked == ["/feed"]
    assert desk.stories["a"].source == desk.news.address + "/feed"
    assert desk.stories["a"].url == desk.news.address + "/a"


def test_items_with_a_lead_are_read_on_their_pages_and_stay_the_same_stories(desk: Desk) -> None:
    desk.news.page("/feed", feed(desk.news, ("a", LEAD), ("b", FULL)))
    desk.news.replies["/a"] = Reply(status=500)
    assert desk.follow("/feed").added == 2
    lead = desk.stories["a"]
    assert lead.body == LEAD

    desk.news.page("/a", article("A page's own title"))
    found = desk.follow("/feed")
    assert (found.added, found.updated) == (0, 1)
    story = desk.stories["a"]
    assert (story.story_id, story.source) == (lead.story_id, lead.source)
    assert "Pier 39" in story.body
    assert story.published_at is not None


def test_a_feed_that_is_the_same_costs_one_request_and_one_with_a_new_item_two(desk: Desk) -> None:
    desk.news.page("/feed", feed(desk.news, ("a", LEAD), ("b", LEAD + " Soon.")))
    for name in "abc":
        desk.news.page(f"/{name}", article(name))
    desk.follow("/feed")
    desk.follow("/feed")
    assert desk.asked == ["/feed"]
    desk.news.page("/feed", feed(desk.news, ("c", LEAD), ("a", LEAD), ("b", LEAD + " Soon.")))
    assert desk.follow("/feed").added == 1
    assert desk.asked == ["/feed", "/c"]


def test_a_changed_item_is_read_again_and_its_lead_never_takes_the_place_of_the_text(
    desk: Desk,
) -> None:
    desk.news.page("/feed", feed(desk.news, ("a", LEAD)))
    desk.news.page("/a", article("a"))
    desk.follow("/feed")
    desk.news.page("/feed", feed(desk.news, ("a", LEAD + " Updated.")))
    desk.news.replies["/a"] = Reply(status=503)
    desk.follow("/feed")
    assert "Pier 39" in desk.stories["a"].body
    desk.news.page("/a", article("a", FULL + " On Sunday."))
    assert desk.follow("/feed").updated == 1


def test_the_pages_of_hosts_that_are_not_allowed_are_not_asked(desk: Desk) -> None:
    with site() as elsewhere:
        text = feed(desk.news, ("a", LEAD)).replace(desk.news.address, elsewhere.address)
        desk.news.page("/feed", text)
        assert desk.follow("/feed").added == 1
        assert desk.stories["a"].body == LEAD
        desk.follow("/feed")
        assert desk.asked == ["/feed"]
        assert elsewhere.asked == []


def test_pages_are_left_alone_where_leads_are_enough(desk: Desk) -> None:
    desk.news.page("/feed", feed(desk.news, ("a", LEAD)))
    desk.follow("/feed", full_text=False)
    assert desk.asked == ["/feed"]


def test_an_item_whose_page_is_gone_is_removed_and_does_not_come_back(desk: Desk) -> None:
    desk.news.page("/feed", feed(desk.news, ("a", LEAD)))
    desk.news.page("/a", article("a"))
    desk.follow("/feed")
    desk.news.replies["/a"] = Reply(status=410)
    desk.news.page("/feed", feed(desk.news, ("a", LEAD + " Withdrawn.")))
    desk.follow("/feed", delete=True)
    assert (desk.removed, desk.stories) == (1, {})
    desk.news.page("/feed", feed(desk.news, ("a", LEAD + " Withdrawn again.")))
    desk.follow("/feed", delete=True)
    assert desk.stories == {}


def test_a_feed_that_is_gone_says_nothing_of_its_stories(desk: Desk) -> None:
    desk.news.page("/feed", feed(desk.news, ("a", FULL)))
    desk.follow("/feed")
    desk.news.replies["/feed"] = Reply(status=404)
    with pytest.raises(PageGone):
        desk.follow("/feed", delete=True)
    assert set(desk.stories) == {"a"}


def test_items_that_left_the_feed_stay(desk: Desk) -> None:
    desk.news.page("/feed", feed(desk.news, ("a", FULL)))
    desk.follow("/feed")
    desk.news.page("/feed", feed(desk.news, ("b", FULL)))
    desk.follow("/feed", delete=True)
    assert set(desk.stories) == {"a", "b"}


# Sitemaps


def test_a_sitemap_leads_to_its_newest_pages_first_and_to_the_others_later(desk: Desk) -> None:
    days = {"a": "2024-05-01", "b": "2024-05-03", "c": "2024-05-02"}
    for name in days:
        desk.news.page(f"/{name}", article(name))
    desk.news.page("/sitemap.xml", sitemap(desk.news, *days.items()))
    desk.follow("/sitemap.xml", max_pages=2)
    assert desk.asked == ["/sitemap.xml", "/b", "/c"]
    desk.follow("/sitemap.xml", max_pages=2)
    assert desk.asked == ["/sitemap.xml", "/a"]
    assert desk.stories["a"].source == desk.news.address + "/a"
    desk.follow("/sitemap.xml", max_pages=2)
    assert desk.asked == ["/sitemap.xml"]
    assert "If-None-Match" in desk.news.asked[-1].headers


def test_a_page_is_asked_again_when_the_sitemap_says_that_it_changed(desk: Desk) -> None:
    desk.news.page("/a", article("a"))
    desk.news.page("/b", article("b"))
    desk.news.page("/s.xml", sitemap(desk.news, ("a", "2024-05-01"), ("b", "2024-05-01")))
    desk.follow("/s.xml")
    desk.news.page("/a", article("a", FULL + " On Sunday."))
    desk.news.page("/s.xml", sitemap(desk.news, ("a", "2024-05-02"), ("b", "2024-05-01")))
    assert desk.follow("/s.xml").updated == 1
    assert desk.asked == ["/s.xml", "/a"]


def test_pages_without_a_date_are_asked_whether_they_changed(desk: Desk) -> None:
    desk.news.page("/a", article("a"))
    desk.news.page("/s.xml", sitemap(desk.news, ("a", "")))
    desk.follow("/s.xml")
    assert desk.follow("/s.xml").unchanged == 1
    assert desk.asked == ["/s.xml", "/a"]
    desk.news.replies["/a"] = Reply(status=404)
    desk.follow("/s.xml", delete=True)
    assert desk.stories == {}


def test_an_index_leads_to_sitemaps_packed_or_not_and_only_to_changed_ones(desk: Desk) -> None:
    desk.news.page("/a", article("a"))
    desk.news.page("/b", article("b"))
    packed = gzip.compress(sitemap(desk.news, ("a", "2024-05-01")).encode())
    desk.news.page("/1.xml.gz", packed, Content_Type="application/gzip")
    desk.news.page("/2.xml", sitemap(desk.news, ("b", "2024-05-01")))
    entries = "".join(
        f"<sitemap><loc>{desk.news.address}/{name}</loc><lastmod>2024-05-0{n}</lastmod></sitemap>"
        for n, name in enumerate(("1.xml.gz", "2.xml"), start=1)
    )
    desk.news.page("/index.xml", f"<sitemapindex>{entries}</sitemapindex>")
    assert desk.follow("/index.xml").added == 2
    assert desk.asked == ["/index.xml", "/2.xml", "/b", "/1.xml.gz", "/a"]
    desk.news.page("/2.xml", sitemap(desk.news, ("b", "2024-05-01"), ("c", "2024-05-04")))
    desk.news.page("/c", article("c"))
    changed = entries.replace("2024-05-02", "2024-05-04")
    desk.news.page("/index.xml", f"<sitemapindex>{changed}</sitemapindex>")
    assert desk.follow("/index.xml").added == 1
    assert desk.asked == ["/index.xml", "/2.xml", "/c"]


def test_a_sitemap_that_is_the_same_is_asked_for_once_when_its_index_says_that_it_changed(
    desk: Desk,
) -> None:
    desk.news.page("/a", article("a"))
    desk.news.page("/1.xml", sitemap(desk.news, ("a", "2024-05-01")))

    def index(day: str) -> None:
        place = f"<loc>{desk.news.address}/1.xml</loc><lastmod>{day}</lastmod>"
        text = f"<sitemapindex><sitemap>{place}</sitemap></sitemapindex>"
        desk.news.page("/index.xml", text)

    index("2024-05-01")
    desk.follow("/index.xml")
    index("2024-05-02")
    desk.follow("/index.xml")
    assert desk.asked == ["/index.xml", "/1.xml"]
    desk.follow("/index.xml")
    assert desk.asked == ["/index.xml"]
    assert "If-None-Match" in desk.news.asked[-1].headers


def test_indexes_that_lead_to_themselves_come_to_an_end(desk: Desk) -> None:
    entries = "".join(
        f"<sitemap><loc>{desk.news.address}/loop.xml?{n}</loc></sitemap>" for n in range(3)
    )
    desk.news.page("/loop.xml", f"<sitemapindex>{entries}</sitemapindex>")
    desk.follow("/loop.xml")
    assert len(desk.asked) <= 1 + 3 + 9


def test_one_bad_page_of_a_sitemap_stops_no_other(desk: Desk) -> None:
    desk.news.page("/a", article("a"))
    desk.news.replies["/b"] = Reply(status=500)
    desk.news.page("/c", "<html><p>no story</p></html>")
    pages = [(name, "2024-05-01") for name in "bcda"]
    desk.news.page("/s.xml", sitemap(desk.news, *pages))
    found = desk.follow("/s.xml")
    assert (found.added, len(found.refused)) == (1, 3)
    desk.news.page("/b", article("b"))
    assert desk.follow("/s.xml").added == 1
    assert "/c" not in desk.asked


# The DVIDS API


class Dvids:
    """An API with news assets, in the shape of api.dvidshub.net."""

    def __init__(self, news: Site) -> None:
        self.assets = {f"news:{n}": f"2024-05-{n % 28 + 1:02}T10:00:00Z" for n in range(1, 61)}
        self.news = news
        self.text = FULL
        self.pages = "https://www.dvidshub.net"
        news.replies["/search"] = self.search
        news.replies["/asset"] = self.asset

    @staticmethod
    def query(asked: Asked) -> dict[str, str]:
        return dict(part.split("=") for part in asked.path.partition("?")[2].split("&"))

    def search(self, asked: Asked) -> Reply:
        query = self.query(asked)
        size, number = int(query["max_results"]), int(query["page"])
        found = list(self.assets.items())[(number - 1) * size : number * size]
        results = [
            {"id": asset_id, "type": "news", "title": f"T {asset_id}", "timestamp": stamp}
            for asset_id, stamp in found
        ]
        return self.json({"results": results, "page_info": {"total_results": len(self.assets)}})

    def asset(self, asked: Asked) -> Reply:
        asset_id = self.query(asked)["id"].replace("%3A", ":")
        number = int(asset_id.partition(":")[2])
        spelling = (
            {
                "date_published": "2024-05-07T10:00:00Z",
                "credit": [{"name": "Jo Poe"}],
                "location": {"city": "Panama City", "country": "PA"},
            }
            if number % 2
            else {
                "publishdate": "2024-05-07T10:00:00Z",
                "credit": "Jo Poe",
                "city": "Panama City",
                "country": "PA",
            }
        )
        return self.json(
            {
                "results": {
                    "id": asset_id,
                    "title": f"T {asset_id}",
                    "description": f"{self.text} Number {number}.",
                    "unit_name": "7th Wing",
                    "branch": "Air Force",
                    "url": f"{self.pages}/news/{number}/t",
                    **spelling,
                }
            }
        )

    @staticmethod
    def json(value: object) -> Reply:
        return Reply(
            content=json.dumps(value).encode(), headers={"Content-Type": "application/json"}
        )


@pytest.fixture
def dvids(desk: Desk) -> Dvids:
    return Dvids(desk.news)


def dvids_source(desk: Desk, query: str = "panama canal", **reach: object) -> DvidsSource:
    access = DvidsAccess(url=desk.news.address, key="hunter2")
    fetcher = Fetcher(policy_for(desk.news), pause=lambda _: None)
    reached = Reach(**reach)  # type: ignore[arg-type] # checked by each test
    return DvidsSource(query, access, fetcher, desk.origins, reached)


def test_the_news_that_dvids_finds_are_read_in_both_spellings(desk: Desk, dvids: Dvids) -> None:
    assert desk.read(dvids_source(desk)).added == 60
    searched = [Dvids.query(asked) for asked in desk.news.asked if "/search" in asked.path]
    assert [query["page"] for query in searched] == ["1", "2"]
    assert {query["type"] for query in searched} == {"news"}
    assert {query["q"] for query in searched} == {"panama+canal"}
    for story in (desk.stories["T news:1"], desk.stories["T news:2"]):
        assert story.byline == "Jo Poe"
        assert story.published_at is not None
        assert (story.unit, story.location) == ("7th Wing", "Panama City, PA")
        assert story.url == f"https://www.dvidshub.net/news/{story.story_id}/t"


def test_the_key_is_in_nothing_that_is_kept(desk: Desk, dvids: Dvids, tmp_path: Path) -> None:
    desk.read(dvids_source(desk))
    assert all("api_key=hunter2" in path for path in desk.asked)
    assert "hunter2" not in repr(dvids_source(desk)) + repr(DvidsAccess(key="hunter2"))
    assert desk.stories["T news:1"].source == f"{desk.news.address}/asset?id=news:1"
    kept = [file for file in tmp_path.iterdir() if file.is_file()]
    assert len(kept) >= 2
    assert not any(b"hunter2" in file.read_bytes() for file in kept)


def test_news_that_did_not_change_are_not_asked_for_again(desk: Desk, dvids: Dvids) -> None:
    desk.read(dvids_source(desk))
    dvids.text = FULL + " Corrected."
    dvids.assets["news:7"] = "2024-06-01T10:00:00Z"
    assert desk.read(dvids_source(desk)).updated == 1
    assert [path.partition("?")[0] for path in desk.asked] == ["/search", "/asset", "/search"]


def test_a_lead_is_completed_from_the_storys_page_where_that_may_be_asked(
    desk: Desk, dvids: Dvids
) -> None:
    dvids.text = LEAD
    dvids.assets = {"news:1": "2024-05-01", "news:2": "2024-05-02", "news:3": "2024-05-03"}
    dvids.pages = desk.news.address
    desk.news.page("/news/1/t", article("T"))
    desk.news.replies["/news/2/t"] = Reply(status=503)
    desk.read(dvids_source(desk))
    assert "Pier 39" in desk.stories["T news:1"].body
    assert desk.stories["T news:1"].story_id == "1"
    assert desk.stories["T news:2"].body == LEAD + " Number 2."

    desk.news.page("/news/2/t", article("T"))
    desk.read(dvids_source(desk))
    assert "Pier 39" in desk.stories["T news:2"].body
    assert [path for path in desk.asked if path.startswith("/news")] == ["/news/2/t"]

    dvids.pages = "https://www.dvidshub.net"
    dvids.assets = {"news:4": "2024-05-04"}
    assert desk.read(dvids_source(desk)).added == 1


def test_only_so_many_assets_are_read_in_a_run(desk: Desk, dvids: Dvids) -> None:
    for added in (40, 20, 0):
        assert desk.read(dvids_source(desk, max_pages=40)).added == added


def test_a_key_that_dvids_refuses_is_told_without_it(desk: Desk) -> None:
    desk.news.replies["/search"] = Reply(status=403)
    with pytest.raises(FetchFailed, match="refuses the key") as refused:
        desk.read(dvids_source(desk))
    assert "hunter2" not in str(refused.value)


def test_a_key_that_was_used_too_often_is_put_off(desk: Desk, dvids: Dvids) -> None:
    desk.news.replies["/asset"] = Reply(status=429, headers={"Retry-After": "3600"})
    with pytest.raises(FetchPutOff):
        desk.read(dvids_source(desk))
    assert len(desk.asked) == 2


@pytest.mark.parametrize("content", [b"<html>", b"[]", b'{"results": 1}', b"{" * 100_000, b"{}"])
def test_an_answer_that_is_none_is_an_error(desk: Desk, content: bytes) -> None:
    desk.news.replies["/search"] = Reply(content=content)
    with pytest.raises(FetchFailed, match="no answer of the DVIDS API"):
        desk.read(dvids_source(desk))
