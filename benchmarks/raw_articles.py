"""The words that a raw page shows, read without any of Dateline's readers: what may be lost."""

import html
import re
from collections.abc import Iterator
from html.parser import HTMLParser

_UNSEEN = frozenset("script style iframe noscript figcaption".split())
_BREAKS = frozenset("p div br li h1 h2 h3 h4 h5 tr td th ul ol blockquote hr table figure".split())
_CAPTION_CLASSES = ("wp-caption-text", "da_media_item")
_DIV = re.compile(r"<(/?)div\b[^>]*>", re.I)
_ARTICLES = {
    "af_mil": re.compile(r'<div class="da_black"'),
    "justice": re.compile(r'<div class="field field--name-field-pr-body'),
}
_FULL_TEXT = re.compile(r"<content:encoded>\s*<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_FRONT_MATTER = re.compile(r"\s*---\n.*?\n---\n", re.DOTALL)
_MARKUP = re.compile(
    r"\{\{[<%].*?[>%]\}\}|!\[[^\]]*\]\([^)]*\)|\{:[^}]*\}|\]\([^)]*\)|<[^>]+>|^[#>|*\s-]+"
)


def article_of(folder: str, text: str) -> str:
    """Return the HTML of the article in a page or feed item of *folder*, empty where it has none.

    That of Markdown is empty too: it is no HTML.
    """
    full_text = _FULL_TEXT.search(text)
    if full_text:
        return full_text[1]
    opening = _ARTICLES[folder].search(text) if folder in _ARTICLES else None
    return _division(text[opening.start() :]) if opening else ""


def paragraphs_of(folder: str, text: str) -> list[str]:
    """Return the words of each line that the article in *text* shows, without its captions."""
    if folder in ("treasury", "digitalgov", "gsdf"):
        return [_MARKUP.sub("", html.unescape(line)) for line in _without_fields(text)]
    if folder == "wikinews":
        return list(_token_lines(text))
    lines = _Lines()
    lines.feed(article_of(folder, text))
    lines.close()
    return "".join(lines.words).split("\n")


def _division(markup: str) -> str:
    """Return the <div> that *markup* begins with."""
    depth = 0
    for tag in _DIV.finditer(markup):
        depth += -1 if tag[1] else 1
        if depth == 0:
            return markup[: tag.end()]
    return markup


def _without_fields(text: str) -> list[str]:
    opening = _FRONT_MATTER.match(text)
    return text[opening.end() if opening else 0 :].splitlines()


def _token_lines(text: str) -> Iterator[str]:
    for block in re.findall(r"<p\b[^>]*>(.*?)</p>", text, re.DOTALL):
        yield html.unescape(
            " ".join(line.split("\t")[0] for line in block.splitlines() if "\t" in line)
        )


class _Lines(HTMLParser):
    """Collects what a browser shows, a line for each block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._unseen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        classes = dict(attrs).get("class") or ""
        caption = tag in ("div", "p") and any(name in classes for name in _CAPTION_CLASSES)
        if tag in _UNSEEN or caption or (self._unseen and tag == self._unseen[-1]):
            self._unseen.append(tag)
        if tag in _BREAKS:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if self._unseen and tag == self._unseen[-1]:
            self._unseen.pop()
        if tag in _BREAKS:
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.words.append(" ".join(data.split("\n")))
