"""Each scenario for some seconds: what goes wrong is found here, times are for `make load`."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from benchmarks.load import questions_of
from benchmarks.scenarios.judging import Figure, Run
from benchmarks.scenarios.running import LOCUST, Length, run
from benchmarks.scenarios.scenarios import SCENARIOS
from qa.commands.stories import BUNDLED, add_stories
from qa.settings import Settings

pytestmark = [
    pytest.mark.models,
    pytest.mark.load,
    pytest.mark.skipif(not LOCUST.exists(), reason="there is no locust: `make build/load/made`"),
]

SECONDS = 12
OF_THE_CLOCK = ("p99 / p50", "p99 / p99 before", "recovered after, s", "memory, growth")
"""What depends on what else a machine has to do, and takes longer to be worth a look."""

Played = Callable[[str, int], tuple[Run, Sequence[Figure]]]


@pytest.fixture
def played(tmp_path: Path) -> Played:
    data, folder = tmp_path / "data", tmp_path / "measured"
    folder.mkdir()
    add_stories(Settings(data=data), [str(BUNDLED)], publisher=None, if_empty=False)
    questions = questions_of(data, ())

    def play(name: str, times: int) -> tuple[Run, Sequence[Figure]]:
        length = Length(seconds=SECONDS, measuring_s=4, every_s=0.5, times=times)
        _, came = run(SCENARIOS[name], data, questions, folder, length)
        return came, SCENARIOS[name].judge(came)

    return play


@pytest.fixture
def long_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let many wait: what happens meanwhile takes the cores once capacity is measured."""
    monkeypatch.setenv("DATELINE_WEB__WAITING", "100")


def unmet(figures: Sequence[Figure]) -> list[str]:
    return [
        figure.line() for figure in figures if not figure.met and figure.name not in OF_THE_CLOCK
    ]


def test_visitors_who_come_at_a_constant_rate_are_all_answered_and_nothing_leaks(
    played: Played,
) -> None:
    came, figures = played("soak", 0)

    assert unmet(figures) == []
    assert came.replies.admitted.replies
    assert len(came.samples) > SECONDS
    assert all(sample.megabytes > 100 for sample in came.samples)


@pytest.mark.usefixtures("long_line")
def test_nobody_is_failed_while_the_index_changes(played: Played) -> None:
    came, figures = played("swaps", 2)

    assert unmet(figures) == []
    assert came.replies.admitted.replies
    assert [event for _, event in came.events] == ["swapped", "swapped"]
    assert came.replies.changes > 1


@pytest.mark.usefixtures("long_line")
def test_nobody_is_failed_while_the_server_reloads(played: Played) -> None:
    came, figures = played("reloads", 2)

    assert unmet(figures) == []
    assert came.replies.admitted.replies
    assert [event for _, event in came.events] == ["reloaded", "reloaded"]


def test_whoever_is_too_many_is_told_to_come_again_and_nobody_sees_an_error(
    played: Played,
) -> None:
    _, figures = played("overload", 0)

    assert unmet(figures) == []


def test_a_killed_worker_is_replaced(played: Played) -> None:
    came, figures = played("killed", 1)

    assert unmet(figures) == []
    [(at, _)] = came.events
    assert came.replies.within(at, float("inf")).admitted.replies
    assert len({sample.processes[-1] for sample in came.samples if len(sample.processes) > 1}) > 1
