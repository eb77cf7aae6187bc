"""JSON and JSON Lines: a story an object, alone, in a list, in an API's results or a line each."""

import json
import re
from collections.abc import Iterable, Iterator

from corpus.errors import CorpusError, NotAStory, UnreadableSource
from corpus.refusal import Refusal
from corpus.sources.dvids_api import is_dvids_asset, read_dvids_asset
from corpus.sources.json_record import read_record
from corpus.sources.own_record import is_own, read_own
from corpus.story import Story

_JSON = re.compile(r'\s*(?:\{\s*["}]|\[\s*[{\]])')
_LISTS = ("results", "items", "stories", "articles", "data", "hits", "docs")
"""Under which names answers of APIs, and JSON Feed, keep their stories."""

Numbered = tuple[int, object]


def is_json(text: str) -> bool:
    """Say whether *text* begins as a JSON object or a list."""
    return _JSON.match(text) is not None


def read_json(text: str, source: str) -> Iterator[Story | Refusal]:
    """Yield the story of each object, or why it is none.

    A story's source is *source*, and "#" with its line, or its place in the list, from 1; the one
    object of a file has no number. Raises `UnreadableSource` where nothing is valid JSON, and
    `NotAStory` where no object is a story.
    """
    objects = _objects(text)
    refused: list[Refusal] = []
    found = False
    for number, value in _of_lines(text) if objects is None else objects:
        place = f"{source}#{number}" if number else source
        try:
            story = _story(value, place)
        except CorpusError as error:
            refused.append(Refusal(source=place, error=error))
            continue
        found = True
        yield story
    if found:
        yield from refused
    elif len(refused) == 1:
        raise refused[0].error
    elif refused:
        raise NotAStory(
            f"none of the file's {len(refused):,} JSON objects is a story; "
            f"{refused[0].source.rpartition('#')[2]}: {refused[0].reason}"
        )
    else:
        raise NotAStory("the JSON holds no objects")


def _objects(text: str) -> list[Numbered] | None:
    """Return the objects of a text that is one JSON value, numbered; None where it is lines."""
    try:
        value = json.loads(text)
    except RecursionError as exc:
        raise UnreadableSource("the JSON is nested too deeply") from exc
    except ValueError as exc:
        if "\n" not in text.strip():
            raise UnreadableSource(f"the file is not valid JSON: {exc}") from exc
        return None
    return list(_numbered(value))


def _numbered(value: object) -> Iterable[Numbered]:
    if isinstance(value, list):
        return enumerate(value, start=1)
    if isinstance(value, dict):
        for name in _LISTS:
            inner = value.get(name)
            if isinstance(inner, list) and inner and isinstance(inner[0], dict):
                return enumerate(inner, start=1)
            if name == "results" and isinstance(inner, dict):
                return [(0, inner)]
    return [(0, value)]


def _of_lines(text: str) -> Iterator[Numbered]:
    """Yield the number and the value of each line; one that is not JSON is its own error."""
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except RecursionError:
                yield number, UnreadableSource("the JSON is nested too deeply")
            except ValueError as exc:
                yield number, UnreadableSource(f"the line is not valid JSON: {exc}")


def _story(value: object, source: str) -> Story:
    if isinstance(value, CorpusError):
        raise value
    if not isinstance(value, dict):
        raise NotAStory("the JSON is no object with a story's fields")
    fields: dict[str, object] = value
    if isinstance(fields.get("_source"), dict):
        # As search engines wrap what they found.
        fields = value["_source"]
    if is_own(fields):
        return read_own(fields)
    return (
        read_dvids_asset(fields, source) if is_dvids_asset(fields) else read_record(fields, source)
    )
