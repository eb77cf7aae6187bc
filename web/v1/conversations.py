"""Conversations, and what readers think of the answers."""

from datetime import UTC, datetime

from flask import Response, url_for
from flask_openapi import APIBlueprint

from qa.conversation import AnswerJson, Feedback
from qa.errors import AnswerChanged, CitationNotFound
from qa.serialize import conversation_json
from web.api import as_json, the_asking, the_conversations
from web.ask import AskBody
from web.bodies import FeedbackBody, TurnFeedback
from web.description import CONVERSATIONS, SENDING, answers, problems
from web.feedback import numbers_cited
from web.operating.metrics import the_metrics
from web.reading import checked
from web.schema import Body
from web.shapes import Conversation

bp = APIBlueprint("v1_conversations", __name__, url_prefix="/v1", abp_tags=[CONVERSATIONS])


class ConversationPath(Body):
    """The part of an address that names a conversation."""

    conversation_id: str
    """The conversation."""


@bp.post(
    "/conversations",
    operation_id="beginConversation",
    responses=answers(Conversation, status=201, headers={"Location": "Where it is."}, fails=(403,)),
)
@checked
def begin() -> Response:
    """Begin a conversation: its id goes into the questions that belong to it."""
    conversation_id = the_conversations().begin()
    begun = the_conversations().conversation(conversation_id)
    response = as_json(conversation_json(begun), 201)
    response.location = url_for(".conversation", conversation_id=conversation_id)
    return response


@bp.get(
    "/conversations/<conversation_id>",
    operation_id="getConversation",
    responses=answers(Conversation, fails=(404,)),
)
@checked
def conversation(path: ConversationPath) -> Response:
    """Return a conversation with its turns."""
    return as_json(conversation_json(the_conversations().conversation(path.conversation_id)))


@bp.delete(
    "/conversations/<conversation_id>",
    operation_id="deleteConversation",
    responses={204: {"description": "It is forgotten."}, **problems(403, 404)},
)
@checked
def forget(path: ConversationPath) -> Response:
    """Forget a conversation; what was thought of its answers stays."""
    the_conversations().delete(path.conversation_id)
    return Response(status=204)


@bp.post(
    "/feedback",
    operation_id="giveFeedback",
    responses={204: {"description": "It is kept."}, **problems(404, 409, *SENDING)},
)
@checked
def feedback(body: FeedbackBody) -> Response:
    """Say what you think of an answer, or of one of its citations.

    Saying it again replaces what was said before. Feedback never changes answers by itself. Without
    a conversation the question is asked again, and refused with 409 if its answer has changed.
    """
    opinion = body.root
    if isinstance(opinion, TurnFeedback):
        conversation_id, answer = opinion.conversation_id, _answer_of(opinion)
    else:
        asked = AskBody(
            question=opinion.question, filters=opinion.filters, as_asked=opinion.as_asked
        )
        conversation_id, answer = "", the_asking().answer(asked)
        if answer["id"] != opinion.answer_id:
            raise AnswerChanged(opinion.answer_id, str(answer["id"]))
    if opinion.citation is not None and opinion.citation not in numbers_cited(answer):
        raise CitationNotFound(str(answer["id"]), opinion.citation)
    the_conversations().put_feedback(
        Feedback(
            answer=answer,
            conversation_id=conversation_id,
            given_at=datetime.now(UTC),
            verdict=opinion.verdict,
            complaint=opinion.complaint,
            comment=opinion.comment,
            citation=opinion.citation,
        )
    )
    the_metrics().judged(opinion.verdict)
    return Response(status=204)


def _answer_of(opinion: TurnFeedback) -> AnswerJson:
    kept = the_conversations().conversation(opinion.conversation_id)
    return kept.turn(opinion.turn).answer
