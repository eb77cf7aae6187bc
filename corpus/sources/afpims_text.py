"""Text copied from an article page of a U.S. military site (AFPIMS, such as dtra.mil)."""

import re

from corpus.dates import written_date
from corpus.errors import NotAStory
from corpus.sources.dateline import dateline_of
from corpus.sources.text_lines import Line, lines_of, slice_of
from corpus.story import Story, story_id_of

_SECTION = re.compile(r"([A-Z][^|]{0,60}?)\s*\|\s*([A-Z][a-z]{2,8}\.? \d{1,2}, \d{4})")
_ABOUT = re.compile(r"ABOUT [A-Z][A-Z0-9 .,&’'()-]{0,80}")
_FOOTER = re.compile(r".{1,60} logo|CONNECT WITH US|Welcome to the .{1,120} website\..*", re.DOTALL)
_WELCOME = re.compile(r"Welcome to the (.{1,100}?)[’']s? website\.")
_SITE_LABEL = re.compile(r"(.{1,60}) News")
_BYLINE_LIMIT = 120


def is_afpims_text(text: str) -> bool:
    """Say whether *text* has the line with section and date that heads the article."""
    return any(_heads_article(line) for line in lines_of(text))


def read_afpims_text(text: str, source: str) -> list[Story]:
    """Return the article, with the publisher as the page's footer or its site label names it.

    Raises `NotAStory` where no title and text follow the line with section and date.
    """
    lines = lines_of(text)
    at = next(at for at, line in enumerate(lines) if _heads_article(line))
    section, posted = _section_and_date(lines[at])
    article = lines[at + 1 : _footer_start(lines, at + 1)]
    about_at = next((n for n, line in enumerate(article) if _ABOUT.fullmatch(line.words)), None)
    about = slice_of(text, article[about_at + 1 :]) if about_at is not None else ""
    title, byline, body_lines = _title_byline_body(article[:about_at])
    body = slice_of(text, body_lines)
    return [
        Story(
            story_id=story_id_of(f"{title}\n{body}"),
            source=source,
            title=title,
            body=body,
            byline=byline,
            publisher=_publisher(text, lines[:at]),
            section=section,
            dateline=dateline_of(body),
            published_at=written_date(posted),
            about=about or None,
        )
    ]


def _heads_article(line: Line) -> bool:
    return _section_and_date(line) != ("", "")


def _section_and_date(line: Line) -> tuple[str, str]:
    found = _SECTION.fullmatch(line.words)
    return (found[1], found[2]) if found and written_date(found[2]) else ("", "")


def _footer_start(lines: list[Line], start: int) -> int:
    footers = (at for at in range(start, len(lines)) if _FOOTER.fullmatch(lines[at].words))
    return next(footers, len(lines))


def _title_byline_body(lines: list[Line]) -> tuple[str, str | None, list[Line]]:
    """Split the article; the line after the title is the byline if it isn't a sentence."""
    if len(lines) < 2:
        raise NotAStory("no title and text follow the line with section and date")
    title, second = lines[0].words, lines[1].words
    is_byline = (
        len(lines) > 2 and len(second) <= _BYLINE_LIMIT and not second.endswith((".", "”", '"'))
    )
    if not is_byline:
        return title, None, lines[1:]
    return title, second.removeprefix("By ").strip(), lines[2:]


def _publisher(text: str, above: list[Line]) -> str | None:
    """Return the site's name from its words of welcome, else from a label such as "DTRA News"."""
    welcome = _WELCOME.search(text)
    if welcome:
        return welcome[1]
    labels = (_SITE_LABEL.fullmatch(line.words) for line in reversed(above))
    return next((label[1] for label in labels if label), None)
