"""What every ConversationStore does."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from qa.conversation import ConversationStore, Feedback
from qa.errors import ConversationNotFound
from qa.sql_conversations import SqlConversations

NOW = datetime.now(UTC)
ANSWER = {"id": "ans_1", "status": "answered", "answer": {"text": "Zoë"}}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ConversationStore]:
    store = SqlConversations(f"sqlite:///{tmp_path}/conversations.sqlite")
    yield store
    store.close()


def test_turns_come_back_in_order(store: ConversationStore) -> None:
    conversation_id = store.begin()
    for number in range(3):
        store.append(conversation_id, ANSWER | {"id": f"ans_{number}"})

    turns = store.conversation(conversation_id).turns
    assert [turn.n for turn in turns] == [1, 2, 3]
    assert [turn.answer["id"] for turn in turns] == ["ans_0", "ans_1", "ans_2"]
    assert turns[0].answer["answer"] == {"text": "Zoë"}


def test_ids_are_of_128_bits_and_never_alike(store: ConversationStore) -> None:
    ids = {store.begin() for _ in range(50)}
    assert len(ids) == 50
    assert all(len(bytes.fromhex(conversation_id)) == 16 for conversation_id in ids)


def test_deleted_conversation_is_gone(store: ConversationStore) -> None:
    conversation_id = store.begin()
    store.append(conversation_id, ANSWER)
    store.delete(conversation_id)

    with pytest.raises(ConversationNotFound):
        store.conversation(conversation_id)
    with pytest.raises(ConversationNotFound):
        store.append(conversation_id, ANSWER)
    with pytest.raises(ConversationNotFound):
        store.delete(conversation_id)


def test_old_conversations_are_forgotten_and_new_ones_stay(store: ConversationStore) -> None:
    conversation_id = store.begin()
    assert store.forget_before(NOW - timedelta(days=1)) == 0
    assert store.conversation(conversation_id).turns == []
    assert store.forget_before(datetime.now(UTC) + timedelta(seconds=1)) == 1


def test_one_vote_for_an_answer_the_last_one_counts(store: ConversationStore) -> None:
    store.put_feedback(Feedback(answer=ANSWER, verdict="up", given_at=NOW))
    down = Feedback(
        answer=ANSWER, verdict="down", given_at=NOW, complaint="wrong_source", comment="No."
    )
    store.put_feedback(down)
    of_source = Feedback(answer=ANSWER, verdict="up", given_at=NOW, citation=2)
    store.put_feedback(of_source)

    assert sorted(store.feedback(), key=lambda each: each.citation or 0) == [down, of_source]
    assert store.clear_feedback() == 2
    assert store.feedback() == []
