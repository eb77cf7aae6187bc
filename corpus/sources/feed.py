"""RSS and Atom feeds, and single items cut out of them."""

import html
import re
from datetime import date, datetime
from urllib.parse import urlsplit

from lxml import etree

from corpus.dates import iso_date, mail_date
from corpus.errors import NotAStory, UnreadableSource
from corpus.sources.dateline import dateline_of
from corpus.sources.html_text import Element, caption_of, collapse, parse_html, text_of
from corpus.sources.xml_root import has_doctype, root_name
from corpus.story import Story, story_id_of

_FEEDS = frozenset({"rss", "feed", "rdf:RDF", "channel"})
_ENTRIES = frozenset({"item", "entry"})
_PREFIXES = {
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://www.w3.org/2005/Atom": "",
    "http://purl.org/rss/1.0/": "",
}
_OPENING_TAG = re.compile(r"<([A-Za-z_][\w.-]{0,40}):")
_STRAY_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)")
_CATEGORY_BREAK = re.compile(r" [|–] ")
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")


def is_feed(text: str) -> bool:
    """Say whether *text* is a feed or an item of one."""
    return root_name(text) in _FEEDS | _ENTRIES


def read_feed(text: str, source: str) -> list[Story]:
    """Return a story for each item that holds words.

    An item with nothing but a lead paragraph is a story too: its facts are dated, linked and
    often all that a publisher offers. Raises `UnreadableSource` for XML that is not well formed
    or declares a document type, and `NotAStory` where no item has title and text.
    """
    if has_doctype(text):
        raise UnreadableSource("the feed declares a DOCTYPE, which no news feed needs")
    root = _parse(text)
    channel = _channel_title(root)
    entries = (
        [root] if _name(root) in _ENTRIES else [e for e in root.iter() if _name(e) in _ENTRIES]
    )
    stories = [story for entry in entries if (story := _story(entry, channel, source))]
    if not stories:
        raise NotAStory("the feed has no item with both a title and a text")
    return stories


def _parse(text: str) -> Element:
    """Parse without entities, network or huge trees.

    Two faults are mended: undeclared prefixes of a cut-out item, and the bare "&" and the HTML
    entities that many feeds let slip through.
    """
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    if root_name(text) in _ENTRIES and "xmlns" not in text:
        known = {prefix.rstrip(":"): uri for uri, prefix in _PREFIXES.items() if prefix}
        prefixes = sorted(set(_OPENING_TAG.findall(text)))
        declared = " ".join(f'xmlns:{p}="{known.get(p, "urn:prefix:" + p)}"' for p in prefixes)
        text = f"<channel {declared}>{text.strip()}</channel>"
    for repaired in (text, _STRAY_AMPERSAND.sub("&amp;", text)):
        try:
            return etree.fromstring(repaired.strip().encode("utf-8", "replace"), parser)
        except etree.XMLSyntaxError as exc:
            error = exc
    raise UnreadableSource(f"the feed is not well-formed XML: {error}") from error


def _story(entry: Element, channel: str | None, source: str) -> Story | None:
    """Return the entry's story, or None where title or text is missing."""
    title = _plain(_field(entry, "title"))
    markup = _field(entry, "content:encoded", "content") or _field(entry, "description", "summary")
    page = parse_html(_with_paragraphs(markup)) if markup.strip() else None
    body = text_of(page) if page is not None else ""
    if not title or not body:
        return None
    url = _link(entry)
    guid = _field(entry, "guid", "id")
    return Story(
        story_id=story_id_of(guid or url or f"{title}\n{body}"),
        source=source,
        url=url,
        title=title,
        body=body,
        byline=_plain(_field(entry, "dc:creator")) or _author(entry),
        publisher=channel or _host(url),
        dateline=dateline_of(body),
        published_at=_published_at(entry),
        caption=caption_of(page),
        tags=tuple(dict.fromkeys(filter(None, map(_plain, _fields(entry, "category"))))),
    )


def _name(element: Element) -> str:
    """Return the element's name with the prefix that its namespace usually has."""
    if not isinstance(element.tag, str):
        return ""
    space, _, local = element.tag.rpartition("}")
    return _PREFIXES.get(space.lstrip("{"), "other:" if space else "") + local


def _fields(entry: Element, name: str) -> list[str]:
    return ["".join(child.itertext()) for child in entry if _name(child) == name]


def _field(entry: Element, *names: str) -> str:
    """Return the first filled field among *names*, or an empty string."""
    return next(
        (words.strip() for name in names for words in _fields(entry, name) if words.strip()), ""
    )


def _plain(words: str) -> str:
    """Return the words of a title or name, which feeds escape once or twice."""
    return collapse(html.unescape(words))


def _with_paragraphs(markup: str) -> str:
    """Return *markup* in which blank lines part paragraphs, where no tags do."""
    if "<p" in markup or "<div" in markup:
        return markup
    return _BLANK_LINE.sub("<br><br>", html.unescape(markup) if "&lt;" in markup else markup)


def _link(entry: Element) -> str | None:
    """Return the web address of the entry: RSS writes it as text, Atom as an attribute."""
    for child in entry:
        if _name(child) == "link" and child.get("rel", "alternate") == "alternate":
            url = (child.get("href") or child.text or "").strip()
            if url.startswith(("http://", "https://")):
                return url
    return None


def _author(entry: Element) -> str | None:
    for child in entry:
        if _name(child) == "author":
            return _plain(_field(child, "name") or child.text or "") or None
    return None


def _published_at(entry: Element) -> date | datetime | None:
    written = _field(entry, "pubDate", "published", "dc:date", "updated")
    return mail_date(written) or iso_date(written)


def _channel_title(root: Element) -> str | None:
    """Return the publisher in the feed's own title, of which WordPress makes "Category – Site"."""
    for element in (root, *root):
        if _name(element) in ("channel", "feed"):
            title = _plain(_field(element, "title"))
            return _CATEGORY_BREAK.split(title)[-1] or None
    return None


def _host(url: str | None) -> str | None:
    try:
        return (urlsplit(url or "").hostname or "").removeprefix("www.") or None
    except ValueError:
        return None
