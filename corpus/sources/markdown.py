"""Markdown with front matter, as news sites built with Hugo or Jekyll keep it."""

import html
import re
from dataclasses import replace
from datetime import date, datetime
from urllib.parse import urlsplit

import yaml
from markdown_it import MarkdownIt

from corpus.dates import any_date
from corpus.errors import NotAStory, UnreadableSource
from corpus.sources.attachments import drop_attachments
from corpus.sources.bylines import author, byline_and_unit, credit_in
from corpus.sources.dateline import dateline_of, place_and_credit
from corpus.sources.html_limits import Element
from corpus.sources.html_text import caption_of, collapse, parse_html, text_of
from corpus.sources.markdown_captions import mark_captions
from corpus.sources.markdown_tables import with_wide_heads
from corpus.sources.press_release import without_release_marks
from corpus.story import Story, story_id_of

_FRONT_MATTER = re.compile(r"\s*---[ \t]*\r?\n")
_FRONT_MATTER_END = re.compile(r"^---[ \t]*\r?$", re.MULTILINE)
_FRONT_MATTER_LIMIT = 64 * 1024

_HEADING = re.compile(r"\s*#[ \t]+([^\n]+)\n")
_SHORTCODE = re.compile(
    r"\{\{[<%][^{}]*[%>]\}\}|\{:[^{}\n]*\}"
    r'|\[[a-z]{3,30}(?: [a-z]{1,20}="[^"\]\n]{0,300}"){1,8} ?/?\]'
)
_BANNER = re.compile(r"\s*\*{0,3}\(archived content\)\*{0,3}", re.I)
_STRAY_EMPHASIS = re.compile(r"\*\*+|\*([^*\n]+)\*")
_SUMMARIES = ("excerpt", "summary", "description", "deck", "dek")
_LEAST_SUMMARY_WORDS = 10

# Old press releases indent their paragraphs; as code they would keep the typewriter's line breaks.
_RENDERER = MarkdownIt("commonmark", {"html": True}).enable("table").disable("code")


def is_markdown(text: str) -> bool:
    """Say whether *text* opens with front matter that has a title, or with a top heading."""
    opening = _FRONT_MATTER.match(text)
    end = _FRONT_MATTER_END.search(text, opening.end()) if opening else None
    if opening and end:
        return "title" in text[opening.end() : end.start()]
    return _HEADING.match(text) is not None


def read_markdown(text: str, source: str) -> list[Story]:
    """Return the story with its markup, shortcodes and "(Archived Content)" banner taken out.

    The front matter's summary is the body of a page that has no other text, like the lead in a
    feed. Where there is one, the summary is left out, unless it opens with a dateline: then it is
    the first paragraph. Raises `NotAStory` for drafts and pages without text, and
    `UnreadableSource` where the front matter isn't YAML.
    """
    fields, markup = _split(text)
    if fields.get("draft") is True:
        raise NotAStory("the page is marked as a draft; publish it before adding it")
    title = _words(fields.get("title"))
    banner = _BANNER.match(markup)
    page = _page(markup[banner.end() :] if banner else markup)
    drop_attachments(page)
    mark_captions(page, image_above=bool(fields.get("image")))
    summary = _cleaned(text_of(_page(_summary(fields))))
    body = _with_lead(_cleaned(text_of(page)), summary)
    if not title or not body:
        raise NotAStory("the page has no title" if not title else "the page has no text")
    story = _story(fields, body, credit_in(summary), source)
    return [replace(story, caption=caption_of(page))]


def _story(fields: dict[str, object], text: str, credit_above: str | None, source: str) -> Story:
    """Return the story of *text*; *credit_above* is the byline that stands in the summary."""
    title = _words(fields.get("title"))
    published_at = _published_at(fields)
    place, named = place_and_credit(text)
    body, credit = _without_credit(text)
    byline, unit = byline_and_unit(credit or named or credit_above or "")
    url = _words(fields.get("canonical_url") or fields.get("url"))
    is_address = url.startswith(("http://", "https://"))
    return Story(
        story_id=story_id_of(f"{url} {published_at}" if url else f"{title}\n{body}"),
        source=source,
        url=url if is_address else None,
        title=title,
        body=body,
        byline=byline or author(", ".join(_names(fields.get("author") or fields.get("authors")))),
        unit=unit,
        publisher=_words(fields.get("publisher")) or _host(url if is_address else ""),
        dateline=place,
        published_at=published_at,
        tags=_names(fields.get("tags") or fields.get("topics")),
    )


def _split(text: str) -> tuple[dict[str, object], str]:
    """Return the fields of the front matter and the Markdown after it."""
    opening = _FRONT_MATTER.match(text)
    end = _FRONT_MATTER_END.search(text, opening.end()) if opening else None
    if opening is None or end is None:
        heading = _HEADING.match(text)
        return ({"title": heading[1]}, text[heading.end() :]) if heading else ({}, text)
    if end.start() - opening.end() > _FRONT_MATTER_LIMIT:
        raise UnreadableSource("the front matter is longer than 64 KiB")
    try:
        fields = yaml.safe_load(text[opening.end() : end.start()])
    except (yaml.YAMLError, RecursionError, ValueError) as exc:
        reason = str(exc).splitlines()[0]
        raise UnreadableSource(f"the front matter is not valid YAML: {reason}") from exc
    return (fields if isinstance(fields, dict) else {}), text[end.end() :]


def _with_lead(body: str, summary: str) -> str:
    """Return *body* below *summary*, if that is the lead that the body lacks."""
    if not body:
        return summary
    is_lead = summary not in body and dateline_of(summary) and not dateline_of(body)
    return f"{summary}\n\n{body}" if is_lead else body


def _without_credit(body: str) -> tuple[str, str | None]:
    """Return *body* without the credit among its first paragraphs, and the credit."""
    *openings, rest = [*body.split("\n\n", 3), ""][:4]
    lines = [line for opening in openings for line in opening.split("\n")]
    credit = next(filter(None, map(credit_in, lines)), None)
    if credit is None:
        return body, None
    kept = (opening.replace(credit, "", 1).strip() for opening in openings)
    return "\n\n".join(filter(None, [*kept, rest])), credit


def _page(markup: str) -> Element:
    return parse_html(_RENDERER.render(with_wide_heads(_SHORTCODE.sub(" ", markup))) or "<p></p>")


def _cleaned(body: str) -> str:
    """Return *body* without stray emphasis marks and what surrounds a press release."""
    paragraphs = (_STRAY_EMPHASIS.sub(r"\1", paragraph).strip() for paragraph in body.split("\n\n"))
    return without_release_marks("\n\n".join(filter(None, paragraphs)))


def _summary(fields: dict[str, object]) -> str:
    """Return the front matter's own telling of the story, if it is longer than a phrase."""
    summaries = (_words(fields.get(name)) for name in _SUMMARIES)
    return next((s for s in summaries if len(s.split()) >= _LEAST_SUMMARY_WORDS), "")


def _words(value: object) -> str:
    return collapse(html.unescape(str(value))) if isinstance(value, (str, int, float)) else ""


def _names(value: object) -> tuple[str, ...]:
    """Return the filled names in a field that holds one or a list of them."""
    values = value if isinstance(value, list) else [value]
    return tuple(dict.fromkeys(filter(None, map(_words, values))))


def _published_at(fields: dict[str, object]) -> date | datetime | None:
    value = fields.get("date") or fields.get("publishdate")
    return value if isinstance(value, date) else any_date(_words(value))


def _host(url: str) -> str | None:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.") or None
    except ValueError:
        return None
