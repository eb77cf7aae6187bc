import os
from pathlib import Path

import pytest

from qa.web_settings import WebSettings
from web.serving.capacity import (
    ANSWER_MB,
    SERVER_MB,
    SPARE_THREADS,
    capacity_of,
    fitting,
    memory_limit,
    usable_cores,
)

MB = 1_000_000


@pytest.fixture(autouse=True)
def eight_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)), raising=False)


def told(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        file = folder / name.replace("__", "/").replace("_dot_", ".")
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"{text}\n")
    return folder


@pytest.mark.parametrize(
    ("cores", "memory", "at_once"),
    [
        (1.0, None, 2),
        (0.5, None, 2),
        (2.0, None, 2),
        (3.5, None, 4),
        (16.0, None, 16),
        (16.0, (SERVER_MB + 4 * ANSWER_MB) * MB, 4),
        (16.0, (SERVER_MB + ANSWER_MB) * MB, 1),
        (16.0, 100 * MB, 1),
        (2.0, 64_000 * MB, 2),
    ],
)
def test_cores_and_memory_decide(cores: float, memory: int | None, at_once: int) -> None:
    assert fitting(cores, memory) == at_once


def test_cores_are_those_that_the_process_may_run_on(tmp_path: Path) -> None:
    assert usable_cores(tmp_path) == 8


@pytest.mark.parametrize(
    ("files", "cores"),
    [
        ({"cpu_dot_max": "150000 100000"}, 1.5),
        ({"cpu_dot_max": "max 100000"}, 8),
        ({"cpu_dot_max": "9900000 100000"}, 8),
        ({"cpu_dot_max": "nonsense"}, 8),
        ({"cpu__cpu.cfs_quota_us": "50000", "cpu__cpu.cfs_period_us": "100000"}, 0.5),
        ({"cpu__cpu.cfs_quota_us": "-1", "cpu__cpu.cfs_period_us": "100000"}, 8),
    ],
)
def test_a_containers_share_of_the_cores_counts(
    tmp_path: Path, files: dict[str, str], cores: float
) -> None:
    assert usable_cores(told(tmp_path, **files)) == cores


@pytest.mark.parametrize(
    ("files", "limit"),
    [
        ({"memory_dot_max": "2000000000"}, 2_000_000_000),
        ({"memory_dot_max": "max"}, None),
        ({"memory__memory.limit_in_bytes": "1000000000"}, 1_000_000_000),
        ({"memory__memory.limit_in_bytes": "9223372036854771712"}, None),
        ({}, None),
    ],
)
def test_a_containers_memory_counts(
    tmp_path: Path, files: dict[str, str], limit: int | None
) -> None:
    assert memory_limit(told(tmp_path, **files)) == limit


def test_what_is_set_wins_and_threads_are_left_over() -> None:
    capacity = capacity_of(WebSettings(threads=3, waiting=0))
    assert (capacity.at_once, capacity.waiting) == (3, 0)
    assert capacity.threads == 3 + SPARE_THREADS
    assert capacity_of(WebSettings(threads=5)).waiting == 15
