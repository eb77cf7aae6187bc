from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from time import monotonic, sleep

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.deadline import Deadline
from qa.errors import AskerGone, OutOfTime, TooBusy
from web.serving.gate import RETRY_AFTER_S, Gate, Place

LONG_S = 30.0


def patient(gone: Callable[[], bool] = lambda: False) -> Deadline:
    return Deadline(LONG_S, gone=gone)


def until(true: Callable[[], bool]) -> None:
    ends = monotonic() + 10
    while not true():
        assert monotonic() < ends
        sleep(0.001)


def queued(gate: Gate, threads: ThreadPoolExecutor, deadline: Deadline) -> Future[Place]:
    """Return the place that will be, once somebody waits for it."""
    before = gate.counts.waiting
    place = threads.submit(gate.enter, deadline)
    until(lambda: gate.counts.waiting == before + 1)
    return place


@pytest.fixture
def threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(8)


def test_who_finds_the_line_full_is_refused_at_once() -> None:
    gate = Gate(2, 0, LONG_S)
    gate.enter(patient())
    gate.enter(patient())
    began = monotonic()
    with pytest.raises(TooBusy):
        gate.enter(patient())
    assert monotonic() - began < 5
    assert gate.counts.inside == 2
    assert gate.counts.refused == {"full": 1}


def test_those_who_are_refused_are_not_told_to_come_back_together() -> None:
    gate = Gate(1, 0, LONG_S)
    gate.enter(patient())
    told = []
    for _ in range(6):
        with pytest.raises(TooBusy) as refused:
            gate.enter(patient())
        told.append(refused.value.retry_after_s)
    assert told == [*RETRY_AFTER_S, *RETRY_AFTER_S]


def test_who_came_first_is_let_in_first(threads: ThreadPoolExecutor) -> None:
    gate = Gate(1, 2, LONG_S)
    inside = gate.enter(patient())
    second = queued(gate, threads, patient())
    third = queued(gate, threads, patient())
    with pytest.raises(TooBusy):
        gate.enter(patient())
    gate.leave(inside)
    place = second.result(timeout=10)
    assert not third.done()
    gate.leave(place)
    gate.leave(third.result(timeout=10))
    assert (gate.counts.inside, gate.counts.waiting) == (0, 0)


def test_who_waited_long_enough_is_refused_and_leaves_the_line() -> None:
    gate = Gate(1, 1, 0.02)
    inside = gate.enter(patient())
    with pytest.raises(TooBusy):
        gate.enter(patient())
    assert gate.counts.refused == {"waited": 1}
    assert gate.counts.waiting == 0
    gate.leave(inside)
    gate.enter(patient())


def test_a_deadline_ends_the_wait() -> None:
    gate = Gate(1, 1, LONG_S)
    gate.enter(patient())
    with pytest.raises(OutOfTime):
        gate.enter(Deadline(0.02))
    assert gate.counts.refused == {"deadline": 1}
    assert gate.counts.waiting == 0


def test_who_went_away_is_passed_over(threads: ThreadPoolExecutor) -> None:
    gate = Gate(1, 2, LONG_S)
    inside = gate.enter(patient())
    gone = queued(gate, threads, patient(gone=lambda: True))
    there = queued(gate, threads, patient())
    gate.leave(inside)
    assert there.result(timeout=10)
    with pytest.raises(AskerGone):
        gone.result(timeout=10)
    assert gate.counts.refused == {"gone": 1}


def test_who_went_away_keeps_nobody_out_of_the_line(threads: ThreadPoolExecutor) -> None:
    gate = Gate(1, 1, LONG_S)
    inside = gate.enter(patient())
    left: list[bool] = []
    gone = queued(gate, threads, patient(gone=lambda: bool(left)))
    left.append(True)
    there = threads.submit(gate.enter, patient())
    with pytest.raises(AskerGone):
        gone.result(timeout=10)
    gate.leave(inside)
    assert there.result(timeout=10)


def test_work_that_ended_early_is_counted_by_its_reason() -> None:
    gate = Gate(1, 0, LONG_S)
    deadline = Deadline(0)
    place = gate.enter(deadline)
    with pytest.raises(OutOfTime):
        deadline.check()
    gate.leave(place)
    assert gate.counts.refused == {"deadline": 1}


def test_a_gate_is_stuck_for_as_long_as_no_stage_has_begun() -> None:
    now = [100.0]
    gate = Gate(2, 0, LONG_S, clock=lambda: now[0])
    assert gate.stuck_s() == 0
    hanging = gate.enter(Deadline(500, clock=lambda: now[0]))
    now[0] += 40
    assert gate.stuck_s() == 40
    working = gate.enter(Deadline(500, clock=lambda: now[0]))
    now[0] += 5
    assert gate.stuck_s() == 5
    working.deadline.check()
    assert gate.stuck_s() == 0
    gate.leave(working)
    assert gate.stuck_s() == 45
    gate.leave(hanging)
    assert gate.stuck_s() == 0


@given(st.integers(1, 3), st.integers(0, 3), st.lists(st.booleans(), max_size=40))
def test_no_more_are_inside_than_may_be_whatever_happens(
    at_once: int, waiting: int, arrivals: list[bool]
) -> None:
    """One thread, so that those who would wait are refused after no time."""
    gate, inside = Gate(at_once, waiting, 1e-9), list[Place]()
    for arrives in arrivals:
        if arrives:
            try:
                inside.append(gate.enter(patient()))
            except TooBusy:
                assert len(inside) == at_once
        elif inside:
            gate.leave(inside.pop(0))
        counts = gate.counts
        assert counts.inside == len(inside) <= at_once
        assert counts.waiting == 0


def test_places_are_never_lost_between_threads() -> None:
    gate, most, now_inside = Gate(3, 50, LONG_S), [0], list[Place]()

    def work(_: int) -> None:
        place = gate.enter(patient())
        now_inside.append(place)
        most[0] = max(most[0], len(now_inside))
        sleep(0.0002)
        now_inside.remove(place)
        gate.leave(place)

    with ThreadPoolExecutor(16) as threads:
        list(threads.map(work, range(600)))
    assert 1 <= most[0] <= 3
    assert (gate.counts.inside, gate.counts.waiting, gate.counts.refused) == (0, 0, {})
