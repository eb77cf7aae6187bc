"""A story as `dateline export` writes it: taken over as it is, field by field."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime

from corpus.errors import NotAStory
from corpus.story import Story

FORM = "dateline_story"
"""The name under which an exported story tells the number of its form."""

NUMBER = 1

MAX_ID_CHARS = 64
_MOMENTS = ("published_at", "taken_at")
_NEEDED = ("story_id", "source", "title", "body")
_TEXTS = {field.name for field in fields(Story)} - {*_MOMENTS, "tags", "caption_truncated"}


def is_own(told: Mapping[str, object]) -> bool:
    """Say whether an object is of Dateline's own form."""
    return FORM in told


def read_own(told: Mapping[str, object]) -> Story:
    """Return the story that was exported; raise `NotAStory` for what was not."""
    if told[FORM] != NUMBER:
        raise NotAStory(f"the story has form {told[FORM]!r}; this Dateline reads {NUMBER}")
    values: dict[str, object] = {name: _text(told, name) for name in _TEXTS}
    if lacking := [name for name in _NEEDED if not values[name]]:
        raise NotAStory(f"the exported story has no {lacking[0]}")
    if len(str(values["story_id"])) > MAX_ID_CHARS:
        raise NotAStory(f"the exported story's id is longer than {MAX_ID_CHARS} characters")
    values |= {name: _moment(told, name) for name in _MOMENTS}
    tags = told.get("tags") or []
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise NotAStory("the exported story's tags are no list of texts")
    return Story(
        **values,  # type: ignore[arg-type] # each was checked above
        tags=tuple(tags),
        caption_truncated=told.get("caption_truncated") is True,
    )


def _text(told: Mapping[str, object], name: str) -> str | None:
    value = told.get(name)
    if value is not None and not isinstance(value, str):
        raise NotAStory(f"the exported story's {name} is no text")
    return value


def _moment(told: Mapping[str, object], name: str) -> date | datetime | None:
    """Return the day or the moment, each as precise as it was."""
    written = _text(told, name)
    if not written:
        return None
    is_day = len(written) == len("2024-03-05")
    try:
        return date.fromisoformat(written) if is_day else datetime.fromisoformat(written)
    except ValueError as error:
        raise NotAStory(f"the exported story's {name} is no date: {written[:40]}") from error
