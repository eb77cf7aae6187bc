"""The database of conversations: what is said when it can't be used, and what leaves no trace."""

import sqlite3
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from embeddings.errors import MissingExtra
from qa.assemble import open_conversations
from qa.conversation import COMMENT_CHARS, MAX_CITATION, Feedback
from qa.conversations.sql_conversations import SqlConversations
from qa.conversations.sql_database import said_first
from qa.errors import ConversationsUnavailable, InvalidFeedback
from qa.settings import ConversationSettings, Settings

NOW = datetime.now(UTC)
ANSWER = {"id": "ans_1", "answer": {"text": "Ada Quinn"}}


def fault_of(url: str) -> str:
    """Return what is said when the database at *url* is opened."""
    with pytest.raises(ConversationsUnavailable) as raised:
        SqlConversations(url)
    return str(raised.value)


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    file = tmp_path / "conversations.sqlite"
    file.write_bytes(b"no database" * 100)
    told = fault_of(f"sqlite:///{file}")
    assert str(file) in told
    assert "file is not a database" in told
    assert "`conversations.url` names it" in told
    assert file.read_bytes() == b"no database" * 100


def test_a_database_with_other_tables_of_these_names_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "conversations.sqlite"
    other = sqlite3.connect(file)
    other.execute("CREATE TABLE conversations (topic TEXT)")
    other.commit()
    with pytest.raises(ConversationsUnavailable, match="no such column: conversations"):
        SqlConversations(f"sqlite:///{file}")
    assert other.execute("SELECT name FROM sqlite_schema").fetchall() == [("conversations",)]
    other.close()


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    told = fault_of(f"sqlite:///{tmp_path}/none/conversations.sqlite")
    assert f"{tmp_path}/none/conversations.sqlite" in told
    assert "unable to open database file" in told


def test_a_file_that_may_not_be_written_is_named(tmp_path: Path) -> None:
    SqlConversations(f"sqlite:///{tmp_path}/c.sqlite").close()
    url = f"sqlite:///file:{tmp_path}/c.sqlite?mode=ro&uri=true"
    store = SqlConversations(url, keep=timedelta(days=1))
    with pytest.raises(ConversationsUnavailable, match=r"c\.sqlite.* readonly database"):
        store.begin()
    store.close()


def test_a_database_that_breaks_while_it_is_used_is_named(tmp_path: Path) -> None:
    store = SqlConversations(f"sqlite:///{tmp_path}/c.sqlite")
    breaking = sqlite3.connect(tmp_path / "c.sqlite")
    breaking.execute("DROP TABLE feedback")
    breaking.close()
    with pytest.raises(ConversationsUnavailable, match="no such table: feedback"):
        store.put_feedback(Feedback(answer=ANSWER, verdict="down", given_at=NOW))
    assert len(store.begin()) == 32
    store.close()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://someone:s3cret@127.0.0.1:1/dateline",
        "postgres://someone:s3cret@127.0.0.1:1/dateline?connect_timeout=1",
        "postgresql://someone@127.0.0.1:1/dateline?password=s3cret",
        "postgresql://someone:s3cret@127.0.0.1:none/dateline",
        "postgresql://someone:p@s3cret@127.0.0.1:1/dateline",
        "s3cret",
        "mysql://someone:s3cret@127.0.0.1/dateline",
        "postgresql+asyncpg://someone:s3cret@127.0.0.1/dateline",
    ],
)
def test_no_message_shows_a_password(url: str) -> None:
    told = fault_of(url)
    assert "conversations.url" in told
    assert "s3cret" not in told


def test_a_server_that_does_not_answer_is_named() -> None:
    told = fault_of("postgresql://someone:s3cret@127.0.0.1:1/dateline")
    assert "postgresql+psycopg://someone:***@127.0.0.1:1/dateline" in told
    assert "Connection refused" in told


def test_another_database_is_refused_with_those_that_will_do() -> None:
    told = fault_of("mysql://localhost/dateline")
    assert "begins with mysql" in told
    assert "postgresql+psycopg://" in told


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///", "sqlite:///:memory:"])
def test_a_database_in_memory_is_refused(url: str) -> None:
    assert "names no file" in fault_of(url)


def test_a_missing_driver_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(MissingExtra, match=r"pip install 'dateline\[postgres\]'"):
        SqlConversations("postgresql://someone@127.0.0.1:1/dateline")


def test_conversations_lie_in_the_data_folder_whatever_it_is_called(tmp_path: Path) -> None:
    data = tmp_path / "50% of what? #1 & más"
    data.mkdir()
    open_conversations(Settings(data=data)).close()
    assert [file.name for file in data.iterdir()] == ["conversations.sqlite"]


def test_the_setting_names_another_place(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/elsewhere.sqlite"
    open_conversations(
        Settings(data=tmp_path, conversations=ConversationSettings(url=SecretStr(url)))
    ).close()
    assert [file.name for file in tmp_path.iterdir()] == ["elsewhere.sqlite"]


def test_settings_do_not_show_the_url() -> None:
    url = SecretStr("postgresql://someone:s3cret@127.0.0.1/dateline")
    assert "s3cret" not in repr(Settings(conversations=ConversationSettings(url=url)))


def test_a_deleted_conversation_is_gone_from_the_file(tmp_path: Path) -> None:
    store = SqlConversations(f"sqlite:///{tmp_path}/c.sqlite")
    conversation_id = store.begin()
    store.append(conversation_id, ANSWER | {"question": "Was it my neighbour?"})
    store.close()
    assert b"Was it my neighbour?" in (tmp_path / "c.sqlite").read_bytes()
    store.delete(conversation_id)
    store.close()
    assert b"Was it my neighbour?" not in (tmp_path / "c.sqlite").read_bytes()


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"answer": {}}, "about an answer"),
        ({"answer": {"id": "a" * 65}}, "about an answer"),
        ({"answer": {"id": "a\x00"}}, "about an answer"),
        ({"conversation_id": "c1"}, "32 hexadecimal digits"),
        ({"citation": 0}, "numbered from 1"),
        ({"citation": MAX_CITATION + 1}, "numbered from 1"),
        ({"comment": "x" * (COMMENT_CHARS + 1)}, "2,001 characters; say it in at most 2,000"),
    ],
)
def test_feedback_that_cannot_be_kept_is_refused(fields: dict[str, object], complaint: str) -> None:
    allowed = {"answer": ANSWER, "verdict": "up", "given_at": NOW, "comment": "x" * COMMENT_CHARS}
    Feedback(**allowed)  # type: ignore[arg-type]
    with pytest.raises(InvalidFeedback, match=complaint):
        Feedback(**(allowed | fields))  # type: ignore[arg-type]


def test_rows_that_postgresql_quotes_are_not_told() -> None:
    said = 'value too long\nLINE 1: insert "secret"\nDETAIL:  Failing row contains (secret).'
    assert said_first(ValueError(said)) == "value too long"
    refused = 'connection to "db" failed: refused\n\tIs the server running?'
    assert said_first(ValueError(refused)) == refused
