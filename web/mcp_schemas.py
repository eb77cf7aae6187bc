"""What the tools of the Model Context Protocol return, as JSON Schema (2020-12)."""

from collections.abc import Mapping

from web.answer_shapes import Answer
from web.schema import Shape
from web.shapes import Story

Schema = dict[str, object]

_TEXT: Schema = {"type": "string"}
_MAYBE: Schema = {"type": ["string", "null"]}
_COUNT: Schema = {"type": "integer", "minimum": 0}


def _list_of(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}


def _object(properties: Mapping[str, Schema]) -> Schema:
    return {"type": "object", "properties": dict(properties), "required": [*properties]}


def _whole(shape: type[Shape]) -> Schema:
    """Return the schema of *shape* with each part written out: clients needn't follow `$ref`."""
    schema = shape.model_json_schema(mode="serialization")
    parts: dict[str, Schema] = schema.pop("$defs", {})

    def written_out(part: object) -> object:
        if isinstance(part, list):
            return [written_out(one) for one in part]
        if not isinstance(part, dict):
            return part
        own = {name: written_out(one) for name, one in part.items() if name != "$ref"}
        named = written_out(parts[part["$ref"].rpartition("/")[2]]) if "$ref" in part else None
        return named | own if isinstance(named, dict) else own

    return {name: written_out(one) for name, one in schema.items()}


ANSWER = _whole(Answer)
STORY = _whole(Story)
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
