"""Errors as OpenAI's clients read them, on the addresses that speak their language."""

import json
from collections.abc import Mapping, Sequence

from flask import Response

_TYPE = {
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    429: "rate_limit_error",
}
_CODE = {401: "invalid_api_key", 404: "model_not_found", 429: "rate_limit_exceeded"}
_PARAM = {"question": "messages"}  # the question is the last of the messages


def speaks_openai(path: str) -> bool:
    """Say whether OpenAI's clients ask at *path*."""
    return path.startswith(("/v1/chat/", "/v1/models"))


def openai_error(status: int, detail: str, faults: Sequence[Mapping[str, str]]) -> Response:
    """Return an error in OpenAI's shape, which has room for the first field at fault.

    Clients make a class of error of each status: a body that can't be honoured is 400 here.
    """
    status = 400 if status == 422 else status
    param = faults[0]["pointer"].removeprefix("#/").replace("/", ".") if faults else None
    error = {
        "message": " ".join(fault["detail"] for fault in faults) or detail,
        "type": _TYPE.get(status, "server_error" if status >= 500 else "invalid_request_error"),
        "param": _PARAM.get(param, param) if param else None,
        "code": _CODE.get(status),
    }
    return Response(json.dumps({"error": error}), status, mimetype="application/json")
