from contextvars import copy_context
from threading import Thread

import pytest

from embeddings.errors import SearchError
from qa.deadline import Deadline, check_time, in_force, time_left_s, timely, within
from qa.errors import AskerGone, OutOfTime
from qa.steps import CHECKING, Step


class Hand:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_time_runs_out_once_the_seconds_have_passed() -> None:
    clock = Hand()
    deadline = Deadline(5, clock=clock)
    clock.now += 4.9
    deadline.check()
    assert deadline.left_s() == pytest.approx(0.1)
    clock.now += 0.1
    with pytest.raises(OutOfTime, match="longer than 5 seconds") as raised:
        deadline.check()
    assert raised.value.retry_after_s > 0
    assert (deadline.left_s(), deadline.ended) == (0, "deadline")


def test_nothing_is_done_for_who_has_gone() -> None:
    deadline = Deadline(5, gone=lambda: True)
    with pytest.raises(AskerGone):
        deadline.check()
    assert deadline.ended == "gone"


def test_progress_is_when_a_stage_last_began() -> None:
    clock = Hand()
    deadline = Deadline(5, clock=clock)
    clock.now += 3
    deadline.check()
    clock.now += 1
    assert deadline.progressed == 103


def test_a_step_begins_only_while_there_is_time() -> None:
    clock, heard = Hand(), list[Step]()
    begin = timely(heard.append)
    with within(Deadline(5, clock=clock)):
        begin(CHECKING)
        clock.now += 5
        with pytest.raises(OutOfTime):
            begin(CHECKING)
    assert heard == [CHECKING]


def test_a_deadline_holds_for_its_block_and_for_threads_that_get_its_context() -> None:
    left: list[float | None] = []
    with within(Deadline(1000)):
        for run in (copy_context().run, lambda work: work()):
            thread = Thread(target=run, args=(lambda: left.append(time_left_s()),))
            thread.start()
            thread.join()
    assert left[0] == pytest.approx(1000, abs=100)
    assert left[1] is None
    assert in_force() is None
    check_time()


def test_a_block_that_fails_leaves_no_deadline() -> None:
    with pytest.raises(SearchError), within(Deadline(1)):
        raise SearchError
    assert in_force() is None
