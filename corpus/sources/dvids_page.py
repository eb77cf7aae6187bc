"""News pages of dvidshub.net in HTML, read by the words they show, as their copied text is."""

import re
from dataclasses import replace

from corpus.sources.dvids_text import is_dvids_text, read_dvids_text
from corpus.sources.html_limits import Element
from corpus.sources.html_text import text_of, words_of
from corpus.story import Story

_NEWS = re.compile(r"https?://(?:www\.)?dvidshub\.net/news/(?:printable/)?(\d{1,12})")


def is_dvids_page(root: Element) -> bool:
    """Say whether the page is, by its own address or the labels it shows, a DVIDS news page."""
    return (_address(root) != "" or "DVIDS" in _title(root)) and is_dvids_text(_shown(root))


def read_dvids_page(root: Element, source: str) -> list[Story]:
    """Return the story of the page.

    The page's markup changes with the years, what a reader sees hardly does: the title above the
    photo and the byline, the unit below it, the text, and a block of labels. Raises `NotAStory`
    where the text is missing.
    """
    [story] = read_dvids_text(_shown(root), source)
    headings = [words for words in map(words_of, root.iter("h1")) if words]
    return [
        replace(
            story,
            url=_address(root) or story.url,
            title=headings[0] if len(headings) == 1 else story.title,
            tags=tuple(
                dict.fromkeys(
                    filter(None, map(words_of, root.xpath("//a[contains(@href,'/tags/')]")))
                )
            ),
        )
    ]


def _shown(root: Element) -> str:
    """Return the page's lines; a label and its value may be cells of a table."""
    return text_of(root, furniture=True).replace(": | ", ": ")


def _address(root: Element) -> str:
    addresses = root.xpath("//link[@rel='canonical']/@href | //meta[@property='og:url']/@content")
    return next((str(address) for address in addresses if _NEWS.match(address)), "")


def _title(root: Element) -> str:
    return " ".join(root.xpath("//title/text()"))
