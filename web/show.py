"""What templates need to show dates, quotes and links."""

import re
from datetime import date
from typing import NamedTuple
from urllib.parse import urlsplit

from flask import Flask

from qa.answer import Answer, Citation

BAND = {
    "high": "High confidence",
    "medium": "Medium confidence",
    "low": "Low confidence",
}
ROLE = {
    "primary": "Says so",
    "supports": "Also says so",
    "conflicts": "Says otherwise",
    "nearest": "Came near",
    "read": "Also read",
}

_PARAGRAPH = re.compile(r"[^\n]+")
_HIGHLIGHT = re.compile(r"([0-9]{1,9})-([0-9]{1,9})")


class Marked(NamedTuple):
    """A run of text in three parts, the middle one highlighted; *first* where a highlight opens."""

    before: str
    quote: str
    after: str
    first: bool = True


def register(app: Flask) -> None:
    """Make the filters and words of this module known to *app*'s templates."""
    app.add_template_filter(clipping)
    app.add_template_filter(day)
    app.add_template_filter(marked)
    app.add_template_filter(newest_first)
    app.add_template_filter(web_link)
    app.jinja_env.globals.update(BAND=BAND, ROLE=ROLE)


def day(when: date | None) -> str:
    """Return *when* as in 6 November 2019; nothing for None."""
    return f"{when.day} {when:%B %Y}" if when else ""


def clipping(answer: Answer) -> str:
    """Return the answer with the sentence and the story it rests on, to be pasted elsewhere."""
    parts = [answer.text or ""]
    for citation in answer.citations:
        if citation.role == "primary":
            source = (citation.title, citation.publisher, day(citation.published_at), citation.url)
            parts.append(f"“{citation.sentence}”\n{', '.join(filter(None, source))}")
    return "\n\n".join(parts)


def newest_first(citations: tuple[Citation, ...]) -> list[Citation]:
    """Return *citations* by date of publication, undated last."""
    return sorted(citations, key=lambda citation: str(citation.published_at or ""), reverse=True)


def web_link(url: str | None) -> str | None:
    """Return *url* if it leads to a web page, else None: a link must never run a script."""
    try:
        return url if url and urlsplit(url).scheme in ("http", "https") else None
    except ValueError:
        return None


def marked(citation: Citation) -> Marked:
    """Return the citation's sentence around its quote."""
    start = citation.start - citation.sentence_start
    end = citation.end - citation.sentence_start
    return _split(citation.sentence, start, end)


def highlight_of(text: str) -> tuple[int, int] | None:
    """Return the offsets that *text* names as START-END, or None if it names none."""
    match = _HIGHLIGHT.fullmatch(text)
    return (int(match[1]), int(match[2])) if match else None


def paragraphs(body: str, highlight: tuple[int, int] | None) -> list[Marked]:
    """Return the body's paragraphs, each split around its part of *highlight*.

    *highlight* holds code points in *body*, half-open; a part outside the body is ignored.
    """
    start, end = highlight or (0, 0)
    runs: list[Marked] = []
    opened = False
    for match in _PARAGRAPH.finditer(body):
        run = _split(match[0], start - match.start(), end - match.start())
        runs.append(run._replace(first=bool(run.quote) and not opened))
        opened = opened or bool(run.quote)
    return runs


def _split(text: str, start: int, end: int) -> Marked:
    start = min(max(start, 0), len(text))
    end = min(max(end, start), len(text))
    return Marked(text[:start], text[start:end], text[end:])
