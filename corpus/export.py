"""Stories to lines of JSON: Dateline's own form, which loses nothing, or ninjs 1.4 for others."""

import json
from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import UTC, date, datetime, time

from corpus.sources.own_record import FORM, NUMBER
from corpus.store import StoryStore
from corpus.story import Story

PAGE = 500


def exported(store: StoryStore, line_of: Callable[[Story], str]) -> Iterator[str]:
    """Yield a line for each story, by id: each is as it is when its page of 500 is read."""
    last = ""
    while page := store.stories_after(last, PAGE):
        yield from map(line_of, page)
        last = page[-1].story_id


def own_line(story: Story) -> str:
    """Return *story* with all its fields, for `dateline add` to read as the same story."""
    told = {field.name: getattr(story, field.name) for field in fields(story)}
    for name in ("published_at", "taken_at"):
        told[name] = told[name].isoformat() if told[name] else None
    return _line({FORM: NUMBER, **told})


def ninjs_line(story: Story) -> str:
    """Return *story* as ninjs 1.4 (iptc.org/standards/ninjs).

    ninjs knows moments alone: a day becomes its midnight, and a moment without a zone is taken for
    UTC.
    """
    told = {
        "$standard": {"name": "ninjs", "version": "1.4"},
        "uri": story.url or f"urn:dateline:story:{story.story_id}",
        "type": "text",
        "mimetype": "text/plain",
        "headline": story.title,
        "body_text": story.body,
        "byline": story.byline,
        "located": story.dateline or story.location,
        "versioncreated": _moment(story.published_at),
        "subject": [{"name": tag} for tag in story.tags] or None,
        "description_caption": story.caption,
        "description_about": story.about,
        "altids": {"dateline": story.story_id, "source": story.source},
    }
    return _line({name: value for name, value in told.items() if value})


LINES: dict[str, Callable[[Story], str]] = {"jsonl": own_line, "ninjs": ninjs_line}
"""The forms by name."""


def _moment(published_at: date | datetime | None) -> str | None:
    if published_at is None:
        return None
    if not isinstance(published_at, datetime):
        published_at = datetime.combine(published_at, time(), UTC)
    elif published_at.tzinfo is None:
        published_at = published_at.replace(tzinfo=UTC)
    return published_at.isoformat()


def _line(told: dict[str, object]) -> str:
    # A lone surrogate has no UTF-8, but an escape.
    line = json.dumps(told, ensure_ascii=False)
    return line if line.isascii() or _encodable(line) else json.dumps(told)


def _encodable(line: str) -> bool:
    try:
        line.encode()
    except UnicodeEncodeError:
        return False
    return True
