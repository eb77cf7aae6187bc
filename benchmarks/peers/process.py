"""A peer's process, as the benchmark sees it."""

import json
import os
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self

from benchmarks.peers.legs import Leg
from benchmarks.peers.protocol import Message

ROOT = Path(__file__).parents[2]
THREADS = 2
TOLD = 2000
"""Characters that are told of what a peer that failed wrote to standard error."""

ENVIRONMENT = {
    "PYTHONPATH": str(ROOT),
    "HF_HUB_OFFLINE": "1",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "OMP_NUM_THREADS": str(THREADS),  # what torch gives the threads of clients
    "MKL_NUM_THREADS": str(THREADS),
    "TOKENIZERS_PARALLELISM": "true",
}


class PeerFailed(Exception):
    """A peer ended before it answered; the message has the last that it said."""


class PeerProcess:
    """A running peer; a context manager that ends it."""

    def __init__(self, leg: Leg, environments: Path, work: Path, reader: Path) -> None:
        self._leg = leg
        folder = work / leg.indexed_as
        folder.mkdir(parents=True, exist_ok=True)
        options = {
            "folder": str(folder),
            "reader": str(reader),
            "k": leg.k,
            "retrieval": leg.retrieval,
            "threads": THREADS,
            "one_at_a_time": leg.one_at_a_time,
        }
        self._log = folder / "stderr.log"
        with self._log.open("w") as log:
            self._process = subprocess.Popen(  # noqa: S603 - the legs are the project's own
                [leg.interpreter(environments), "-m", leg.adapter, json.dumps(options)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                encoding="utf-8",
                env=os.environ | ENVIRONMENT,
                cwd=ROOT,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def index(self, stories: Path) -> tuple[int, float]:
        """Have the stories of a file indexed; return the passages and the seconds."""
        said = self._said({"do": "index", "stories": str(stories)})
        return int(said["passages"]), float(said["seconds"])

    def open(self) -> None:
        """Have the index opened."""
        self._said({"do": "open"})

    def ask(self, questions: Sequence[str], clients: int) -> tuple[float, list[Message]]:
        """Have *questions* answered for so many clients; return the seconds and the replies."""
        said = self._said({"do": "ask", "questions": list(questions), "clients": clients})
        return float(said["seconds"]), list(said["replies"])

    def peak_mb(self) -> float:
        """Return the most memory that the peer has had, in MB."""
        return float(self._said({"do": "stats"})["peak_mb"])

    def close(self) -> None:
        """End the peer."""
        assert self._process.stdin is not None  # noqa: S101 - it is a pipe
        assert self._process.stdout is not None  # noqa: S101
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def _said(self, message: Message) -> Message:
        assert self._process.stdin is not None  # noqa: S101 - it is a pipe
        assert self._process.stdout is not None  # noqa: S101
        try:
            self._process.stdin.write(json.dumps(message) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            self.close()  # so that all it had to say is written
            log = self._log.read_text("utf-8", errors="replace")[-TOLD:]
            raise PeerFailed(f"{self._leg.name} ended at {message['do']!r}:\n{log}")
        said: Message = json.loads(line)
        return said
