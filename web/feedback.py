"""What someone thinks of an answer, as a form sends it."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from werkzeug.exceptions import UnprocessableEntity

from qa.conversation import AnswerJson, Complaint, Conversation, Feedback, Verdict
from web.ask import Id


class FeedbackForm(BaseModel):
    """A verdict on a turn of a conversation, or on one of its citations."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    conversation: Id
    turn: int
    verdict: Verdict
    complaint: Complaint | None = None
    comment: Annotated[str, StringConstraints(max_length=2000)] | None = None
    citation: Annotated[int, Field(ge=1)] | None = None

    def feedback(self, conversation: Conversation) -> Feedback:
        """Return this as it is kept; refuse it if there is no such turn or citation."""
        answer = conversation.turn(self.turn).answer
        if self.citation and self.citation not in numbers_cited(answer):
            raise UnprocessableEntity("The answer has no source of this number.")
        return Feedback(
            answer=answer,
            verdict=self.verdict,
            given_at=datetime.now(UTC),
            conversation_id=self.conversation,
            complaint=self.complaint,
            comment=self.comment,
            citation=self.citation,
        )


def numbers_cited(answer: AnswerJson) -> set[int]:
    """Return the numbers of the citations of *answer*."""
    citations = answer["citations"]
    return {citation["n"] for citation in citations} if isinstance(citations, list) else set()
