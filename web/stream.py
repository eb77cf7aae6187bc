"""An answer as server-sent events (WHATWG HTML, section 9.2), its steps first.

`status` says which step begins, `citation` comes once for each citation, `answer` holds the answer
in the one shape that it has everywhere, `done` names its conversation and turn, if it has one. An
`error` is a problem (RFC 9457) and ends the stream.
"""

import json
import logging
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import Context, copy_context
from queue import Empty, SimpleQueue

from flask import Response

from corpus.errors import CorpusError
from embeddings.errors import SearchError
from qa.conversation import AnswerJson
from qa.errors import QAError
from qa.steps import OnStep, Step
from web.errors import problem_of
from web.serving.admission import carried_on

logger = logging.getLogger(__name__)

News = Step | Future[AnswerJson]
MIMETYPE = "text/event-stream"
HEARTBEAT_SECONDS = 10.0
"""A comment is sent when nothing else was for so long, so that no proxy closes the stream."""


def streamed(ask: Callable[[OnStep], AnswerJson]) -> Response:
    """Return the response that tells what *ask* does while it does it."""
    told = _within(copy_context(), events(carried_on(ask)))
    return Response(told, mimetype=MIMETYPE, headers={"X-Accel-Buffering": "no"})


def _within(context: Context, parts: Iterator[str]) -> Iterator[str]:
    """Yield *parts* made as in *context*: what is logged then is of the request, which is over."""
    while (part := context.run(next, parts, None)) is not None:
        yield part


def events(ask: Callable[[OnStep], AnswerJson]) -> Iterator[str]:
    """Return the events of one answer; *ask* begins at once, in a thread of its own."""
    told: SimpleQueue[News] = SimpleQueue()
    thread = ThreadPoolExecutor(max_workers=1)
    thread.submit(ask, told.put).add_done_callback(told.put)
    thread.shutdown(wait=False)
    return _events(told)


def _events(told: SimpleQueue[News]) -> Iterator[str]:
    while True:
        try:
            news = told.get(timeout=HEARTBEAT_SECONDS)
        except Empty:
            yield ": still at work\n\n"
            continue
        if isinstance(news, Future):
            yield from _ended(news)
            return
        yield event("status", {"step": news.name, "message": news.message})


def event(name: str, told: Mapping[str, object]) -> str:
    """Return one event; JSON holds no line break, so that it is one line of data."""
    return f"event: {name}\ndata: {json.dumps(told, ensure_ascii=False)}\n\n"


def _ended(asking: Future[AnswerJson]) -> Iterator[str]:
    error = asking.exception()
    if isinstance(error, (CorpusError, SearchError, QAError)):
        yield event("error", problem_of(error))
    elif error:
        logger.error("a streamed answer failed", exc_info=error)
        yield event("error", problem_of(QAError()))
    else:
        yield from _answered(asking.result())


def _answered(answer: AnswerJson) -> Iterator[str]:
    citations = answer["citations"]
    if isinstance(citations, list):
        yield from (event("citation", citation) for citation in citations)
    yield event("answer", answer)
    yield event("done", {"conversation": answer["conversation"]})
