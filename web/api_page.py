"""The page of the API, written from the code: `python -m web.api_page FILE [--check]`."""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from qa.settings import AnswerSettings
from web.description import described_app, description_of
from web.reference import Field, Model, Operation, Reference, reference_of
from web.v1 import BLUEPRINTS

_OPENING = """\
# The JSON API

Written by `make docs` from the code. A running server shows all of this, with every field of what
is sent and answered, at `/docs`, and for programs at `/openapi.json` (OpenAPI 3.1).
[Examples](examples.md) in several languages use it.
"""
_IN_FULL = ("Answer", "Citation", "FiltersBody", "Problem")


def api_page() -> str:
    """Return the page in Markdown."""
    app = described_app("web")
    for blueprint in BLUEPRINTS:
        app.register_api(blueprint)
    described = description_of(app, AnswerSettings().max_question_chars)
    return "\n".join([_OPENING, *_lines(reference_of(described))]).rstrip() + "\n"


def _lines(reference: Reference) -> Iterator[str]:
    yield f"{reference.about}\n"
    models = {model.name: model for model in reference.models}
    for tag, operations in reference.operations.items():
        yield f"## {tag}\n"
        for operation in operations:
            yield from _operation(operation, models)
    yield "## Shapes\n"
    for model in reference.models:
        if model.name in _IN_FULL:
            yield f"### {model.name}\n\n{model.description}\n"
            yield from map(_row, model.fields)
            yield ""


def _operation(operation: Operation, models: Mapping[str, Model]) -> Iterator[str]:
    yield f"### {operation.method} {operation.path}\n"
    yield f"{operation.summary} {operation.description}".rstrip() + "\n"
    yield f"```sh\n{operation.curl}\n```\n"
    for fields in filter(None, (operation.parameters, *_bodies(operation, models))):
        yield from map(_row, fields)
        yield ""
    answered = [reply for reply in operation.replies if reply.status < "400"]
    refused = [f"`{reply.status}`" for reply in operation.replies if reply.status >= "400"]
    told = [f"`{reply.status}` {reply.shape or reply.meaning}".rstrip(".") for reply in answered]
    if operation.events:
        yield f"```\n{operation.events}```\n"
    yield f"Answers: {'; '.join(told)}. Problems: {', '.join(refused)}.\n"


def _bodies(operation: Operation, models: Mapping[str, Model]) -> Iterator[tuple[Field, ...]]:
    """Yield the fields of every form that the body may have."""
    if operation.body:
        for form in models[operation.body].forms or (operation.body,):
            yield models[form].fields


def _row(field: Field) -> str:
    required = ", required" if field.required else ""
    kind = field.kind.replace("|", "or")
    return f"- `{field.name}` ({kind}{required}): {field.meaning}"


def main(arguments: list[str]) -> None:
    """Write the page to the file in *arguments*; with --check, fail if it is not up to date."""
    [file] = [Path(argument) for argument in arguments if argument != "--check"]
    if "--check" not in arguments:
        file.write_text(api_page(), "utf-8")
    elif file.read_text("utf-8") != api_page():
        sys.exit(f"{file} is not what the code says; run `make docs`.")


if __name__ == "__main__":
    main(sys.argv[1:])
