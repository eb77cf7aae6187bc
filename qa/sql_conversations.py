"""Conversations and feedback in SQLite or PostgreSQL."""

import secrets
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from threading import Lock

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from qa.conversation import (
    ANSWER_ID_CHARS,
    CONVERSATION_ID,
    CONVERSATION_ID_BYTES,
    AnswerJson,
    Conversation,
    Feedback,
    Turn,
)
from qa.errors import AnswerNotFound, ConversationNotFound
from qa.sql_database import Moment, SqlDatabase

FORGETS_EVERY = timedelta(hours=1)
"""Conversations that are past their time are looked for at most this often."""

_Insert = Callable[[sa.Table], sqlite.Insert | postgresql.Insert]
_INSERT: dict[str, _Insert] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_metadata = sa.MetaData()
_conversations = sa.Table(
    "conversations",
    _metadata,
    sa.Column("conversation_id", sa.String(2 * CONVERSATION_ID_BYTES), primary_key=True),
    sa.Column("began_at", Moment, nullable=False),
    sa.Column("last_at", Moment, nullable=False, index=True),
)
_turns = sa.Table(
    "turns",
    _metadata,
    sa.Column(
        "conversation_id",
        sa.ForeignKey("conversations.conversation_id", ondelete="CASCADE"),
        primary_key=True,
    ),
    sa.Column("n", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("asked_at", Moment, nullable=False),
    sa.Column("answer", sa.JSON, nullable=False),
)
_feedback = sa.Table(
    "feedback",
    _metadata,
    sa.Column("answer_id", sa.String(ANSWER_ID_CHARS), primary_key=True),
    sa.Column("conversation_id", sa.String(2 * CONVERSATION_ID_BYTES), primary_key=True),
    # 0 stands for the answer as a whole: a key can't be null.
    sa.Column("citation", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("given_at", Moment, nullable=False, index=True),
    sa.Column("verdict", sa.String(8), nullable=False),
    sa.Column("complaint", sa.String(32)),
    sa.Column("comment", sa.Text),
    sa.Column("answer", sa.JSON, nullable=False),
)


def _utc_now() -> datetime:
    return datetime.now(UTC)


class SqlConversations:
    """The ConversationStore in an SQL database; its tables are made if missing.

    Conversations are deleted *keep* after their last turn: when the store is opened, and then
    while it is used, an hour late at most. None keeps them. Raises what `SqlDatabase` raises.
    """

    def __init__(
        self,
        url: str | sa.URL,
        *,
        keep: timedelta | None = None,
        clock: Callable[[], datetime] = _utc_now,
    ) -> None:
        self._database = SqlDatabase(url, _metadata)
        self._keep = keep
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
        with self._database.writing() as connection:
            connection.execute(sa.insert(_conversations).values(row))
        return conversation_id

    def conversation(self, conversation_id: str) -> Conversation:
        """Return a conversation; raise `ConversationNotFound` if there is none."""
        self._forget_old()
        this = _conversations.c.conversation_id == _checked(conversation_id)
        of_it = _turns.c.conversation_id == conversation_id
        with self._database.reading() as connection:
            began_at = connection.scalar(sa.select(_conversations.c.began_at).where(this))
            if began_at is None:
                raise ConversationNotFound(conversation_id)
            rows = connection.execute(sa.select(_turns).where(of_it).order_by(_turns.c.n)).all()
        turns = [Turn(n=row.n, asked_at=row.asked_at, answer=row.answer) for row in rows]
        return Conversation(conversation_id=conversation_id, began_at=began_at, turns=turns)

    def append(self, conversation_id: str, answer: AnswerJson) -> Turn:
        """Add a turn and return it; raise `ConversationNotFound` if there is no conversation."""
        self._forget_old()
        now = self._now()
        this = _conversations.c.conversation_id == _checked(conversation_id)
        of_it = _turns.c.conversation_id == conversation_id
        with self._database.writing() as connection:
            # The update locks the conversation, so that two turns never get one number.
            if not connection.execute(
                sa.update(_conversations).where(this).values(last_at=now)
            ).rowcount:
                raise ConversationNotFound(conversation_id)
            last = connection.scalar(sa.select(sa.func.max(_turns.c.n)).where(of_it))
            turn = Turn(n=(last or 0) + 1, asked_at=now, answer=answer)
            row = {"conversation_id": conversation_id, "n": turn.n, "asked_at": now}
            connection.execute(sa.insert(_turns).values(row | {"answer": dict(answer)}))
        return turn

    def delete(self, conversation_id: str) -> None:
        """Forget a conversation, not what was thought of it; raise `ConversationNotFound`."""
        this = _conversations.c.conversation_id == _checked(conversation_id)
        with self._database.writing() as connection:
            if not connection.execute(sa.delete(_conversations).where(this)).rowcount:
                raise ConversationNotFound(conversation_id)

    def forget_before(self, moment: datetime) -> int:
        """Delete the conversations whose last turn is older, and return how many there were."""
        older = _conversations.c.last_at < moment
        with self._database.writing() as connection:
            return connection.execute(sa.delete(_conversations).where(older)).rowcount

    def answer(self, answer_id: str) -> AnswerJson:
        """Return the answer of this id that was given last; raise `AnswerNotFound`."""
        of_it = _turns.c.answer["id"].as_string() == _storable(answer_id)
        newest = sa.select(_turns.c.answer).where(of_it).order_by(_turns.c.asked_at.desc())
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
            insert = _INSERT[connection.dialect.name](_feedback).values(key | told)
            connection.execute(insert.on_conflict_do_update(index_elements=[*key], set_=told))

    def feedback(self) -> Sequence[Feedback]:
        """Return all feedback, oldest first."""
        in_order = (_feedback.c.given_at, *_feedback.primary_key.columns)
        with self._database.reading() as connection:
            rows = connection.execute(sa.select(_feedback).order_by(*in_order)).all()
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
                    sa.delete(_feedback)
                    .filter_by(**_key_of(each))
                    .where(_feedback.c.given_at == each.given_at)
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
        self.forget_before(now - self._keep)


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
