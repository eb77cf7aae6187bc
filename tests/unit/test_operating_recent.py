"""Recent: the last hour and day, minute by minute."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import MAYOR_SENTENCE, abstention_about, answer_with, cite, mayor_story
from web.operating import plots
from web.operating.recent import MINUTES_KEPT, Recent

ANSWER = answer_with("Who?", [cite(mayor_story(), "Ada Quinn", MAYOR_SENTENCE)])


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def recent(clock: Clock) -> Recent:
    return Recent(clock)


def test_an_hour_is_forgotten_when_it_is_over(recent: Recent, clock: Clock) -> None:
    recent.requested(200)
    clock.seconds = 59 * 60
    recent.requested(503)
    assert (recent.last(60).requests, recent.last(60).failed) == (2, 1)
    clock.seconds = 60 * 60
    assert (recent.last(60).requests, recent.last(60).failed) == (1, 1)
    assert recent.last(MINUTES_KEPT).requests == 2


def test_every_minute_has_its_place_even_where_nothing_happened(
    recent: Recent, clock: Clock
) -> None:
    for minute in (0, 3, 4):
        clock.seconds = minute * 60 + 30
        recent.requested(200)
    assert [minute.requests for minute in recent.minute_by_minute(6)] == [0, 1, 0, 0, 1, 1]


def test_no_more_is_kept_than_a_day(recent: Recent, clock: Clock) -> None:
    for minute in range(3 * MINUTES_KEPT):
        clock.seconds = minute * 60
        recent.requested(200)
    assert recent.last(10 * MINUTES_KEPT).requests == MINUTES_KEPT


def test_answers_and_verdicts_are_told_apart(recent: Recent) -> None:
    recent.answered(ANSWER)
    recent.answered(abstention_about("Who?"))
    recent.judged("down")
    hour = recent.last(60)
    assert hour.answers == {("answered", "high"): 1, ("abstained", "none"): 1}
    assert hour.reasons == {"missing_slot": 1}
    assert hour.verdicts == {"down": 1}


@given(times=st.lists(st.floats(0.1, 60_000), min_size=1, max_size=60))
def test_a_percentile_is_at_most_a_twentieth_off(times: list[float]) -> None:
    recent = Recent(lambda: 0.0)
    for ms in times:
        recent.answered(replace(ANSWER, timings_ms={"total": ms}))
    for percent in (50, 95, 100):
        exact = sorted(times)[-(-len(times) * percent // 100) - 1]
        told = recent.last(1).percentile_ms("total", percent)
        assert told == pytest.approx(exact, rel=0.05)


def test_what_was_never_timed_has_no_percentile(recent: Recent) -> None:
    assert recent.last(60).percentile_ms("read", 50) is None


def test_bars_stay_within_the_plot_and_are_as_high_as_their_share() -> None:
    drawn = plots.counts([0, 5, 10], [0, 0, 5])
    assert drawn.most == 10
    assert [bar.height for bar in drawn.behind] == [plots.HEIGHT / 2, plots.HEIGHT]
    assert [bar.height for bar in drawn.before] == [plots.HEIGHT / 2]
    for bar in (*drawn.behind, *drawn.before):
        assert bar.x >= 0
        assert bar.x + bar.width <= plots.WIDTH
        assert bar.y + bar.height == pytest.approx(plots.HEIGHT)


def test_a_range_reaches_from_its_lower_end_to_its_upper() -> None:
    drawn = plots.ranges([None, 10.0, 20.0], [None, 40.0, 20.0])
    assert drawn.most == 40
    wide, narrow = drawn.behind
    assert (wide.y, wide.height) == (0, 90)
    assert narrow.y == 60
    assert narrow.height > 0
    assert len(drawn.before) == 2


def test_nothing_is_drawn_of_an_hour_without_requests() -> None:
    assert plots.counts([0] * 60, [0] * 60).behind == ()
    assert plots.ranges([None] * 60, [None] * 60).before == ()
