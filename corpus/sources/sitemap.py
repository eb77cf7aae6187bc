"""Sitemaps: lists of a site's pages, which are no stories themselves."""

from dataclasses import dataclass

from lxml import etree

from corpus.dates import iso_date
from corpus.errors import NotAStory, UnreadableSource
from corpus.sources.decode import decode
from corpus.sources.html_limits import Element
from corpus.sources.xml_root import has_doctype, root_name
from corpus.story import Story

_ROOTS = frozenset({"urlset", "sitemapindex"})


def is_sitemap(text: str) -> bool:
    """Say whether *text* is a sitemap or an index of sitemaps."""
    return (root_name(text) or "").rpartition(":")[2] in _ROOTS


def read_sitemap(text: str, source: str) -> list[Story]:
    """Refuse the sitemap with `NotAStory`, telling what to add instead."""
    raise NotAStory("a sitemap lists pages and is no story; add the pages that it lists")


def is_sitemap_index(text: str) -> bool:
    """Say whether the sitemap lists further sitemaps instead of pages."""
    return (root_name(text) or "").endswith("sitemapindex")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A page that a sitemap lists, and when it changed or was published, in ISO 8601, if told."""

    url: str
    changed: str | None = None


def sitemap_pages(content: bytes) -> list[Listed]:
    """Return the pages, or the sitemaps, that the sitemap lists, in its order, each once.

    Raises `UnreadableSource` where *content* is no sitemap, is not well formed or declares a
    document type.
    """
    text = decode(content)
    if not is_sitemap(text) or has_doctype(text):
        raise UnreadableSource(
            "this is no sitemap: its root is neither <urlset> nor <sitemapindex>"
        )
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False
    )
    try:
        root = etree.fromstring(text.strip().encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as exc:
        raise UnreadableSource(f"the sitemap is not well-formed XML: {exc}") from exc
    # The image and video sitemaps' own <loc> have a namespace of their own.
    space = root.tag.rpartition("}")[0]
    tag = f"{space}}}loc" if space else "loc"
    found = ((_words(place), place.getparent()) for place in root.iter(tag))
    listed = (
        Listed(url=url, changed=_changed(entry))
        for url, entry in found
        if url.startswith(("http://", "https://"))
    )
    return list({page.url: page for page in listed}.values())


def sitemap_urls(content: bytes) -> list[str]:
    """Return the addresses of `sitemap_pages`."""
    return [page.url for page in sitemap_pages(content)]


def _changed(entry: Element) -> str | None:
    """Return <lastmod>, else the <publication_date> of a sitemap of news."""
    for name in ("lastmod", "publication_date"):
        for element in entry.iter("{*}" + name):
            day = iso_date(_words(element))
            if day is not None:
                return day.isoformat()
    return None


def _words(element: Element) -> str:
    return "".join(element.itertext()).strip()
