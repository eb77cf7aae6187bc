"""What becomes of conversations where the machine's clock jumps, forwards or back."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from qa.conversations.sql_conversations import SqlConversations

DAY = timedelta(days=1)
KEEP = timedelta(days=90)
START = datetime(2026, 11, 24, 12, tzinfo=UTC)
ANSWER = {"id": "ans_1", "status": "abstained"}


class JumpingClock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> JumpingClock:
    return JumpingClock()


@pytest.fixture
def conversations(tmp_path: Path, clock: JumpingClock) -> Iterator[SqlConversations]:
    store = SqlConversations(f"sqlite:///{tmp_path}/c.sqlite", keep=KEEP, clock=clock)
    yield store
    store.close()


@pytest.mark.parametrize("jump", [DAY, -DAY, 80 * DAY, -400 * DAY])
def test_a_jump_deletes_no_conversation_that_is_still_to_be_kept_and_turns_go_on(
    conversations: SqlConversations, clock: JumpingClock, jump: timedelta
) -> None:
    begun = conversations.begin()
    conversations.append(begun, ANSWER)
    clock.now += jump
    conversations.append(begun, ANSWER)
    clock.now = START
    conversations.append(begun, ANSWER)

    assert [turn.n for turn in conversations.conversation(begun).turns] == [1, 2, 3]
    assert [turn.n for turn in conversations.latest_turns(begun, 2)] == [2, 3]


def test_a_conversation_of_a_time_to_come_is_deleted_in_its_time(
    conversations: SqlConversations, clock: JumpingClock
) -> None:
    clock.now += DAY
    begun = conversations.begin()
    clock.now = START + KEEP + DAY / 2
    assert conversations.conversation(begun).turns == []
    clock.now = START + KEEP + 2 * DAY

    with pytest.raises(Exception, match="No conversation has this id"):
        conversations.conversation(begun)
