"""Sitemaps: lists of a site's pages, which are no stories themselves."""

from lxml import etree

from corpus.errors import NotAStory, UnreadableSource
from corpus.sources.decode import decode
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


def sitemap_urls(content: bytes) -> list[str]:
    """Return the addresses that the sitemap lists, in its order, each once.

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
    found = ("".join(place.itertext()).strip() for place in root.iter(tag))
    return list(dict.fromkeys(url for url in found if url.startswith(("http://", "https://"))))
