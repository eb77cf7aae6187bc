"""The tables of conversations and feedback, in SQLite and PostgreSQL alike."""

import sqlalchemy as sa

from qa.conversation import ANSWER_ID_CHARS, CONVERSATION_ID_BYTES
from qa.conversations.sql_database import Moment

METADATA = sa.MetaData()
CONVERSATIONS = sa.Table(
    "conversations",
    METADATA,
    sa.Column("conversation_id", sa.String(2 * CONVERSATION_ID_BYTES), primary_key=True),
    sa.Column("began_at", Moment, nullable=False),
    sa.Column("last_at", Moment, nullable=False, index=True),
)
TURNS = sa.Table(
    "turns",
    METADATA,
    sa.Column(
        "conversation_id",
        sa.ForeignKey("conversations.conversation_id", ondelete="CASCADE"),
        primary_key=True,
    ),
    sa.Column("n", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("asked_at", Moment, nullable=False),
    sa.Column("answer", sa.JSON, nullable=False),
)
FEEDBACK = sa.Table(
    "feedback",
    METADATA,
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
