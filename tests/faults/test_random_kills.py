"""A process that adds, updates, removes and rebuilds is killed at any moment, again and again."""

import logging
import random
import signal
import time
from itertools import islice
from pathlib import Path

from tests.faults.lengths import LENGTHS
from tests.faults.newsroom import Edition, Found, inspected, perform, plan
from tests.faults.processes import Running, Tell, returned

logger = logging.getLogger(__name__)

LONGEST_S = 0.15
"""Until a kill, at most: some steps, each of which takes 5 to 100 ms."""


def work(tell: Tell, folder: Path, seed: int, edition: Edition) -> None:
    for step in plan(seed, edition):
        perform(folder, step, stored=lambda: tell("stored"))
        tell("indexed")


def inspect(tell: Tell, folder: Path) -> Found:
    return inspected(folder)


def test_killed_at_any_moment_it_loses_doubles_and_half_shows_nothing(tmp_path: Path) -> None:
    drawn = random.Random(6)
    edition: Edition = {}
    killed_at_work, slowest_s = 0, 0.0
    for seed in range(LENGTHS.kills):
        worker = Running(work, tmp_path, seed, edition)
        time.sleep(drawn.uniform(0, LONGEST_S))
        worker.kill()
        ended = worker.ended()
        assert ended.code == -signal.SIGKILL, ended.raised
        stored = ended.told.count("stored")
        killed_at_work += stored > ended.told.count("indexed")
        steps = list(islice(plan(seed, edition), stored + 1))
        for step in steps[:-1]:
            edition = step.after(edition)
        found = returned(Found, inspect, tmp_path)
        assert found.edition in (edition, steps[-1].after(edition)), f"after the kill of {seed}"
        edition = found.edition
        slowest_s = max(slowest_s, found.recovery_s)
    logger.info(
        "%d kills, %d of them between storing and indexing; the slowest recovery took %.3f s",
        LENGTHS.kills,
        killed_at_work,
        slowest_s,
    )
    assert killed_at_work
