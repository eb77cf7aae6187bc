"""What a view is called with: the body and the parameters of the request, each checked."""

import json
from collections.abc import Callable, Iterator
from functools import wraps
from typing import TypeVar, get_type_hints

from flask import Response, request
from pydantic import BaseModel, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError
from werkzeug.exceptions import UnsupportedMediaType

from web.schema import Parameters

Model = TypeVar("Model", bound=BaseModel)
View = Callable[..., Response]
Path = tuple[str | int, ...]


def checked(view: View) -> View:
    """Return *view* as Flask calls it, its `body`, `query` and `path` read as they are annotated.

    flask-openapi describes a request from the same annotations. It would also read it, but takes a
    body of any content type, the last of two equal keys, and the first of two equal parameters.
    """
    models = get_type_hints(view)

    @wraps(view)
    def called(**path: str) -> Response:
        read: dict[str, BaseModel] = {}
        if "path" in models:
            read["path"] = models["path"].model_validate(path)
        if "query" in models:
            query: type[Parameters] = models["query"]
            read["query"] = query.read(request.args)
        if "body" in models:
            read["body"] = read_body(models["body"])
        return view(**read)

    called.__dict__["__delay_validate_request__"] = True
    return called


def read_body(model: type[Model]) -> Model:
    """Return the body of the request, or raise what `web/errors.py` makes a 415, 400 or 422 of."""
    if request.mimetype != "application/json":
        raise UnsupportedMediaType("Send JSON, with Content-Type: application/json.")
    sent = request.get_data()
    body = model.model_validate_json(sent)
    refuse_doubles(sent)
    return body


def refuse_doubles(sent: bytes) -> None:
    """Refuse JSON in which an object has a key twice, since it can't tell which was meant.

    *sent* was parsed before, so that it is JSON and not nested too deeply to be walked through.
    """
    parsed = json.loads(sent, object_pairs_hook=tuple, parse_int=str)
    told = PydanticCustomError("double", "This name stands twice in one object.")
    faults = [InitErrorDetails(type=told, loc=path, input=None) for path in _doubles(parsed, ())]
    if faults:
        raise ValidationError.from_exception_data("body", faults)


def _doubles(value: object, path: Path) -> Iterator[Path]:
    """Yield the paths of repeated keys; an object is a tuple of pairs, an array a list."""
    if isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _doubles(inner, (*path, place))
    if isinstance(value, tuple):
        seen: set[str] = set()
        for key, inner in value:
            if key in seen:
                yield (*path, key)
            seen.add(key)
            yield from _doubles(inner, (*path, key))
