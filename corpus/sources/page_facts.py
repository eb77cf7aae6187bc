"""What an HTML page says about itself: JSON-LD first, then OpenGraph and other metadata."""

import json
from dataclasses import dataclass
from datetime import date, datetime, time
from urllib.parse import urlsplit

from corpus.dates import any_date
from corpus.sources.bylines import author
from corpus.sources.html_limits import Element
from corpus.sources.html_text import collapse, text_of_markup, words_of

_DATES = (
    "//meta[@property='article:published_time']/@content",
    "//meta[@name='dcterms.date' or @name='DC.date' or @name='dc.date' or @name='date']/@content",
    "//meta[@name='pubdate' or @name='publish-date' or @itemprop='datePublished']/@content",
    "//*[@itemprop='datePublished']/@datetime",
    "//span[contains(@class,'date-display-single')]/@content",
    "//article//time/@datetime",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """The page's metadata; *is_article* is its own claim to be one story.

    *body* is the article's text as JSON-LD repeats it, which few pages do.
    """

    title: str
    is_article: bool
    url: str | None = None
    byline: str | None = None
    publisher: str | None = None
    section: str | None = None
    published_at: date | datetime | None = None
    dateline: str | None = None
    location: str | None = None
    caption: str | None = None
    body: str = ""
    tags: tuple[str, ...] = ()


def facts_of(root: Element) -> PageFacts:
    """Read the facts of the page at *root*."""
    article = _json_ld_article(root)
    url = _url(root, article)
    title, site = _title_and_site(root)
    published_at = _published_at(root, article)
    kind = _meta(root, "og:type")
    return PageFacts(
        title=_text(article.get("headline")) or title,
        is_article=not _is_home(url)
        and (bool(article) or kind == "article" or published_at is not None),
        url=url,
        byline=author(_people(article.get("author")) or _author(root)),
        publisher=_people(article.get("publisher"))
        or _meta(root, "og:site_name", "application-name")
        or site
        or _host(url),
        section=_text(article.get("articleSection")) or _meta(root, "article:section") or None,
        published_at=published_at,
        dateline=_text(article.get("dateline")) or None,
        location=_people(article.get("contentLocation")),
        caption=_caption(article.get("image")),
        body=_body(article.get("articleBody")),
        tags=_tags(root, article),
    )


def _author(root: Element) -> str | None:
    """Return the author in the metadata; OpenGraph's may be the address of a profile."""
    name = _meta(root, "author", "article:author", "parsely-author", "dc.creator")
    return None if name.startswith(("http://", "https://")) else name or None


def _body(value: object) -> str:
    return text_of_markup(value) if isinstance(value, str) else ""


def _caption(image: object) -> str | None:
    images = image if isinstance(image, list) else [image]
    captions = (_text(found.get("caption")) for found in images if isinstance(found, dict))
    return next(filter(None, captions), None)


def _json_ld_article(root: Element) -> dict[str, object]:
    """Return the first JSON-LD object whose type is a kind of article, or an empty one."""
    for script in root.xpath("//script[@type='application/ld+json']"):
        try:
            found = json.loads(script.text or "")
        except (ValueError, RecursionError):
            continue
        things = found if isinstance(found, list) else [found]
        graphs = [thing.get("@graph") for thing in things if isinstance(thing, dict)]
        for thing in [
            *things,
            *(part for graph in graphs if isinstance(graph, list) for part in graph),
        ]:
            if isinstance(thing, dict) and _is_article_type(thing.get("@type")):
                return thing
    return {}


def _is_article_type(kind: object) -> bool:
    kinds = kind if isinstance(kind, list) else [kind]
    return any(isinstance(name, str) and name.endswith(("Article", "Posting")) for name in kinds)


def _published_at(root: Element, article: dict[str, object]) -> date | datetime | None:
    """Return the first date found; midnight sharp means that only the day was given."""
    written = [_text(article.get("datePublished"))]
    for path in _DATES:
        found = {str(words) for words in root.xpath(path)}
        # Many different dates belong to a list of stories, not to this one.
        written += found if len(found) == 1 else set()
    day = next(filter(None, map(any_date, filter(None, written))), None)
    return day.date() if isinstance(day, datetime) and day.time() == time() else day


def _title_and_site(root: Element) -> tuple[str, str | None]:
    """Return title and site name; a page's <title> often ends with " | Site"."""
    whole = next(filter(None, map(words_of, root.iter("title"))), "")
    first, *rest = (part.strip() for part in whole.split(" | "))
    heading = next(filter(None, map(words_of, root.iter("h1"))), "")
    return _meta(root, "og:title") or first or heading, rest[-1] if rest else None


def _meta(root: Element, *names: str) -> str:
    """Return the content of the first filled <meta> with one of *names*."""
    for name in names:
        for content in root.xpath("//meta[@property=$name or @name=$name]/@content", name=name):
            if collapse(content):
                return collapse(content)
    return ""


def _url(root: Element, article: dict[str, object]) -> str | None:
    canonical = [str(href) for href in root.xpath("//link[@rel='canonical']/@href")]
    urls = [*canonical, _meta(root, "og:url"), _text(article.get("url"))]
    return next((url for url in urls if url.startswith(("http://", "https://"))), None)


def _is_home(url: str | None) -> bool:
    try:
        return url is not None and urlsplit(url).path in ("", "/")
    except ValueError:
        return False


def _host(url: str | None) -> str | None:
    try:
        return (urlsplit(url or "").hostname or "").removeprefix("www.") or None
    except ValueError:
        return None


def _text(value: object) -> str:
    return collapse(value) if isinstance(value, str) else ""


def _people(value: object) -> str | None:
    """Return the names in a JSON-LD person, organisation or list of them."""
    values = value if isinstance(value, list) else [value]
    names = (_text(v.get("name")) if isinstance(v, dict) else _text(v) for v in values)
    return ", ".join(filter(None, names)) or None


def _tags(root: Element, article: dict[str, object]) -> tuple[str, ...]:
    keywords = article.get("keywords") or _meta(root, "keywords", "news_keywords")
    names = keywords.split(",") if isinstance(keywords, str) else keywords
    tags = [_text(name) for name in names] if isinstance(names, list) else []
    tags += [collapse(tag) for tag in root.xpath("//meta[@property='article:tag']/@content")]
    return tuple(dict.fromkeys(filter(None, tags)))
