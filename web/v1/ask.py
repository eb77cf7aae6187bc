"""Questions in, answers and passages out."""

import hashlib
import json
from importlib.metadata import version

from flask import Response, request
from flask_openapi import APIBlueprint
from pydantic import ValidationError

from embeddings.index import Filters
from qa.errors import EmptyQuestion, OutOfTime, QuestionTooLong
from qa.serialize import filters_json, hit_json
from web.answer_shapes import Answer
from web.api import as_json, the_asking, the_assistant
from web.ask import AloneBody, AskBody, AskParameters
from web.bodies import BatchBody, SearchBody, SearchParameters
from web.description import ASKING, READING, SENDING, answers
from web.errors import problem_of
from web.examples import EVENTS
from web.reading import checked
from web.shapes import Answers, Hits
from web.stream import MIMETYPE, streamed

bp = APIBlueprint("v1_ask", __name__, url_prefix="/v1", abp_tags=[ASKING])

_TAGGED = {"ETag": "Changes when the answer could.", "Cache-Control": "`private, no-cache`."}
_UNCHANGED = {"description": "The answer is the one that `If-None-Match` names."}


@bp.post(
    "/ask", operation_id="ask", responses=answers(Answer, events=EVENTS, fails=(404, 409, *SENDING))
)
@checked
def ask(body: AskBody) -> Response:
    """Answer a question.

    With `Accept: text/event-stream` the answer comes as server-sent events: `status` for each step
    that begins, `citation` for each citation, `answer` with the whole, `done`; or `error` with a
    problem. In a conversation the turn is kept.
    """
    asking = the_asking()
    if request.accept_mimetypes.best == MIMETYPE:
        return streamed(lambda on_step: asking.answer(body, on_step))
    return as_json(asking.answer(body))


@bp.get(
    "/ask",
    operation_id="askByAddress",
    responses={304: _UNCHANGED, **answers(Answer, headers=_TAGGED, fails=READING)},
)
@checked
def ask_by_address(query: AskParameters) -> Response:
    """Answer a question that stands in the address.

    The answer stays the same until the stories, models or settings change, or the day, which "last
    year" counts from; and so does its ETag: a request with `If-None-Match` is answered with 304
    without asking again. The ETag is weak, since two askings differ in `timings_ms`.
    """
    tag = _tag(query)
    if request.if_none_match.contains_weak(tag):
        response = Response(status=304)
    else:
        response = as_json(the_asking().answer(_body_of(query)))
    response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@bp.post("/ask/batch", operation_id="askBatch", responses=answers(Answers, fails=SENDING))
@checked
def ask_batch(body: BatchBody) -> Response:
    """Answer several questions.

    Answers come in the order of the questions. A question that can't be asked has its problem in
    its place, whose pointers count from the top of the body, and fails no other; so have those that
    the time of one request doesn't suffice for, with status 503.
    """
    answered = [_answer_or_problem(asked, place) for place, asked in enumerate(body.questions)]
    return as_json({"answers": answered})


@bp.post("/search", operation_id="search", responses=answers(Hits, fails=SENDING))
@checked
def search(body: SearchBody) -> Response:
    """Find the passages nearest to a question, in meaning and in words.

    Nothing is read in them: no answer, no confidence.
    """
    return _found(body.question, body.k, body.filters_or_none())


@bp.get("/search", operation_id="searchByAddress", responses=answers(Hits, fails=READING))
@checked
def search_by_address(query: SearchParameters) -> Response:
    """Find the passages nearest to a question that stands in the address."""
    return _found(query.q, query.k, query.filters())


def _tag(query: AskParameters) -> str:
    """Return what names the answer to *query* without asking it."""
    assistant = the_assistant()
    made_from = [
        query.q,
        filters_json(query.filters()),
        query.as_asked,
        str(assistant.receipt()),
        # "Last year" counts from it.
        assistant.knowledge.today().isoformat(),
        version("dateline"),
    ]
    return hashlib.blake2b(json.dumps(made_from).encode(), digest_size=12).hexdigest()


def _body_of(query: AskParameters) -> AskBody:
    filters = filters_json(query.filters())
    body = {"question": query.q, "filters": filters, "as_asked": query.as_asked}
    return AskBody.model_validate(body)


def _answer_or_problem(asked: AloneBody | ValidationError, place: int) -> dict[str, object]:
    at = ("questions", place)
    if isinstance(asked, ValidationError):
        return problem_of(asked, at)
    try:
        return the_asking().answer(_alone(asked))
    except (EmptyQuestion, QuestionTooLong, OutOfTime) as error:
        return problem_of(error, at)


def _alone(asked: AloneBody) -> AskBody:
    return AskBody(question=asked.question, filters=asked.filters, as_asked=asked.as_asked)


def _found(question: str, k: int, filters: Filters) -> Response:
    hits = the_assistant().search(question, k=k, filters=filters)
    return as_json(
        {
            "question": question,
            "filters": filters_json(filters),
            "hits": [hit_json(hit) for hit in hits],
        }
    )
