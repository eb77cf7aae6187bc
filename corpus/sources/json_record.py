"""One JSON object to a story, by the names that exports, APIs and crawlers use."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from urllib.parse import urlsplit

from corpus.dates import any_date
from corpus.errors import NotAStory
from corpus.sources.bylines import names_and_unit
from corpus.sources.dateline import dateline_of
from corpus.sources.html_text import collapse, text_of_markup
from corpus.story import Story, story_id_of

Fields = Mapping[str, object]

NAMES = {
    "story_id": "story_id",
    "id": "id guid uri @id",
    "title": "title headline name",
    "body": "body body_text body_html articleBody content content_html content_text full_text"
    " maintext raw_text text description_html summary description abstract excerpt",
    "url": "url canonical_url canonicalUrl link source_url sourceUrl external_url permalink uri",
    "byline": "byline author authors creator credit dc:creator",
    "unit": "unit unit_name sourceOrganization source_org sourceOrg agency",
    "publisher": "publisher publication source_name sitename site_name site outlet",
    "section": "section articleSection category branch",
    "dateline": "dateline",
    "location": "location located contentLocation",
    "published": "published published_at publishedAt published_date publishedDate date_published"
    " datePublished publishdate publishDate publish_date pubDate pub_date versioncreated"
    " date_publish firstPublished date created_at timestamp",
    "taken": "taken taken_at date_taken dateCreated",
    "caption": "caption image_caption description_caption",
    "about": "about description_about",
    "tags": "tags keywords topics categories subject",
    "photo_title": "photo_title",
    "photo_credit": "photo_credit",
    "syndicated_from": "syndicated_from",
}
"""A story's fields, each with its names; the first that is filled wins."""

_MARKUP = re.compile(r"</?(?:p|br|div|li|h[1-6]|a|span|strong|em)\b[^<>]{0,2000}>", re.I)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|[\ud800-\udfff]")
_LINE_END = re.compile(r"[ \t]*(?:\r\n|\r|\n)")
_GAP = re.compile(r"\n{3,}")
_LEAST_WORDS = 5
_NAMED = ("name", "title", "label", "value", "url")


def read_record(fields: Fields, source: str) -> Story:
    """Return the story in *fields*; its body may be text or HTML.

    A summary is the body where there is no other. Raises `NotAStory` where title or text is
    missing or the text has fewer than five words.
    """
    title = text_in(fields, "title")
    body = body_in(fields)
    if not title or len(body.split()) < _LEAST_WORDS:
        missing = "title (title, headline)" if not title else "text (body, articleBody, text)"
        raise NotAStory(f"the JSON object has no {missing}")
    url = _url(fields)
    byline, unit = names_and_unit(text_in(fields, "byline"))
    story_id = (text_in(fields, "story_id") or _exported_id(fields))[:64]
    return Story(
        story_id=story_id or story_id_of(url or text_in(fields, "id") or f"{title}\n{body}"),
        source=source,
        url=url,
        title=title,
        body=body,
        byline=byline,
        unit=text_in(fields, "unit") or unit,
        publisher=text_in(fields, "publisher") or _host(url),
        section=text_in(fields, "section") or None,
        dateline=text_in(fields, "dateline") or dateline_of(body),
        location=text_in(fields, "location") or None,
        published_at=date_in(fields, "published"),
        taken_at=date_in(fields, "taken"),
        photo_title=text_in(fields, "photo_title") or None,
        photo_credit=text_in(fields, "photo_credit") or None,
        syndicated_from=text_in(fields, "syndicated_from") or None,
        caption=text_in(fields, "caption") or None,
        caption_truncated=fields.get("caption_truncated") is True,
        about=text_in(fields, "about") or None,
        tags=_tags(fields),
    )


def text_in(fields: Fields, field: str) -> str:
    """Return the words of the first filled name of *field*, on one line; lists are joined."""
    return next(filter(None, (_words(fields.get(name)) for name in NAMES[field].split())), "")


def date_in(fields: Fields, field: str) -> date | datetime | None:
    """Return the first date among the names of *field*."""
    written = (_words(fields.get(name)) for name in NAMES[field].split())
    return next(filter(None, map(any_date, filter(None, written))), None)


def body_in(fields: Fields) -> str:
    """Return the first filled text; paragraphs are parted by a blank line."""
    for name in NAMES["body"].split():
        value = fields.get(name)
        if isinstance(value, list):
            value = "\n\n".join(part for part in value if isinstance(part, str))
        if isinstance(value, str) and (body := _text(value)):
            return body
    return ""


def _text(value: str) -> str:
    text = _CONTROLS.sub("", value)
    if _MARKUP.search(text):
        return text_of_markup(text)
    return _GAP.sub("\n\n", _LINE_END.sub("\n", text)).strip()


def _words(value: object) -> str:
    """Return the words in a string, a number, an object with a name, or a list of these."""
    if isinstance(value, list):
        return ", ".join(dict.fromkeys(filter(None, map(_word, value[:100]))))
    return _word(value)


def _word(value: object) -> str:
    if isinstance(value, dict):
        value = next((value[name] for name in _NAMED if value.get(name)), "")
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    return collapse(_CONTROLS.sub("", str(value)))


def _tags(fields: Fields) -> tuple[str, ...]:
    for name in NAMES["tags"].split():
        value = fields.get(name)
        parts = value.split(",") if isinstance(value, str) else value
        tags = [_word(part) for part in parts] if isinstance(parts, list) else []
        if any(tags):
            return tuple(dict.fromkeys(filter(None, tags)))
    return ()


def _url(fields: Fields) -> str | None:
    urls = (_word(fields.get(name)) for name in NAMES["url"].split())
    return next((url for url in urls if url.startswith(("http://", "https://"))), None)


def _exported_id(fields: Fields) -> str:
    """Return the id that `dateline export --form ninjs` gives among others."""
    others = fields.get("altids")
    return _word(others.get("dateline")) if isinstance(others, dict) else ""


def _host(url: str | None) -> str | None:
    try:
        return (urlsplit(url or "").hostname or "").removeprefix("www.") or None
    except ValueError:
        return None
