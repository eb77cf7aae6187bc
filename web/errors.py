"""Errors as people and programs read them: a status each, one sentence, one shape.

Programs get RFC 9457 problem details, OpenAI's clients what they know, people a page.
"""

import json
import logging
from collections.abc import Sequence
from urllib.parse import quote

from flask import Flask, Response, has_request_context, render_template, request
from pydantic import ValidationError
from werkzeug.exceptions import BadHost, HTTPException
from werkzeug.http import HTTP_STATUS_CODES

from corpus.errors import CorpusError
from embeddings.errors import SearchError
from qa.errors import ConversationNotFound, NotNow, QAError
from web.openai_errors import openai_error, speaks_openai
from web.refusals import BadJson
from web.statuses import FIELD, UNAVAILABLE, retry_after_s, status_of

logger = logging.getLogger(__name__)

SENTENCE = {
    400: "The request can't be read.",
    404: "There is nothing at this address.",
    500: "Something went wrong in Dateline; its log says what.",
    503: "Dateline can't answer right now; its log says why.",
}
# What people are told of something that is gone; programs get the error's own words.
GONE: dict[type[Exception], str] = {
    ConversationNotFound: "This conversation was deleted, or it is older than conversations are "
    "kept here.",
}
# Over the page that people see.
HEADING = {404: "Not found", 422: "That can’t be asked"}
_KEPT_HEADERS = ("Allow", "Retry-After", "WWW-Authenticate")
Faults = list[dict[str, str]]

_FOR_PROGRAMS = ("/healthz", "/readyz", "/openapi.json", "/mcp")
# RFC 3986, sections 3.3 and 3.5, without the letters and digits that `quote` never escapes.
_PLAIN_IN_FRAGMENTS = "!$&'()*+,;=:@?"


def register(app: Flask) -> None:
    """Make *app* answer every error in this module's one shape."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(ValidationError, _invalid)
    for base in (CorpusError, SearchError, QAError):
        app.register_error_handler(base, _known)


def _known(error: Exception) -> Response:
    status = status_of(error)
    if status == 404 and not _wants_problem():
        return _respond(status, GONE.get(type(error), SENTENCE[status]), [])
    response = _respond(status, *_told(error, ()))
    if (seconds := retry_after_s(error)) is not None:
        response.headers["Retry-After"] = str(seconds)
    return response


def problem_of(error: Exception, at: Sequence[str | int] = ()) -> dict[str, object]:
    """Return one of Dateline's own errors as problem details.

    *at* is the path, in the body, of what was asked.
    """
    if isinstance(error, ValidationError):
        return _problem(*_faulty(error, at))
    return _problem(status_of(error), *_told(error, at))


def pointer(path: Sequence[str | int]) -> str:
    """Return *path* as a JSON pointer in the form of a URI fragment (RFC 6901, section 6)."""
    steps = (str(step).replace("~", "~0").replace("/", "~1") for step in path)
    return "#" + "".join(f"/{quote(step, safe=_PLAIN_IN_FRAGMENTS)}" for step in steps)


def _told(error: Exception, at: Sequence[str | int]) -> tuple[str, Faults]:
    """Return what is told of *error*, and the field that it is about."""
    status = status_of(error)
    detail = str(error)
    if status >= 500 and not isinstance(error, NotNow):
        # The error's own words may name files: they are for the log.
        logger.error("%s: %s", type(error).__name__, error)
        detail = UNAVAILABLE.get(type(error), SENTENCE[status])
    field = FIELD.get(type(error))
    if field == "question" and has_request_context() and "q" in request.args:
        field = "q"
    return detail, [{"pointer": pointer([*at, field]), "detail": detail}] if field else []


def _invalid(error: ValidationError) -> Response:
    return _respond(*_faulty(error, ()))


def _faulty(error: ValidationError, at: Sequence[str | int]) -> tuple[int, str, Faults]:
    """Return the status of an invalid request, and its faults told together and one by one."""
    faults = [
        {
            "pointer": pointer([*at, *fault["loc"]]),
            "detail": f"{fault['msg'].rstrip('.')}.",
        }
        for fault in error.errors(include_url=False, include_context=False, include_input=False)
    ]
    malformed = any(fault["type"] == "json_invalid" for fault in error.errors())
    detail = "; ".join(f"{fault['pointer']} {fault['detail']}" for fault in faults)
    return 400 if malformed else 422, detail, faults


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    own_words = error.description if type(error).description != error.description else None
    detail = own_words or _sentence(error, status)
    faults = [{"pointer": error.pointer, "detail": detail}] if isinstance(error, BadJson) else []
    response = _respond(status, detail, faults)
    response.headers.extend(
        (name, value) for name, value in error.get_headers() if name in _KEPT_HEADERS
    )
    return response


def _sentence(error: HTTPException, status: int) -> str:
    if status == 405:
        return f"This address doesn't take {request.method}."
    if status == 413:
        return "The request is larger than a question can be."
    return SENTENCE.get(status, str(error.description or HTTP_STATUS_CODES.get(status, "")))


def _respond(status: int, detail: str, faults: Faults) -> Response:
    if speaks_openai(request.path):
        return openai_error(status, detail, faults)
    if not _wants_problem():
        sentences = [fault["detail"] for fault in faults] or [detail]
        heading = HEADING.get(status, "That didn’t work")
        page = render_template("error.html", status=status, heading=heading, sentences=sentences)
        return Response(page, status, mimetype="text/html")
    problem = _problem(status, detail, faults) | {"instance": request.path}
    text = json.dumps(problem, ensure_ascii=False)
    return Response(text, status, mimetype="application/problem+json")


def _problem(status: int, detail: str, faults: Faults) -> dict[str, object]:
    title = HTTP_STATUS_CODES.get(status, "Error")
    problem: dict[str, object] = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail,
    }
    return problem | {"errors": faults} if faults else problem


def _wants_problem() -> bool:
    if request.path.startswith("/v1/") or request.path in _FOR_PROGRAMS:
        return True
    if isinstance(request.routing_exception, BadHost):
        return True  # its Host can't stand in an address, so that no page could have links
    # The chat's script asks for these.
    return request.accept_mimetypes.best in ("text/event-stream", "application/json")
