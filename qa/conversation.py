"""Conversations and feedback: what they are, and where they are kept."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from qa.errors import InvalidFeedback, TurnNotFound

CONVERSATION_ID_BYTES = 16
CONVERSATION_ID = re.compile(rf"[0-9a-f]{{{2 * CONVERSATION_ID_BYTES}}}")
ANSWER_ID_CHARS = 64
COMMENT_CHARS = 2000
MAX_CITATION = 1000

Verdict = Literal["up", "down"]
Complaint = Literal[
    "wrong_answer",
    "wrong_source",
    "not_an_answer",
    "incomplete",
    "outdated",
    "should_have_answered",
    "other",
]
AnswerJson = Mapping[str, object]
"""An answer as `qa.serialize.answer_json` gives it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A question and its answer; turns of a conversation are numbered from 1."""

    n: int
    asked_at: datetime
    answer: AnswerJson


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """Turns, oldest first, under an id of 128 random bits in hexadecimal."""

    conversation_id: str
    began_at: datetime
    turns: Sequence[Turn]

    def turn(self, n: int) -> Turn:
        """Return turn number *n*; raise `TurnNotFound` if there is none."""
        for turn in self.turns:
            if turn.n == n:
                return turn
        raise TurnNotFound(self.conversation_id, n)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """What someone thinks of an answer, or of one of its citations (by its *citation* number).

    *complaint* says what is wrong with it. *conversation_id* is empty where the answer stood in no
    conversation. *comment* has at most `COMMENT_CHARS` code points. Raises `InvalidFeedback` for
    what can't be kept.
    """

    answer: AnswerJson
    verdict: Verdict
    given_at: datetime
    conversation_id: str = ""
    complaint: Complaint | None = None
    comment: str | None = None
    citation: int | None = None

    def __post_init__(self) -> None:
        if not re.fullmatch(rf"[\w-]{{1,{ANSWER_ID_CHARS}}}", self.answer_id, re.ASCII):
            raise InvalidFeedback("Feedback is about an answer, by the id that came with it.")
        if self.conversation_id and not CONVERSATION_ID.fullmatch(self.conversation_id):
            raise InvalidFeedback(
                f"A conversation's id is {2 * CONVERSATION_ID_BYTES} hexadecimal digits."
            )
        if self.citation is not None and not 1 <= self.citation <= MAX_CITATION:
            raise InvalidFeedback("Citations are numbered from 1.")
        if len(self.comment or "") > COMMENT_CHARS:
            raise InvalidFeedback(
                f"The comment has {len(self.comment or ''):,} characters; "
                f"say it in at most {COMMENT_CHARS:,}."
            )

    @property
    def answer_id(self) -> str:
        """The id of the answer that this is about; empty if it has none."""
        return str(self.answer.get("id", ""))


class ConversationStore(Protocol):
    """Keeps conversations and feedback; safe to use from several threads and processes.

    Every method raises `ConversationsUnavailable` if the database can't be reached.
    """

    def begin(self) -> str:
        """Begin a conversation and return its id."""
        ...

    def conversation(self, conversation_id: str) -> Conversation:
        """Return a conversation; raise `ConversationNotFound` if there is none."""
        ...

    def append(self, conversation_id: str, answer: AnswerJson) -> Turn:
        """Add a turn and return it; raise `ConversationNotFound` if there is no conversation."""
        ...

    def delete(self, conversation_id: str) -> None:
        """Forget a conversation, not what was thought of it; raise `ConversationNotFound`."""
        ...

    def forget_before(self, moment: datetime) -> int:
        """Delete the conversations whose last turn is older, and return how many there were."""
        ...

    def answer(self, answer_id: str) -> AnswerJson:
        """Return the answer of this id that was given last; raise `AnswerNotFound`."""
        ...

    def put_feedback(self, feedback: Feedback) -> None:
        """Keep *feedback*, in place of what was said of this answer in this conversation.

        NUL is dropped from the comment, and half a surrogate pair becomes a question mark: not
        every database keeps them.
        """
        ...

    def feedback(self) -> Sequence[Feedback]:
        """Return all feedback, oldest first."""
        ...

    def clear_feedback(self, feedback: Sequence[Feedback]) -> int:
        """Forget these votes, but for those given anew since; return how many were forgotten."""
        ...
