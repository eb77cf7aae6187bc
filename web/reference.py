"""The description of the API as people read it: rows of tables, examples, a command to try."""

import json
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

Schema = Mapping[str, Any]
SERVER = "http://127.0.0.1:8000"
_REF = "#/components/schemas/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A parameter, or a field of a body: *kind* says what it holds, *shape* names its model."""

    name: str
    kind: str
    required: bool
    meaning: str
    shape: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A response: its *status*, when it comes, its media types and its model."""

    status: str
    meaning: str
    media: tuple[str, ...]
    shape: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """Something to call; *body* names the model that is sent, *curl* is a line for a shell.

    *events* is an example of what comes as server-sent events.
    """

    anchor: str
    method: str
    path: str
    summary: str
    description: str
    parameters: tuple[Field, ...]
    body: str | None
    replies: tuple[Reply, ...]
    curl: str
    events: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """What is sent or answered; *forms* are the models that it may be one of."""

    name: str
    description: str
    fields: tuple[Field, ...]
    forms: tuple[str, ...]
    example: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """The whole API: operations by what they are about, and every model by name."""

    about: str
    version: str
    operations: Mapping[str, tuple[Operation, ...]]
    models: tuple[Model, ...]


def reference_of(described: Schema) -> Reference:
    """Return what the OpenAPI description *described* says."""
    schemas = described["components"]["schemas"]
    operations: dict[str, list[Operation]] = {tag["name"]: [] for tag in described["tags"]}
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            described_one = _operation(path, method, operation, schemas)
            operations[operation["tags"][0]].append(described_one)
    return Reference(
        about=described["info"]["description"],
        version=described["info"]["version"],
        operations={tag: tuple(listed) for tag, listed in operations.items()},
        models=tuple(_model(name, schema) for name, schema in sorted(schemas.items())),
    )


def _operation(path: str, method: str, operation: Schema, schemas: Schema) -> Operation:
    sent = operation.get("requestBody")
    body = _shape_of(sent["content"]["application/json"]["schema"]) if sent else None
    return Operation(
        anchor=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        description=operation["description"],
        parameters=tuple(
            _field(one["name"], one["schema"] | _described(one), required=one["required"])
            for one in operation.get("parameters", [])
        ),
        body=body,
        replies=tuple(_reply(*reply) for reply in operation["responses"].items()),
        curl=_curl(path, method, operation, schemas[body]["examples"][0] if body else None),
        events=next(_events(operation), None),
    )


def _events(operation: Schema) -> Iterator[str]:
    for reply in operation["responses"].values():
        if told := reply.get("content", {}).get("text/event-stream"):
            yield told["example"]


def _reply(status: str, reply: Schema) -> Reply:
    content = reply.get("content", {})
    shapes = [shape for media in content.values() if (shape := _shape_of(media["schema"]))]
    return Reply(
        status=status,
        meaning=reply["description"],
        media=tuple(content),
        shape=shapes[0] if shapes else None,
    )


def _model(name: str, schema: Schema) -> Model:
    examples = schema.get("examples")
    required = schema.get("required", [])
    return Model(
        name=name,
        description=schema.get("description", ""),
        fields=tuple(
            _field(field, told, required=field in required)
            for field, told in schema.get("properties", {}).items()
        ),
        forms=tuple(_shape_of(form) or "" for form in schema.get("anyOf", [])),
        example=json.dumps(examples[0], ensure_ascii=False, indent=2) if examples else None,
    )


def _described(parameter: Schema) -> dict[str, str]:
    return {"description": parameter["description"]}


def _field(name: str, schema: Schema, *, required: bool) -> Field:
    return Field(
        name=name,
        kind=", ".join([_kind(schema), *_bounds(schema)]),
        required=required,
        meaning=schema.get("description", ""),
        shape=next(_shapes_in(schema), None),
    )


def _kind(schema: Schema) -> str:
    """Return in a few words what *schema* lets through."""
    if "anyOf" in schema:
        return " or ".join(_kind(form) for form in schema["anyOf"])
    if shape := _shape_of(schema):
        return shape
    if schema.get("type") == "array":
        return f"list of {_kind(schema['items'])}"
    if "enum" in schema or "const" in schema:
        return " | ".join(json.dumps(value) for value in schema.get("enum", [schema.get("const")]))
    return str(schema.get("format") or schema.get("type", "anything"))


def _bounds(schema: Schema) -> Iterator[str]:
    forms = [schema, *schema.get("anyOf", [])]
    for least, most, unit in (
        ("minimum", "maximum", ""),
        ("minLength", "maxLength", " characters"),
        ("minItems", "maxItems", " items"),
    ):
        for form in forms:
            if most in form and least in form:
                yield f"{form[least]:g} to {form[most]:,}{unit}"
            elif most in form:
                yield f"at most {form[most]:,}{unit}"
            elif least in form:
                yield f"at least {form[least]:g}{unit}"
    if (default := schema.get("default")) not in (None, []):
        yield f"default {json.dumps(default)}"


def _shape_of(schema: Schema) -> str | None:
    return schema["$ref"].removeprefix(_REF) if "$ref" in schema else None


def _shapes_in(schema: Schema) -> Iterator[str]:
    for form in (schema, schema.get("items", {}), *schema.get("anyOf", [])):
        if shape := _shape_of(form):
            yield shape


def _curl(path: str, method: str, operation: Schema, body: object) -> str:
    """Return a line for a shell that calls *operation*."""
    query = []
    for parameter in operation.get("parameters", []):
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", quote(str(parameter["example"])))
        elif parameter["required"]:
            query.append((parameter["name"], parameter["example"]))
    address = SERVER + path + (f"?{urlencode(query)}" if query else "")
    command = ["curl"] if method == "get" else ["curl", "-X", method.upper()]
    if body is not None:
        text = json.dumps(body, ensure_ascii=False)
        command = ["curl", "-H", "Content-Type: application/json", "-d", text]
    return shlex.join([*command, address])
