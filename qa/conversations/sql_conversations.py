"""Conversations and feedback in SQLite or PostgreSQL."""

import logging
import secrets
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from threading import Lock

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from qa.conversation import (
    CONVERSATION_ID,
    CONVERSATION_ID_BYTES,
    AnswerJson,
    Conversation,
    Feedback,
    Turn,
)
from qa.conversations.conversation_tables import CONVERSATIONS, FEEDBACK, METADATA, TURNS
from qa.conversations.sql_database import SqlDatabase
from qa.errors import (
    AnswerNotFound,
    ConversationFull,
    ConversationNotFound,
    ConversationsUnavailable,
)

logger = logging.getLogger(__name__)

FORGETS_EVERY = timedelta(hours=1)
"""Conversations that are past their time are looked for at most this often."""

_Insert = Callable[[sa.Table], sqlite.Insert | postgresql.Insert]
_INSERT: dict[str, _Insert] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def _utc_now() -> datetime:
    return datetime.now(UTC)


class SqlConversations:
    """The ConversationStore in an SQL database; its tables are made if missing.

    Conversations are deleted *keep* after their last turn: when the store is opened, and then
    while it is used, an hour late at most. None keeps them. A conversation has at most *max_turns*
    turns; None sets no bound. Raises what `SqlDatabase` raises.
    """

    def __init__(
        self,
        url: str | sa.URL,
        *,
        keep: timedelta | None = None,
        max_turns: int | None = None,
        clock: Callable[[], datetime] = _utc_now,
    ) -> None:
        self._database = SqlDatabase(url, METADATA)
        self._keep = keep
        self._max_turns = max_turns
        self._now = clock
        self._forgets_at = datetime.min.replace(tzinfo=UTC)
        self._forgetting = Lock()
        self._forget_old()

    def close(self) -> None:
        """Close every connection."""
        self._database.close()

    def begin(self) -> str:
        """Begin a conversation and return its id."""
        self._forget_old()
        conversation_id = secrets.token_hex(CONVERSATION_ID_BYTES)
        now = self._now()
        row = {"conversation_id": conversation_id, "began_at": now, "last_at": now}
        with self._database.writing(hasty=True) as connection:
            connection.execute(sa.insert(CONVERSATIONS).values(row))
        return conversation_id

    def conversation(self, conversation_id: str) -> Conversation:
        """Return a conversation; raise `ConversationNotFound` if there is none."""
        self._forget_old()
        this = CONVERSATIONS.c.conversation_id == _checked(conversation_id)
        of_it = TURNS.c.conversation_id == conversation_id
        with self._database.reading() as connection:
            began_at = connection.scalar(sa.select(CONVERSATIONS.c.began_at).where(this))
            if began_at is None:
                raise ConversationNotFound(conversation_id)
            rows = connection.execute(sa.select(TURNS).where(of_it).order_by(TURNS.c.n)).all()
        turns = list(map(_turn, rows))
        return Conversation(conversation_id=conversation_id, began_at=began_at, turns=turns)

    def latest_turns(self, conversation_id: str, count: int) -> Sequence[Turn]:
        """Return the last *count* turns, oldest first; raise `ConversationNotFound`."""
        self._forget_old()
        this = CONVERSATIONS.c.conversation_id == _checked(conversation_id)
        of_it = TURNS.c.conversation_id == conversation_id
        # The key's index holds a conversation's turns in order, and is read from its end.
        last = sa.select(TURNS).where(of_it).order_by(TURNS.c.n.desc()).limit(count)
        with self._database.reading() as connection:
            if connection.scalar(sa.select(CONVERSATIONS.c.began_at).where(this)) is None:
                raise ConversationNotFound(conversation_id)
            rows = connection.execute(last).all()
        return [_turn(row) for row in reversed(rows)]

    def append(self, conversation_id: str, answer: AnswerJson) -> Turn:
        """Add a turn and return it; raise `ConversationNotFound` or `ConversationFull`."""
        self._forget_old()
        now = self._now()
        this = CONVERSATIONS.c.conversation_id == _checked(conversation_id)
        of_it = TURNS.c.conversation_id == conversation_id
        # Whoever asks doesn't wait for a slow disk: what is deleted or judged does.
        with self._database.writing(hasty=True) as connection:
            # The update locks the conversation, so that two turns never get one number.
            if not connection.execute(
                sa.update(CONVERSATIONS).where(this).values(last_at=now)
            ).rowcount:
                raise ConversationNotFound(conversation_id)
            last = connection.scalar(sa.select(sa.func.max(TURNS.c.n)).where(of_it))
            if self._max_turns is not None and (last or 0) >= self._max_turns:
                raise ConversationFull(self._max_turns)
            turn = Turn(n=(last or 0) + 1, asked_at=now, answer=answer)
            row = {"conversation_id": conversation_id, "n": turn.n, "asked_at": now}
            connection.execute(sa.insert(TURNS).values(row | {"answer": dict(answer)}))
        return turn

    def delete(self, conversation_id: str) -> None:
        """Forget a conversation, not what was thought of it; raise `ConversationNotFound`."""
        this = CONVERSATIONS.c.conversation_id == _checked(conversation_id)
        with self._database.writing() as connection:
            if not connection.execute(sa.delete(CONVERSATIONS).where(this)).rowcount:
                raise ConversationNotFound(conversation_id)

    def forget_before(self, moment: datetime) -> int:
        """Delete the conversations whose last turn is older, and return how many there were."""
        older = CONVERSATIONS.c.last_at < moment
        with self._database.writing() as connection:
            return connection.execute(sa.delete(CONVERSATIONS).where(older)).rowcount

    def answer(self, answer_id: str) -> AnswerJson:
        """Return the answer of this id that was given last; raise `AnswerNotFound`."""
        of_it = TURNS.c.answer["id"].as_string() == _storable(answer_id)
        newest = sa.select(TURNS.c.answer).where(of_it).order_by(TURNS.c.asked_at.desc())
        with self._database.reading() as connection:
            answer: AnswerJson | None = connection.scalar(newest.limit(1))
        if answer is None:
            raise AnswerNotFound(answer_id)
        return answer

    def put_feedback(self, feedback: Feedback) -> None:
        """Keep *feedback*, in place of what was said of this answer in this conversation."""
        key = _key_of(feedback)
        told = {
            "given_at": feedback.given_at,
            "verdict": feedback.verdict,
            "complaint": feedback.complaint,
            "comment": _storable(feedback.comment),
            "answer": dict(feedback.answer),
        }
        with self._database.writing() as connection:
            insert = _INSERT[connection.dialect.name](FEEDBACK).values(key | told)
            connection.execute(insert.on_conflict_do_update(index_elements=[*key], set_=told))

    def feedback(self) -> Sequence[Feedback]:
        """Return all feedback, oldest first."""
        in_order = (FEEDBACK.c.given_at, *FEEDBACK.primary_key.columns)
        with self._database.reading() as connection:
            rows = connection.execute(sa.select(FEEDBACK).order_by(*in_order)).all()
        return [
            Feedback(
                answer=row.answer,
                verdict=row.verdict,
                given_at=row.given_at,
                conversation_id=row.conversation_id,
                complaint=row.complaint,
                comment=row.comment,
                citation=row.citation or None,
            )
            for row in rows
        ]

    def clear_feedback(self, feedback: Sequence[Feedback]) -> int:
        """Forget these votes, but for those given anew since; return how many were forgotten."""
        with self._database.writing() as connection:
            return sum(
                connection.execute(
                    sa.delete(FEEDBACK)
                    .filter_by(**_key_of(each))
                    .where(FEEDBACK.c.given_at == each.given_at)
                ).rowcount
                for each in feedback
            )

    def _forget_old(self) -> None:
        """Delete the conversations that are past their time, unless that was done just now."""
        if self._keep is None:
            return
        now = self._now()
        with self._forgetting:
            if now < self._forgets_at:
                return
            self._forgets_at = now + FORGETS_EVERY
        try:
            self.forget_before(now - self._keep)
        except ConversationsUnavailable as error:
            # A disk that takes nothing more is no reason not to read what is there.
            logger.warning("Old conversations stay for now: %s", error)


def _turn(row: sa.Row[tuple[str, int, datetime, AnswerJson]]) -> Turn:
    return Turn(n=row.n, asked_at=row.asked_at, answer=row.answer)


def _key_of(feedback: Feedback) -> dict[str, str | int]:
    return {
        "answer_id": feedback.answer_id,
        "conversation_id": feedback.conversation_id,
        "citation": feedback.citation or 0,
    }


def _checked(conversation_id: str) -> str:
    # What can be no id is not asked for: PostgreSQL refuses a query with NUL in it.
    if not CONVERSATION_ID.fullmatch(conversation_id):
        raise ConversationNotFound(conversation_id)
    return conversation_id


def _storable(comment: str | None) -> str | None:
    """Return *comment* without what PostgreSQL keeps in no text: NUL, and halves of a pair."""
    if comment is None:
        return None
    return comment.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
