"""RSS and Atom feeds, and single items cut out of them."""

import html
import re
from datetime import date, datetime
from urllib.parse import urlsplit

from lxml import etree

from corpus.dates import iso_date, mail_date
from corpus.errors import NotAStory, UnreadableSource
from corpus.refusal import Refusal
from corpus.sources.attachments import drop_attachments
from corpus.sources.bylines import author
from corpus.sources.dateline import dateline_of
from corpus.sources.html_limits import Element
from corpus.sources.html_text import caption_of, collapse, piece_of_html, text_of
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
_MAIL_AND_NAME = re.compile(r"[^\s()]{1,200}@[^\s()]{1,200} \(([^()]{1,120})\)")
_POINTER = re.compile(r"(?:read|view|watch|see|hear|click)\b[^.\n]{0,60}\bhere\b\W{0,4}", re.I)
_CATEGORY_BREAK = re.compile(r" [|–] ")


def is_feed(text: str) -> bool:
    """Say whether *text* is a feed or an item of one."""
    return root_name(text) in _FEEDS | _ENTRIES


def read_feed(text: str, source: str) -> list[Story | Refusal]:
    """Return the story of each item, or, as *source* and "#" with its number, why it is none.

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
    outcomes: list[Story | Refusal] = []
    for number, entry in enumerate(entries, start=1):
        try:
            outcomes.append(_story(entry, channel, source))
        except NotAStory as error:
            outcomes.append(Refusal(source=f"{source}#{number}", error=error))
    if not any(isinstance(outcome, Story) for outcome in outcomes):
        raise NotAStory("the feed has no item with both a title and a text")
    return outcomes


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


def _story(entry: Element, channel: str | None, source: str) -> Story:
    """Return the entry's story; raise `NotAStory` where title or text is missing."""
    title = _plain(_field(entry, "title"))
    page = _content(entry)
    if page is not None:
        drop_attachments(page)
    body = text_of(page) if page is not None else ""
    if not title or not body:
        raise NotAStory(f"the feed's item has no {'text' if title else 'title'}")
    if _POINTER.fullmatch(body):
        raise NotAStory(f"the feed's item only points to a text: “{body}”")
    url = _link(entry)
    guid = _field(entry, "guid", "id")
    return Story(
        story_id=story_id_of(guid or url or f"{title}\n{body}"),
        source=source,
        url=url,
        title=title,
        body=body,
        byline=author(_plain(_field(entry, "dc:creator")) or _author(entry)),
        publisher=channel or _host(url),
        dateline=dateline_of(body),
        published_at=_published_at(entry),
        caption=caption_of(page),
        tags=_tags(entry),
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


def _link(entry: Element) -> str | None:
    """Return the web address of the entry: RSS writes it as text, Atom as an attribute."""
    for child in entry:
        if _name(child) == "link" and child.get("rel", "alternate") == "alternate":
            url = (child.get("href") or child.text or "").strip()
            if url.startswith(("http://", "https://")):
                return url
    return None


def _author(entry: Element) -> str | None:
    """Return the names of the entry's authors, or of the feed's where it has none.

    RSS writes "jo@news.example (Jo Poe)".
    """
    names = []
    for child in entry:
        if _name(child) == "author":
            written = _plain(_field(child, "name") or child.text or "")
            named = _MAIL_AND_NAME.fullmatch(written)
            names.append(named[1] if named else written)
    feed = entry.getparent()
    if not any(names) and feed is not None and _name(feed) == "feed":
        return _author(feed)
    return ", ".join(filter(None, names)) or None


def _tags(entry: Element) -> tuple[str, ...]:
    """Return the entry's categories: RSS writes them as text, Atom as an attribute."""
    found = (
        _plain(child.get("label") or child.get("term") or "".join(child.itertext()))
        for child in entry
        if _name(child) == "category"
    )
    return tuple(dict.fromkeys(filter(None, found)))


def _content(entry: Element) -> Element | None:
    """Return the entry's fullest text as HTML, or None where it has none."""
    for child in entry:
        if _name(child) == "content" and child.get("type") == "xhtml":
            for element in child.iter():
                if isinstance(element.tag, str):
                    element.tag = etree.QName(element).localname
            return child
    markup = _field(entry, "content:encoded", "content") or _field(entry, "description", "summary")
    return piece_of_html(markup)


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
