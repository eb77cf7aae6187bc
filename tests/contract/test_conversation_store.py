"""What every ConversationStore does."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from multiprocessing import get_context

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa.conversation import ConversationStore, Feedback, Verdict
from qa.conversations.sql_conversations import SqlConversations
from qa.errors import AnswerNotFound, ConversationFull, ConversationNotFound

NOW = datetime.now(UTC)
ANSWER = {"id": "ans_1", "status": "answered", "answer": {"text": "Zoë"}}
THREADS = 8
TURNS_EACH = 6

# Whatever a JSON parser may hand over: every character, NUL and halves of a pair among them.
anything = st.text(st.characters(exclude_categories=()), max_size=30)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | anything,
    lambda children: (
        st.lists(children, max_size=3) | st.dictionaries(anything, children, max_size=3)
    ),
    max_leaves=8,
)
answers = st.dictionaries(anything, values, max_size=4).map(lambda fields: fields | {"id": "ans_1"})
comments = st.none() | st.text(st.characters(exclude_characters="\x00", codec="utf-8"), max_size=80)
on_one_store = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def opened(url: str) -> SqlConversations:
    return SqlConversations(url)


def side_by_side(act: Callable[[int], object], times: int) -> None:
    """Call *act* with each number below *times*, in eight threads."""
    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(act, range(times)))


def append_turns(url: str, conversation_id: str, count: int) -> None:
    """Open the store anew and append *count* turns: what one of several processes does."""
    store = SqlConversations(url)
    for _ in range(count):
        store.append(conversation_id, ANSWER)
    store.close()


def made_elsewhere(url: str) -> str:
    """Open the store, perhaps for the first time, and begin a conversation."""
    store = SqlConversations(url)
    conversation_id = store.begin()
    store.close()
    return conversation_id


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def store(database_url: str) -> Iterator[ConversationStore]:
    store = opened(database_url)
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


def test_an_answer_is_found_by_its_id(store: ConversationStore) -> None:
    for text in ("older", "newer"):
        conversation_id = store.begin()
        store.append(conversation_id, {"id": "ans_0"})
        store.append(conversation_id, {"id": "ans_1", "answer": {"text": text}})

    assert store.answer("ans_1") == {"id": "ans_1", "answer": {"text": "newer"}}
    for unknown in ("ans_2", "", "a\x00", "\ud800", "' OR 1=1 --", "%"):
        with pytest.raises(AnswerNotFound):
            store.answer(unknown)


def test_latest_turns_are_the_last_ones_oldest_first(store: ConversationStore) -> None:
    conversation_id, other = store.begin(), store.begin()
    assert list(store.latest_turns(conversation_id, 3)) == []
    for _ in range(5):
        store.append(conversation_id, ANSWER)
    store.append(other, ANSWER)

    turns = store.conversation(conversation_id).turns
    assert list(store.latest_turns(conversation_id, 3)) == list(turns[-3:])
    assert list(store.latest_turns(conversation_id, 9)) == list(turns)


def test_latest_turns_read_no_more_of_a_longer_conversation(database_url: str) -> None:
    store = opened(database_url)
    conversation_id = store.begin()
    for _ in range(30):
        store.append(conversation_id, ANSWER)
    statements: list[str] = []

    def note(_: object, __: object, statement: str, *rest: object) -> None:
        statements.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        assert len(store.latest_turns(conversation_id, 3)) == 3
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)
    assert any("LIMIT" in statement for statement in statements)
    store.close()


def test_a_full_conversation_takes_no_more_turns_and_says_what_to_do(database_url: str) -> None:
    store = SqlConversations(database_url, max_turns=2)
    conversation_id = store.begin()
    for _ in range(2):
        store.append(conversation_id, ANSWER)
    with pytest.raises(ConversationFull, match="start a new conversation"):
        store.append(conversation_id, ANSWER)
    assert len(store.conversation(conversation_id).turns) == 2
    assert store.append(store.begin(), ANSWER).n == 1
    store.close()


def test_moments_are_kept_in_utc(store: ConversationStore) -> None:
    before = datetime.now(UTC) - timedelta(seconds=1)  # a column may hold whole seconds
    conversation_id = store.begin()
    store.append(conversation_id, ANSWER)
    conversation = store.conversation(conversation_id)
    for moment in (conversation.began_at, conversation.turns[0].asked_at):
        assert moment.utcoffset() == timedelta(0)
        assert before <= moment <= datetime.now(UTC) + timedelta(seconds=1)

    noon_in_delhi = datetime(2024, 5, 1, 12, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    store.put_feedback(Feedback(answer=ANSWER, verdict="up", given_at=noon_in_delhi))
    [feedback] = store.feedback()
    assert feedback.given_at == noon_in_delhi
    assert feedback.given_at.isoformat() == "2024-05-01T06:30:00+00:00"


@given(answer=answers)
@on_one_store
def test_an_answer_comes_back_as_it_was(
    store: ConversationStore, answer: dict[str, object]
) -> None:
    conversation_id = store.begin()
    store.append(conversation_id, answer)
    [turn] = store.conversation(conversation_id).turns
    assert json.dumps(turn.answer) == json.dumps(answer)


@given(comment=comments, answer=answers)
@on_one_store
def test_a_comment_comes_back_as_it_was(
    store: ConversationStore, comment: str | None, answer: dict[str, object]
) -> None:
    feedback = Feedback(answer=answer, verdict="down", given_at=NOW, comment=comment)
    store.put_feedback(feedback)
    assert store.feedback() == [feedback]


def test_what_no_database_keeps_is_dropped_from_a_comment(store: ConversationStore) -> None:
    comment = "wrong\x00 \ud83d town"
    store.put_feedback(Feedback(answer=ANSWER, verdict="down", given_at=NOW, comment=comment))
    [feedback] = store.feedback()
    assert feedback.comment == "wrong ? town"


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
    with pytest.raises(ConversationNotFound):
        store.latest_turns(conversation_id, 3)


@pytest.mark.parametrize("wrong", ["", "x", "0" * 32, "0" * 33, "\x00" * 32, "é" * 32, "\ud83d"])
def test_what_is_no_id_is_not_found(store: ConversationStore, wrong: str) -> None:
    latest = partial(store.latest_turns, count=3)
    for asked in (store.conversation, store.delete, partial(store.append, answer=ANSWER), latest):
        with pytest.raises(ConversationNotFound):
            asked(wrong)


def test_deleting_one_conversation_leaves_the_others_and_the_feedback(
    store: ConversationStore,
) -> None:
    mine, other = store.begin(), store.begin()
    store.append(mine, ANSWER)
    store.append(other, ANSWER)
    feedback = Feedback(answer=ANSWER, verdict="up", given_at=NOW, conversation_id=mine)
    store.put_feedback(feedback)
    store.delete(mine)
    assert len(store.conversation(other).turns) == 1
    assert store.feedback() == [feedback]


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

    assert store.feedback() == [down, of_source]
    assert store.clear_feedback([down, of_source]) == 2
    assert store.feedback() == []


def test_a_vote_that_was_given_anew_is_not_cleared_with_the_old_one(
    store: ConversationStore,
) -> None:
    old = Feedback(answer=ANSWER, verdict="up", given_at=NOW)
    store.put_feedback(old)
    anew = Feedback(answer=ANSWER, verdict="down", given_at=NOW + timedelta(microseconds=1))
    store.put_feedback(anew)
    assert store.clear_feedback([old]) == 0
    assert store.feedback() == [anew]


def test_feedback_is_told_oldest_first(store: ConversationStore) -> None:
    votes = [
        Feedback(answer=ANSWER | {"id": id_}, verdict="up", given_at=NOW + timedelta(seconds=n))
        for n, id_ in enumerate("cab")
    ]
    for vote in reversed(votes):
        store.put_feedback(vote)
    assert store.feedback() == votes


def test_threads_that_append_to_one_conversation_never_get_one_number(
    store: ConversationStore,
) -> None:
    conversation_id = store.begin()
    given_numbers: Counter[int] = Counter()
    side_by_side(
        lambda _: given_numbers.update([store.append(conversation_id, ANSWER).n]),
        THREADS * TURNS_EACH,
    )
    wanted = list(range(1, THREADS * TURNS_EACH + 1))
    assert sorted(given_numbers.elements()) == wanted
    assert [turn.n for turn in store.conversation(conversation_id).turns] == wanted


def test_threads_that_vote_on_one_answer_leave_one_vote(store: ConversationStore) -> None:
    def vote(number: int) -> None:
        verdict: Verdict = "down" if number % 2 else "up"
        store.put_feedback(Feedback(answer=ANSWER, verdict=verdict, given_at=NOW))

    side_by_side(vote, THREADS * TURNS_EACH)
    assert len(store.feedback()) == 1


def test_readers_and_writers_go_side_by_side(store: ConversationStore) -> None:
    conversation_id = store.begin()

    def use(number: int) -> None:
        if number % 2:
            store.append(conversation_id, ANSWER)
        else:
            turns = store.conversation(conversation_id).turns
            assert [turn.n for turn in turns] == list(range(1, len(turns) + 1))

    side_by_side(use, THREADS * TURNS_EACH)
    assert len(store.conversation(conversation_id).turns) == THREADS * TURNS_EACH / 2


def test_processes_share_a_store(database_url: str) -> None:
    with ProcessPoolExecutor(3, mp_context=get_context("spawn")) as processes:
        ids = list(processes.map(made_elsewhere, [database_url] * 6))
        append = partial(append_turns, database_url, ids[0])
        list(processes.map(append, [TURNS_EACH] * 3))

    store = opened(database_url)
    turns = store.conversation(ids[0]).turns
    for conversation_id in ids[1:]:
        assert store.conversation(conversation_id).turns == []
    store.close()
    assert [turn.n for turn in turns] == list(range(1, 3 * TURNS_EACH + 1))


def test_processes_that_open_at_once_make_the_tables_once(database_url: str) -> None:
    side_by_side(lambda _: opened(database_url).close(), THREADS)
    read = sa.create_engine(database_url)
    assert {"conversations", "turns", "feedback"} <= set(sa.inspect(read).get_table_names())
    read.dispose()


def test_a_store_that_is_opened_again_holds_what_was_kept(database_url: str) -> None:
    store = opened(database_url)
    conversation_id = store.begin()
    store.append(conversation_id, ANSWER)
    store.close()
    store = opened(database_url)
    assert store.append(conversation_id, ANSWER).n == 2
    store.close()


class Clock:
    """A clock that stands until it is set forward."""

    def __init__(self) -> None:
        self.now = datetime(2024, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def forgetful(database_url: str, clock: Clock) -> Iterator[SqlConversations]:
    """A store that keeps conversations for ten days."""
    store = SqlConversations(database_url, keep=timedelta(days=10), clock=clock)
    yield store
    store.close()


def count_kept(url: str) -> int:
    """Return how many conversations are in the database, whoever may still see them."""
    read = sa.create_engine(url)
    with read.connect() as connection:
        count = connection.scalar(sa.text("SELECT count(*) FROM conversations"))
    read.dispose()
    return int(count or 0)


def test_a_conversation_is_deleted_when_its_time_is_over_and_the_store_is_used(
    forgetful: SqlConversations, database_url: str, clock: Clock
) -> None:
    old, talked = forgetful.begin(), forgetful.begin()
    clock.now += timedelta(days=9)
    forgetful.append(talked, ANSWER)
    clock.now += timedelta(days=1, hours=1)
    with pytest.raises(ConversationNotFound):
        forgetful.conversation(old)
    assert len(forgetful.conversation(talked).turns) == 1
    assert count_kept(database_url) == 1


def test_conversations_past_their_time_are_looked_for_once_an_hour_at_most(
    forgetful: SqlConversations, database_url: str, clock: Clock
) -> None:
    forgetful.begin()
    clock.now += timedelta(days=10, seconds=-1)
    forgetful.begin()
    clock.now += timedelta(minutes=59)
    forgetful.begin()
    assert count_kept(database_url) == 3
    clock.now += timedelta(minutes=1)
    forgetful.begin()
    assert count_kept(database_url) == 3


def test_a_server_that_starts_forgets_what_a_clock_overtook(
    forgetful: SqlConversations, database_url: str, clock: Clock
) -> None:
    forgetful.begin()
    clock.now += timedelta(days=11)
    SqlConversations(database_url, clock=clock).close()
    assert count_kept(database_url) == 1
    SqlConversations(database_url, keep=timedelta(days=10), clock=clock).close()
    assert count_kept(database_url) == 0


def test_feedback_outlives_its_conversation(forgetful: SqlConversations, clock: Clock) -> None:
    conversation_id = forgetful.begin()
    vote = Feedback(
        answer=ANSWER, verdict="up", given_at=clock.now, conversation_id=conversation_id
    )
    forgetful.put_feedback(vote)
    clock.now += timedelta(days=11)
    forgetful.begin()
    with pytest.raises(ConversationNotFound):
        forgetful.conversation(conversation_id)
    assert forgetful.feedback() == [vote]


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_a_server_that_dropped_its_connections_is_used_again(
    store: ConversationStore, database_url: str
) -> None:
    conversation_id = store.begin()
    other = sa.create_engine(database_url)
    with other.connect() as connection:
        connection.execute(
            sa.text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    other.dispose()
    assert store.append(conversation_id, ANSWER).n == 1
