"""The memory and descriptors of a server's processes, from Linux's /proc."""

import json
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from threading import Event, Thread
from typing import Self

PROC = Path("/proc")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What all processes of a server held *at* a second; shared memory counts once."""

    at: float
    megabytes: float
    descriptors: int
    processes: Sequence[int]


def processes_of(pid: int) -> list[int]:
    """Return *pid* and all that descend from it."""
    found = [pid]
    for task in (PROC / str(pid) / "task").glob("*/children"):
        with suppress(OSError):
            found += [p for child in task.read_text().split() for p in processes_of(int(child))]
    return found


def sampled(pid: int, at: float) -> Sample:
    """Return what *pid* and all that descend from it hold; one that ends meanwhile holds none."""
    kilobytes = descriptors = 0
    processes = processes_of(pid)
    for process in processes:
        with suppress(OSError):
            kilobytes += _proportional_kb(PROC / str(process) / "smaps_rollup")
            descriptors += sum(1 for _ in (PROC / str(process) / "fd").iterdir())
    return Sample(at=at, megabytes=kilobytes / 1024, descriptors=descriptors, processes=processes)


def _proportional_kb(rollup: Path) -> int:
    lines = rollup.read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


class Sampler:
    """Samples *pid* every so many seconds, into *path* too; a context manager."""

    def __init__(self, pid: int, every_s: float, path: Path) -> None:
        self.samples: list[Sample] = []
        self._pid, self._every_s, self._path = pid, every_s, path
        self._stopped = Event()
        self._thread = Thread(target=self._run, name="samples")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join()

    def _run(self) -> None:
        began = time.monotonic()
        with self._path.open("a", encoding="utf-8", buffering=1) as lines:
            while not self._stopped.wait(self._every_s):
                self.samples.append(sampled(self._pid, time.monotonic() - began))
                lines.write(json.dumps(asdict(self.samples[-1])) + "\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """What a server held once it was warm, and at the end: medians of a tenth of the run each."""

    warm_mb: float
    end_mb: float
    warm_descriptors: float
    end_descriptors: float

    @classmethod
    def of(cls, samples: Sequence[Sample]) -> "Growth":
        """Return the growth over *samples*, whose first tenth counts as warming up."""
        tenth = max(1, len(samples) // 10)
        warm, end = samples[tenth : 2 * tenth] or samples, samples[-tenth:]
        return cls(
            warm_mb=median(sample.megabytes for sample in warm),
            end_mb=median(sample.megabytes for sample in end),
            warm_descriptors=median(sample.descriptors for sample in warm),
            end_descriptors=median(sample.descriptors for sample in end),
        )

    @property
    def memory(self) -> float:
        """By which part memory grew."""
        return self.end_mb / self.warm_mb - 1
