"""How many questions a machine answers side by side: by its cores, and by its memory."""

import os
from dataclasses import dataclass
from pathlib import Path

from qa.web_settings import WebSettings

SPARE_THREADS = 8
"""Threads beside those that answer or wait: for health, pages, numbers, and refusing the rest."""

LEAST_AT_ONCE = 2
"""On one core, too: a long batch should not keep everyone else waiting."""

WAITING_FOR_EACH = 3

SERVER_MB = 500
"""What a server takes before it answers; docs/deployment.md has the measurement."""

ANSWER_MB = 25
"""What an answer takes while it is made, at most."""

_CGROUPS = Path("/sys/fs/cgroup")


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """Questions that are answered *at_once*, that may be *waiting*, and the server's *threads*."""

    at_once: int
    waiting: int

    @property
    def threads(self) -> int:
        """Threads that the server needs, so that some are left when all these are taken."""
        return self.at_once + self.waiting + SPARE_THREADS


def capacity_of(web: WebSettings) -> Capacity:
    """Return what *web* asks for, or what this machine is good for."""
    at_once = web.threads or fitting(usable_cores(), memory_limit())
    waiting = WAITING_FOR_EACH * at_once if web.waiting is None else web.waiting
    return Capacity(at_once=at_once, waiting=waiting)


def fitting(cores: float, memory: int | None) -> int:
    """Return how many questions *cores* and so many bytes of *memory*, if limited, answer best."""
    at_once = max(LEAST_AT_ONCE, round(cores))
    if memory is None:
        return at_once
    room = (memory - SERVER_MB * 1_000_000) // (ANSWER_MB * 1_000_000)
    return max(1, min(at_once, room))


def usable_cores(cgroups: Path = _CGROUPS) -> float:
    """Return how many cores this process may keep busy: those it may run on, and its quota of them.

    The quota is that of control groups, version 2 or 1, which containers are limited by.
    """
    cores = float(
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    )
    quota, period = _cpu_quota(cgroups)
    return min(cores, quota / period) if quota > 0 and period > 0 else cores


def memory_limit(cgroups: Path = _CGROUPS) -> int | None:
    """Return the bytes that this process's control group may take; None where there is no limit."""
    for name in ("memory.max", "memory/memory.limit_in_bytes"):
        limit = _number(cgroups / name)
        if 0 < limit < 1 << 60:  # version 1 has no word for "no limit" but a huge number
            return limit
    return None


def _cpu_quota(cgroups: Path) -> tuple[int, int]:
    """Return the microseconds of processor time in each period; 0 where there is no quota."""
    try:
        quota, period = (cgroups / "cpu.max").read_text().split()
        return (0, 0) if quota == "max" else (int(quota), int(period))
    except (OSError, ValueError):
        folder = cgroups / "cpu"
        return _number(folder / "cpu.cfs_quota_us"), _number(folder / "cpu.cfs_period_us")


def _number(file: Path) -> int:
    try:
        return int(file.read_text())
    except (OSError, ValueError):
        return 0
