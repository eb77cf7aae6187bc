"""What the scenarios tell of replies and samples."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from math import inf
from pathlib import Path

import pytest

from benchmarks.scenarios import judging
from benchmarks.scenarios.judging import Figure, Run
from benchmarks.scenarios.plan import Plan, Stage
from benchmarks.scenarios.replies import Replies, Reply
from benchmarks.scenarios.sampling import Growth, Sample, processes_of, sampled

STAGES = (
    Stage(name="before", seconds=10, per_second=2),
    Stage(name="overload", seconds=10, per_second=25),
    Stage(name="after", seconds=20, per_second=2),
)


def reply(at: float, *, seconds: float = 0.1, status: int = 200, wrong: str = "") -> Reply:
    return Reply(at=at, seconds=seconds, status=status, wrong=wrong or None, change=1)


def answered(began: int, ended: int) -> list[Reply]:
    return [reply(at) for at in range(began, ended)]


def run_of(replies: Sequence[Reply], samples: Sequence[Sample] = ()) -> Run:
    in_order = sorted(replies, key=lambda one: one.at)
    return Run(stages=STAGES, replies=Replies(replies=in_order), samples=samples, events=())


def named(figures: Sequence[Figure]) -> dict[str, Figure]:
    return {figure.name: figure for figure in figures}


def sample(megabytes: float, descriptors: int) -> Sample:
    return Sample(at=0, megabytes=megabytes, descriptors=descriptors, processes=(1,))


def test_a_plan_that_was_written_is_read_again(tmp_path: Path) -> None:
    plan = Plan(stages=STAGES, questions=("Who?", "Where?"), replies=tmp_path / "replies.jsonl")
    plan.write(tmp_path / "plan.json")

    assert Plan.read(tmp_path / "plan.json") == plan


def test_stages_follow_one_another() -> None:
    plan = Plan(stages=STAGES, questions=(), replies=Path("replies"))
    found = [plan.stage_at(second) for second in (0, 9.9, 10, 39.9, 40)]

    assert [stage and stage.name for stage in found] == [
        "before",
        "before",
        "overload",
        "after",
        None,
    ]
    assert [stage.visitors for stage in STAGES] == [10, 125, 10]


def test_replies_are_read_as_they_came_from_the_first_question_on(tmp_path: Path) -> None:
    lines = [
        {"at": 105.0, "seconds": 0.2, "status": 503, "wrong": None},
        {"at": 100.0, "seconds": 0.1, "status": 200, "wrong": None, "change": 4},
    ]
    (tmp_path / "replies.jsonl").write_text("\n".join(map(json.dumps, lines)))
    replies = Replies.read(tmp_path / "replies.jsonl")

    assert [one.at for one in replies] == [0, 5]
    assert (replies.refused, len(replies.admitted), replies.changes) == (1, 1, 1)


def test_a_refusal_is_not_wrong_and_not_admitted() -> None:
    replies = Replies(replies=[reply(0, status=503), reply(1, status=503, wrong="mute"), reply(2)])

    assert (replies.refused, replies.wrong.total(), len(replies.admitted)) == (1, 1, 1)
    assert replies.percentile_ms(99) == 100


def test_a_server_has_recovered_once_nothing_was_wrong_for_five_seconds() -> None:
    late = [reply(20, status=503), reply(22, seconds=9), *answered(23, 30)]
    outlier = reply(39, seconds=9)

    assert Replies(replies=[*late, outlier]).recovered_after_s(200) == 2
    assert Replies(replies=answered(20, 30)).recovered_after_s(200) == 0
    assert (
        Replies(replies=[reply(at, status=503) for at in range(20, 40)]).recovered_after_s(1) == inf
    )
    assert Replies(replies=[]).recovered_after_s(200) == inf


def test_overload_is_judged_by_those_admitted_by_refusals_and_by_the_time_after() -> None:
    met = [
        *answered(0, 10),
        *(reply(at, seconds=0.15) for at in range(10, 20)),
        *(reply(at + 0.5, status=503) for at in range(10, 20)),
        *answered(20, 40),
    ]
    figures = named(judging.overload(run_of(met)))
    assert all(figure.met for figure in figures.values())

    slow = named(judging.overload(run_of([*met, *[reply(12, seconds=0.9)] * 3])))
    assert [name for name, figure in slow.items() if not figure.met] == ["p99 / p99 before"]
    broken = named(judging.overload(run_of([*met, reply(12, status=500, wrong="500")])))
    assert [name for name, figure in broken.items() if not figure.met] == ["wrong"]
    after = named(judging.overload(run_of([*met, reply(27, status=503)])))
    assert after["recovered after, s"].value == 0
    admitted = named(judging.overload(run_of([one for one in met if one.status == 200])))
    assert not admitted["refused at overload"].met


def test_a_soak_is_judged_by_what_grew_after_the_first_tenth() -> None:
    flat = [sample(500, 30), *[sample(800, 40)] * 19]
    growing = [sample(800 + 5 * n, 40 + n) for n in range(20)]

    assert all(figure.met for figure in judging.soak(run_of(answered(0, 40), flat)))
    figures = named(judging.soak(run_of(answered(0, 40), growing)))
    assert not figures["memory, growth"].met
    assert not figures["descriptors, more at the end"].met
    assert Growth.of(growing).warm_mb == 812.5


def test_a_figure_tells_its_bounds_and_whether_they_are_met() -> None:
    assert Figure(name="wrong", value=1, at_most=0).line().split()[-2:] == ["NOT", "MET"]
    assert Figure(name="questions", value=1, at_least=1).line().endswith("met")
    assert Figure(name="answered", value=12345).line().split() == ["answered", "12,345"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux has /proc")
def test_a_sample_holds_a_process_and_its_children() -> None:
    command = [sys.executable, "-c", "input()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as child:
        assert child.pid in processes_of(os.getpid())
        both = sampled(os.getpid(), at=0)
        assert both.megabytes > sampled(child.pid, at=0).megabytes > 0
        assert both.descriptors > 3
        child.communicate(b"\n")
