"""What happens to a server while it is asked: its index changes, it is reloaded, it is killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.load import Server
from benchmarks.scenarios.sampling import processes_of
from qa.assemble import open_store
from qa.settings import load_settings

STORY = """---
title: Harbour bulletin {number}
date: 2099-01-01
---

On Monday the harbour of Quillmouth counted {number} ferries, as harbour master Ada Quinn said.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Where a scenario plays: the *server* over *data*, a *folder* to write to, for how long.

    *events* collects at which second what was done, or that it failed.
    """

    server: Server
    data: Path
    folder: Path
    seconds: float
    times: int
    events: list[tuple[float, str]] = field(default_factory=list)

    def paced(self) -> Iterator[int]:
        """Yield the numbers of what is done so many *times*, spread over the whole length."""
        began, pause = time.monotonic(), self.seconds / (self.times + 1)
        for number in range(1, self.times + 1):
            time.sleep(max(0.0, began + number * pause - time.monotonic()))
            yield number

    def tell(self, began: float, event: str) -> None:
        """Write down what was done."""
        self.events.append((time.monotonic() - began, event))


Meanwhile = Callable[[Setting], None]


def nothing(setting: Setting) -> None:
    """Leave the server alone."""


def swap(setting: Setting) -> None:
    """Add a story and remove it again, by commands as an operator gives them."""
    began = time.monotonic()
    for number in setting.paced():
        if number % 2:
            story = setting.folder / "bulletin.md"
            story.write_text(STORY.format(number=number), "utf-8")
            told = _dateline("add", str(story), "--data", str(setting.data))
        else:
            with closing(open_store(load_settings(data=setting.data))) as store:
                [bulletin] = store.stories_page(1)  # dated last
            told = _dateline("remove", bulletin.story_id, "--data", str(setting.data))
        setting.tell(began, told or "swapped")


def reload(setting: Setting) -> None:
    """Have gunicorn reload, as `systemctl reload` does; wait until each has its new worker."""
    began = time.monotonic()
    for _ in setting.paced():
        before = set(workers_of(setting.server))
        os.kill(setting.server.pid, signal.SIGHUP)
        until = time.monotonic() + setting.seconds / setting.times
        while time.monotonic() < until and not set(workers_of(setting.server)) - before:
            time.sleep(0.05)
        replaced = bool(set(workers_of(setting.server)) - before)
        setting.tell(began, "reloaded" if replaced else "no new worker")


def kill(setting: Setting) -> None:
    """Kill the worker, as the kernel does where memory is short."""
    began = time.monotonic()
    for _ in setting.paced():
        for worker in workers_of(setting.server):
            os.kill(worker, signal.SIGKILL)
        setting.tell(began, "killed")


def workers_of(server: Server) -> Sequence[int]:
    """Return the processes that answer."""
    return processes_of(server.pid)[1:]


def _dateline(*words: str) -> str:
    """Run a command; return nothing, or the last that it said if it failed."""
    command = [sys.executable, "-m", "qa.cli", *words]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    return ended.stderr.strip()[-200:] if ended.returncode else ""
