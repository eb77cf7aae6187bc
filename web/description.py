"""The API described in OpenAPI 3.1: what every operation has in common, and the whole of it.

flask-openapi collects the operations from the views: their annotations, docstrings and responses.
"""

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from flask_openapi import Info, OpenAPI, Schema, Tag
from flask_openapi.models import OPENAPI3_REF_PREFIX, OPENAPI3_REF_TEMPLATE
from flask_openapi.types import ResponseDict
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from web.examples import EXAMPLES, PARAMETERS
from web.shapes import (
    Answers,
    Conversation,
    Health,
    Hits,
    Problem,
    Stories,
    Story,
    Verification,
)

OPENAPI_VERSION = "3.1.1"
ANSWERED = (Answers, Conversation, Health, Hits, Problem, Stories, Story, Verification)
"""What operations answer; what these are made of is described with them."""

ASKING = Tag(name="Asking", description="Questions, and answers in the stories' own words.")
STORIES = Tag(name="Stories", description="The stories that answers come from.")
CONVERSATIONS = Tag(
    name="Conversations",
    description="Questions that belong together, and what readers think of the answers.",
)
HEALTH = Tag(name="Health", description="For whoever keeps the server running.")

_ABOUT = """\
Dateline answers questions from news stories: with words copied out of a story, cited and \
checked, or with the statement that the stories don't say. An answer has one shape everywhere. \
An abstention is an answer, not an error. Offsets count Unicode code points in a story's `body`, \
and ends are exclusive. Bodies are JSON without repeated names. Every error is a problem in the \
form of RFC 9457 that points at the fields that are wrong.\
"""
_WHY = {
    400: "The body is no JSON, or Dateline isn't known under this name.",
    401: "A key is needed, or is not known; only where the operator asks for keys.",
    403: "The request came from another site's page, or the key has no such scope.",
    404: "There is no such thing.",
    409: "The stories have changed since, or the conversation is full.",
    413: "The body is too large.",
    414: "The address is too long.",
    415: "The body is not marked as JSON.",
    422: "A field or parameter is wrong; `errors` points at it.",
    429: "Too many requests; `Retry-After` says when to come back.",
    431: "The headers are too long.",
    500: "Something went wrong in Dateline.",
    503: "Dateline can't answer right now.",
}
READING = (414, 422)
"""What can be wrong with the parameters of an address."""
SENDING = (400, 403, 413, 415, 422)
"""What can be wrong with a request that has a body."""
ALWAYS = (400, 401, 429, 431, 500, 503)
"""What can go wrong with any operation."""


def answers(
    shape: type[BaseModel],
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    events: str | None = None,
    fails: tuple[int, ...] = (),
) -> ResponseDict:
    """Return the description of an operation's responses: a *shape*, and the problems.

    *headers* maps those that the response always has to what they say; *events* is an example of
    what the operation sends as server-sent events to those who ask for them.
    """
    described = {
        name: {"description": told, "required": True, "schema": {"type": "string"}}
        for name, told in (headers or {}).items()
    }
    content: dict[str, object] = {"application/json": {"schema": _ref(shape)}}
    if events:
        content["text/event-stream"] = {"schema": {"type": "string"}, "example": events}
    told = {"description": shape.__doc__, "content": content, "headers": described or None}
    return {status: told, **problems(*fails)}


def problems(*statuses: int) -> ResponseDict:
    """Return the description of the problems that an operation may answer with."""
    content = {"application/problem+json": {"schema": _ref(Problem)}}
    return {
        status: {"description": _WHY[status], "content": content}
        for status in sorted({*statuses, *ALWAYS})
    }


def described_app(import_name: str, static_url_path: str = "/static") -> OpenAPI:
    """Return a Flask app that describes the blueprints that it is given."""
    app = OpenAPI(
        import_name,
        info=Info(title="Dateline", version=version("dateline"), description=_ABOUT),
        doc_ui=False,
        static_url_path=static_url_path,
        # Every operation describes this status itself: the library adds no shape of its own.
        validation_error_status=500,
        validation_error_model=Problem,
    )
    app.openapi_version = OPENAPI_VERSION
    _, shapes = models_json_schema(
        [(shape, "serialization") for shape in ANSWERED], ref_template=OPENAPI3_REF_TEMPLATE
    )
    app.components_schemas.update(
        {name: Schema(**schema) for name, schema in shapes["$defs"].items()}
    )
    return app


def description_of(app: OpenAPI, max_question_chars: int) -> dict[str, Any]:
    """Return the description of *app*, with examples and the limit that its settings name."""
    described: dict[str, Any] = app.api_doc
    for path in described["paths"].values():
        for operation in path.values():
            _finish(operation)
            for parameter in operation.get("parameters", []):
                _limit(parameter["schema"], max_question_chars)
    for name, schema in described["components"]["schemas"].items():
        schema.pop("title", None)
        _limit(schema.get("properties", {}).get("question", {}), max_question_chars)
        if name in EXAMPLES:
            schema["examples"] = [EXAMPLES[name]]
    return described


def _ref(shape: type[BaseModel]) -> dict[str, str]:
    return {"$ref": f"{OPENAPI3_REF_PREFIX}/{shape.__name__}"}


def _finish(operation: dict[str, Any]) -> None:
    """Put an operation in order: what is needed first, statuses as they count, plain text."""
    # flask-openapi joins the lines of a docstring with breaks.
    told = operation.get("description", "").replace("<br/>", "\n").strip()
    operation["description"] = " ".join(told.split())
    operation.pop("deprecated", None)
    parameters = sorted(operation.get("parameters", []), key=lambda one: not one["required"])
    for parameter in parameters:
        # A parameter is there or isn't: it is never null. What it means, it says itself.
        form, *_ = parameter["schema"].pop("anyOf", [{}])
        parameter["schema"] |= form
        parameter["schema"].pop("description", None)
        if parameter["required"]:
            parameter["example"] = PARAMETERS[parameter["name"]]
    if parameters:
        operation["parameters"] = parameters
    operation["responses"] = dict(sorted(operation["responses"].items()))


def _limit(field: dict[str, Any], max_question_chars: int) -> None:
    if field.get("maxLength") == 0:
        field["maxLength"] = max_question_chars
