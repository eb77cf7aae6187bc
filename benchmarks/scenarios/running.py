"""Runs a scenario: the server, locust's visitors, samples, and what happens meanwhile."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from benchmarks.load import Server, put_under_load, running_server
from benchmarks.scenarios.judging import Run
from benchmarks.scenarios.meanwhile import Setting
from benchmarks.scenarios.plan import Plan
from benchmarks.scenarios.replies import Replies
from benchmarks.scenarios.sampling import Sampler
from benchmarks.scenarios.scenarios import Scenario

ROOT = Path(__file__).parents[2]
LOCUST = ROOT / "build" / "load" / "bin" / "locust"
UNCACHED = {"DATELINE_ANSWER__CACHE_MB": "0"}
"""No answer is given again, so that every question costs what a new one does."""
CLIENTS = 4
"""Clients that ask one question after the other while capacity is measured: one a thread."""


class LoadFailed(Exception):
    """Locust ended before the scenario did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Length:
    """How long a scenario takes: so many *seconds*, and so long is capacity measured.

    *every_s* is the time between two samples, *times* how often what happens meanwhile does.
    """

    seconds: float
    measuring_s: float
    every_s: float
    times: int


def run(
    scenario: Scenario, data: Path, questions: Sequence[str], folder: Path, length: Length
) -> tuple[float, Run]:
    """Return the capacity that was measured, in answers a second, and what came of *scenario*.

    *folder* keeps the plan, replies and samples as they come, and the server's log. Raises
    `LoadFailed`.
    """
    with running_server(data, UNCACHED, folder / "server.log") as server:
        put_under_load(server.port, questions[-8:], clients=1, seconds=2)
        measured = put_under_load(server.port, questions, CLIENTS, length.measuring_s)
        capacity = measured.of_client.total() / measured.seconds
        plan = Plan(
            stages=scenario.stages(capacity, length.seconds),
            questions=questions,
            replies=folder / "replies.jsonl",
        )
        setting = Setting(
            server=server,
            data=data,
            folder=folder,
            seconds=length.seconds,
            times=length.times,
        )
        with (
            Sampler(server.pid, length.every_s, folder / "samples.jsonl") as sampler,
            ThreadPoolExecutor(1) as thread,
        ):
            happening = thread.submit(scenario.meanwhile, setting)
            _visited(server, plan, folder)
            happening.result()
    return capacity, Run(
        stages=plan.stages,
        replies=Replies.read(plan.replies),
        samples=sampler.samples,
        events=setting.events,
    )


def _visited(server: Server, plan: Plan, folder: Path) -> None:
    """Have locust's visitors ask what is planned."""
    plan.replies.unlink(missing_ok=True)
    written = folder / "plan.json"
    plan.write(written)
    locustfile = Path(__file__).with_name("locustfile.py")
    command = [
        *(str(LOCUST), "--locustfile", str(locustfile)),
        *("--host", f"http://127.0.0.1:{server.port}", "--headless", "--only-summary"),
        *("--stop-timeout", "30", "--loglevel", "WARNING"),
        *("--exit-code-on-error", "0"),
    ]
    environment: Mapping[str, str] = os.environ | {
        "SCENARIO_PLAN": str(written),
        "PYTHONPATH": str(ROOT),
    }
    with (folder / "locust.log").open("w") as log:
        ended = subprocess.run(  # noqa: S603 - our own command
            command, cwd=folder, env=environment, stdout=log, stderr=log, check=False
        )
    if ended.returncode:
        raise LoadFailed(f"locust ended with {ended.returncode}; {log.name} says why")
