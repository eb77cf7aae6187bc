"""Article pages of U.S. military sites as their AFPIMS system prints them (ArticleCS)."""

import re

from corpus.dates import written_date
from corpus.errors import NotAStory
from corpus.sources.bylines import byline_and_unit
from corpus.sources.dateline import dateline_of
from corpus.sources.html_limits import Element
from corpus.sources.html_text import text_of, words_of
from corpus.story import Story, story_id_of

_PUBLISHED = re.compile(r"(?:/ ?)?\bPublished ([A-Z][a-z]{2,8}\.? \d{1,2}, \d{4})")
_ARTICLE = re.compile(r"Article[=/](\d{1,12})")
_STYLE = re.compile(r"\bstyles/([A-Za-z]{2,60})/", re.I)
_LEAST_WORDS = 20


def is_afpims_page(root: Element) -> bool:
    """Say whether the page has an ArticleCS story line and body."""
    return bool(_by_class(root, "p", "da_story_info")) and bool(_by_class(root, "div", "da_black"))


def read_afpims_page(root: Element, source: str) -> list[Story]:
    """Return the article or biography of the page.

    Dates are days, as the page gives no time. Raises `NotAStory` for a page of links or pictures.
    """
    title = _title(root)
    body = "\n\n".join(filter(None, map(text_of, _by_class(root, "div", "da_black"))))
    if not title or len(body.split()) < _LEAST_WORDS:
        raise NotAStory("the page has a title but no article text; add the article's own page")
    info = words_of(_by_class(root, "p", "da_story_info")[0])
    published = _PUBLISHED.search(info)
    byline, unit = byline_and_unit(info[: published.start()] if published else "")
    captions = [
        words_of(p) for p in root.xpath("//div[contains(@class,'da_media_item')]/p[last()]")
    ]
    return [
        Story(
            story_id=_story_id(root, title, body),
            source=source,
            url=_url(root),
            title=title,
            body=body,
            byline=byline,
            unit=unit,
            publisher=_publisher(root),
            section="Biography" if _by_class(root, "h1", "biotitleprint") else None,
            dateline=dateline_of(body),
            published_at=written_date(published[1]) if published else None,
            caption=next(filter(None, captions), None),
            tags=tuple(
                dict.fromkeys(
                    filter(None, map(words_of, root.xpath("//a[contains(@href,'/Tag/')]")))
                )
            ),
        )
    ]


def _by_class(root: Element, tag: str, name: str) -> list[Element]:
    return [element for element in root.iter(tag) if name in element.get("class", "").split()]


def _title(root: Element) -> str:
    titles = _by_class(root, "h1", "title") + _by_class(root, "h1", "biotitleprint")
    return words_of(titles[0]) if titles else ""


def _story_id(root: Element, title: str, body: str) -> str:
    """Return an id from the system-wide article number, which all AFPIMS sites share."""
    actions = " ".join(root.xpath("//form/@action | //link[@rel='canonical']/@href"))
    number = _ARTICLE.search(actions)
    return story_id_of(f"afpims:{number[1]}" if number else f"{title}\n{body}")


def _url(root: Element) -> str | None:
    urls = root.xpath("//link[@rel='canonical']/@href | //meta[@property='og:url']/@content")
    return next((str(url) for url in urls if url.startswith(("http://", "https://"))), None)


def _publisher(root: Element) -> str | None:
    """Return the site's name, else the name of the style sheet ("AirForce" is "Air Force")."""
    names = root.xpath("//meta[@property='og:site_name']/@content")
    if names and names[0].strip():
        return str(names[0]).strip()
    style = _STYLE.search(" ".join(root.xpath("//link/@href")))
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", style[1]) if style else None
