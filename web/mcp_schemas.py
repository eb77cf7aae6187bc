"""What the tools of the Model Context Protocol return, as JSON Schema (2020-12)."""

from collections.abc import Mapping

Schema = dict[str, object]

_TEXT: Schema = {"type": "string"}
_MAYBE: Schema = {"type": ["string", "null"]}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_PART: Schema = {"type": "number", "minimum": 0, "maximum": 1}


def _list_of(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}


def _object(properties: Mapping[str, Schema]) -> Schema:
    return {"type": "object", "properties": dict(properties), "required": [*properties]}


def _one_of(*words: str) -> Schema:
    return {"type": "string", "enum": [*words]}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


_OFFSETS = _object(
    {
        "start": _COUNT,
        "end": _COUNT,
        "unit": {"const": "codepoint"},
        "end_exclusive": {"const": True},
    }
)
_CITATION = _object(
    {
        "n": _COUNT,
        "role": _one_of("primary", "supports", "conflicts", "nearest", "read"),
        "story_id": _TEXT,
        "title": _TEXT,
        "source": _TEXT,
        "publisher": _MAYBE,
        "published": _MAYBE,
        "url": _MAYBE,
        "deep_link": _MAYBE,
        "local_link": _TEXT,
        "quote": _TEXT,
        "offsets": _OFFSETS,
        "sentence": _object({"text": _TEXT, "start": _COUNT, "end": _COUNT}),
        "snapshot_sha256": _TEXT,
        "verified": {"type": "boolean"},
    }
)
_FILTERS = _object(
    {
        "from": _MAYBE,
        "to": _MAYBE,
        "publisher": _MAYBE,
        "story_ids": _list_of(_TEXT),
        "inferred": _list_of(_TEXT),
    }
)
ANSWER = _object(
    {
        "id": _TEXT,
        "conversation": _or_null({"type": "object"}),
        "status": _one_of("answered", "abstained", "conflict"),
        "question": _object({"raw": _TEXT, "standalone": _TEXT, "filters": _FILTERS}),
        "answer": _object(
            {
                "text": _MAYBE,
                "type": _TEXT,
                "normalized": _MAYBE,
                "confidence": _object(
                    {"p": _PART, "band": _one_of("high", "medium", "low"), "threshold": _PART}
                ),
            }
        ),
        "citations": _list_of(_CITATION),
        "also_read": _list_of(_CITATION),
        "agreement": _object(
            {"supporting_stories": _COUNT, "independent": _COUNT, "conflicting": _COUNT}
        ),
        "abstention": _or_null(
            _object(
                {
                    "reason": _TEXT,
                    "message": _TEXT,
                    "missing": _list_of(_TEXT),
                    "nearest": _list_of(_CITATION),
                }
            )
        ),
        "receipt": _object(
            {"change": _COUNT, "encoder": _TEXT, "reader": _TEXT, "settings": _TEXT}
        ),
        "timings_ms": {"type": "object", "additionalProperties": {"type": "number"}},
    }
)
STORY = _object(
    {
        "story_id": _TEXT,
        "source": _TEXT,
        "url": _MAYBE,
        "title": _TEXT,
        "body": _TEXT,
        **dict.fromkeys(
            ("byline", "unit", "publisher", "section", "dateline", "location", "published"), _MAYBE
        ),
        **dict.fromkeys(("taken", "photo_title", "photo_credit", "caption"), _MAYBE),
        "caption_truncated": {"type": "boolean"},
        "about": _MAYBE,
        "tags": _list_of(_TEXT),
        "sha256": _TEXT,
    }
)
RESULTS = _object({"results": _list_of(_object({"id": _TEXT, "title": _TEXT, "url": _TEXT}))})
DOCUMENT = _object(
    {
        "id": _TEXT,
        "title": _TEXT,
        "text": _TEXT,
        "url": _TEXT,
        "metadata": {"type": "object", "additionalProperties": _TEXT},
    }
)
SOURCES = _object(
    {
        "stories": _COUNT,
        "publishers": _list_of(_TEXT),
        "first_published": _MAYBE,
        "last_published": _MAYBE,
    }
)
