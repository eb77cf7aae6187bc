"""Conversations and feedback in any database that SQLAlchemy speaks to."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from qa.conversation import AnswerJson, Conversation, Feedback, Turn
from qa.errors import ConversationNotFound, ConversationsUnavailable

_ID_BYTES = 16

_metadata = sa.MetaData()
_conversations = sa.Table(
    "conversations",
    _metadata,
    sa.Column("conversation_id", sa.String(32), primary_key=True),
    sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("last_at", sa.DateTime(timezone=True), nullable=False, index=True),
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
    sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("answer", sa.JSON, nullable=False),
)
_feedback = sa.Table(
    "feedback",
    _metadata,
    sa.Column("answer_id", sa.String(64), primary_key=True),
    sa.Column("conversation_id", sa.String(32), primary_key=True),
    sa.Column("citation", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("given_at", sa.DateTime(timezone=True), nullable=False, index=True),
    sa.Column("verdict", sa.String(8), nullable=False),
    sa.Column("complaint", sa.String(32)),
    sa.Column("comment", sa.Text),
    sa.Column("answer", sa.JSON, nullable=False),
)


class SqlConversations:
    """The ConversationStore in an SQL database; its tables are made if missing."""

    def __init__(self, url: str) -> None:
        """Open the database at *url*; raise `ConversationsUnavailable` if it can't be."""
        with _translated():
            self._engine = sa.create_engine(url, pool_pre_ping=True)
            if self._engine.dialect.name == "sqlite":
                sa.event.listen(self._engine, "connect", _set_up_sqlite)
            _metadata.create_all(self._engine)

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def begin(self) -> str:
        """Begin a conversation and return its id."""
        conversation_id = secrets.token_hex(_ID_BYTES)
        now = datetime.now(UTC)
        row = {"conversation_id": conversation_id, "began_at": now, "last_at": now}
        with self._transaction() as connection:
            connection.execute(sa.insert(_conversations).values(row))
        return conversation_id

    def conversation(self, conversation_id: str) -> Conversation:
        """Return a conversation; raise `ConversationNotFound` if there is none."""
        of_it = _turns.c.conversation_id == conversation_id
        with self._transaction() as connection:
            began_at = connection.scalar(
                sa.select(_conversations.c.began_at).where(
                    _conversations.c.conversation_id == conversation_id
                )
            )
            if began_at is None:
                raise ConversationNotFound(conversation_id)
            rows = connection.execute(sa.select(_turns).where(of_it).order_by(_turns.c.n)).all()
        return Conversation(
            conversation_id=conversation_id, began_at=_utc(began_at), turns=[*map(_turn_of, rows)]
        )

    def append(self, conversation_id: str, answer: AnswerJson) -> Turn:
        """Add a turn and return it; raise `ConversationNotFound` if there is no conversation."""
        now = datetime.now(UTC)
        this = _conversations.c.conversation_id == conversation_id
        with self._transaction() as connection:
            # The update locks the conversation, so that two turns never get one number.
            updated = connection.execute(sa.update(_conversations).where(this).values(last_at=now))
            if not updated.rowcount:
                raise ConversationNotFound(conversation_id)
            last = connection.scalar(
                sa.select(sa.func.max(_turns.c.n)).where(
                    _turns.c.conversation_id == conversation_id
                )
            )
            turn = Turn(n=(last or 0) + 1, asked_at=now, answer=answer)
            row = {"conversation_id": conversation_id, "n": turn.n, "asked_at": now}
            connection.execute(sa.insert(_turns).values(row | {"answer": dict(answer)}))
        return turn

    def delete(self, conversation_id: str) -> None:
        """Forget a conversation, not what was thought of it; raise `ConversationNotFound`."""
        this = _conversations.c.conversation_id == conversation_id
        with self._transaction() as connection:
            if not connection.execute(sa.delete(_conversations).where(this)).rowcount:
                raise ConversationNotFound(conversation_id)

    def forget_before(self, moment: datetime) -> int:
        """Delete the conversations whose last turn is older, and return how many there were."""
        older = _conversations.c.last_at < moment
        with self._transaction() as connection:
            return connection.execute(sa.delete(_conversations).where(older)).rowcount

    def put_feedback(self, feedback: Feedback) -> None:
        """Keep *feedback*, in place of what was said of this answer in this conversation."""
        key = {
            "answer_id": feedback.answer_id,
            "conversation_id": feedback.conversation_id,
            "citation": feedback.citation or 0,
        }
        told = {
            "given_at": feedback.given_at,
            "verdict": feedback.verdict,
            "complaint": feedback.complaint,
            "comment": feedback.comment,
            "answer": dict(feedback.answer),
        }
        with self._transaction() as connection:
            connection.execute(
                sa.delete(_feedback).where(*(_feedback.c[name] == key[name] for name in key))
            )
            connection.execute(sa.insert(_feedback).values(key | told))

    def feedback(self) -> Sequence[Feedback]:
        """Return all feedback, oldest first."""
        with self._transaction() as connection:
            rows = connection.execute(sa.select(_feedback).order_by(_feedback.c.given_at)).all()
        return [
            Feedback(
                answer=row.answer,
                verdict=row.verdict,
                given_at=_utc(row.given_at),
                conversation_id=row.conversation_id,
                complaint=row.complaint,
                comment=row.comment,
                citation=row.citation or None,
            )
            for row in rows
        ]

    def clear_feedback(self) -> int:
        """Forget all feedback, and return how much there was."""
        with self._transaction() as connection:
            return connection.execute(sa.delete(_feedback)).rowcount

    @contextmanager
    def _transaction(self) -> Iterator[sa.Connection]:
        with _translated(), self._engine.begin() as connection:
            yield connection


@contextmanager
def _translated() -> Iterator[None]:
    """Turn what the database raises into one error that names no secret of its URL."""
    try:
        yield
    except (SQLAlchemyError, ImportError) as error:
        cause = getattr(error, "orig", None) or error
        raise ConversationsUnavailable(
            f"the database of conversations can't be used: {type(cause).__name__}; "
            "`conversations.url` names it"
        ) from error


def _set_up_sqlite(connection: sa.engine.interfaces.DBAPIConnection, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode = WAL", "foreign_keys = ON", "busy_timeout = 5000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _turn_of(row: sa.Row[tuple[object, ...]]) -> Turn:
    return Turn(n=row.n, asked_at=_utc(row.asked_at), answer=row.answer)


def _utc(moment: datetime) -> datetime:
    # SQLite keeps no zone; what was written was UTC.
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
