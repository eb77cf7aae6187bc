"""Files read by several processes at once, and given back in order.

Each process has a pipe of its own and is sent runs of files. What comes back of files whose turn is
not yet is kept, up to `MOST_WAITING_CHARS`; beyond that only the process whose turn it is is
listened to, and the others wait. So memory is bounded, and the order never depends on which process
was faster. A process that dies is replaced, and the file that it was at is refused.
"""

import logging
import multiprocessing
import signal
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import (
    ForkServerContext,
    ForkServerProcess,
    SpawnContext,
    SpawnProcess,
)
from pathlib import Path

from corpus.errors import UnreadableSource
from corpus.reading import Part, read_file, serve
from corpus.refusal import Refusal
from corpus.sources import Outcome

logger = logging.getLogger(__name__)

LIMIT_S = 60.0
"""Seconds that a file may take, or the next story in an archive; the slowest readers need one."""

RUN_FILES = 16
"""Files that a process is sent at once, at most."""

RUN_CHARS = 4096
"""Characters of their paths. A pipe holds two such runs, so that sending one never blocks."""

MOST_WAITING_CHARS = 16 * 1024 * 1024
"""Text that is kept for its turn."""

_ENDING_S = 5.0
_MOST_STARTS = 3
"""Processes in a row that may end before they have started."""

Named = tuple[Path, str]
"""A file and its source."""


def read_side_by_side(
    files: Sequence[Named], processes: int, *, limit_s: float = LIMIT_S
) -> Iterator[Iterator[Outcome]]:
    """Yield for each of *files*, in order, what it holds; take all of one before the next.

    A file at which a process dies, or from which nothing comes for *limit_s* seconds, ends in a
    refusal that says so. Where no process can be started, the files are read in this one.
    """
    pool = _Pool(files, processes, limit_s)
    try:
        for number in range(len(files)):
            yield pool.outcomes(number)
    finally:
        pool.close()


@dataclass(slots=True, kw_only=True)
class _Worker:
    """A process that reads, and the numbers of the files that it still has to give."""

    process: ForkServerProcess | SpawnProcess
    connection: Connection
    assigned: deque[deque[int]] = field(default_factory=deque)
    started: bool = False
    starts: int = 1

    @property
    def has_room(self) -> bool:
        """Whether it should be sent another run, so that it never waits for one."""
        return len(self.assigned) < 2


class _Pool:
    def __init__(self, files: Sequence[Named], processes: int, limit_s: float) -> None:
        self._files = files
        self._limit_s = limit_s
        self._run_files = min(RUN_FILES, -(-len(files) // (4 * processes)))
        self._next = 0
        self._parts: dict[int, deque[Part]] = {}
        self._chars = 0
        self._workers: list[_Worker] = []
        for _ in range(min(processes, len(files))):
            self._start()

    def outcomes(self, number: int) -> Iterator[Outcome]:
        """Yield what the file of this number holds; all before it have been asked for."""
        while True:
            self._assign()
            for part in self._taken(number):
                yield from part.outcomes
                if part.last:
                    return
            worker = self._reading(number)
            if worker is None:
                self._next = max(self._next, number + 1)
                yield from read_file(*self._files[number])
                return
            self._listen(worker)

    def close(self) -> None:
        """End all processes."""
        for worker in self._workers:
            _end(worker)
        self._workers = []

    def _taken(self, number: int) -> deque[Part]:
        parts = self._parts.pop(number, deque())
        self._chars -= sum(part.chars for part in parts)
        return parts

    def _reading(self, number: int) -> _Worker | None:
        """Return the process that was sent this file, if there is one."""
        return next(
            (worker for worker in self._workers if any(number in run for run in worker.assigned)),
            None,
        )

    def _listen(self, first: _Worker) -> None:
        """Take what has come from the processes, or from *first* alone where much is kept."""
        heard = self._workers if self._chars < MOST_WAITING_CHARS else [first]
        ready = wait([worker.connection for worker in heard])
        for worker in [worker for worker in heard if worker.connection in ready]:
            try:
                part = worker.connection.recv()
            except (EOFError, OSError):
                self._replace(worker)
                continue
            if part is None:
                worker.started = True
            else:
                self._keep(worker, part)

    def _keep(self, worker: _Worker, part: Part) -> None:
        run = worker.assigned[0]
        self._parts.setdefault(run[0], deque()).append(part)
        self._chars += part.chars
        if part.last:
            run.popleft()
            if not run:
                worker.assigned.popleft()

    def _assign(self) -> None:
        """Send runs of files to the processes that have room for one."""
        for worker in sorted(self._workers, key=lambda worker: len(worker.assigned)):
            if worker.has_room and self._next < len(self._files):
                run = self._run()
                worker.assigned.append(run)
                self._send(worker, run)

    def _run(self) -> deque[int]:
        run: deque[int] = deque()
        chars = 0
        while self._next < len(self._files) and len(run) < self._run_files and chars < RUN_CHARS:
            run.append(self._next)
            chars += sum(map(len, map(str, self._files[self._next])))
            self._next += 1
        return run

    def _send(self, worker: _Worker, run: Sequence[int]) -> None:
        named = [(str(file), source) for file, source in (self._files[number] for number in run)]
        try:
            worker.connection.send(named)
        except OSError:
            # It is dead: what it sent before is still to be read, and then its end.
            return

    def _start(self, starts: int = 1) -> _Worker | None:
        """Start a process; where the system lets no more be, the others have to do."""
        context = _context()
        ours, theirs = context.Pipe()
        process = context.Process(target=serve, args=(theirs, self._limit_s), daemon=True)
        try:
            process.start()
        except OSError as error:
            logger.warning("A process that reads can't be started: %s", error)
            ours.close()
            return None
        finally:
            theirs.close()
        worker = _Worker(process=process, connection=ours, starts=starts)
        self._workers.append(worker)
        return worker

    def _replace(self, worker: _Worker) -> None:
        """Refuse the file that a dead process was at, and let another read what it had to.

        One that never started is not to blame on a file; after some such, this process reads.
        """
        status = _status(worker)
        _end(worker)
        self._workers.remove(worker)
        if worker.started and worker.assigned:
            number = worker.assigned[0][0]
            refusal = Refusal(source=self._files[number][1], error=self._reason(status))
            self._keep(worker, Part(outcomes=(refusal,), last=True))
        elif not worker.started and worker.starts >= _MOST_STARTS:
            logger.warning("A process that reads can't be started (status %s).", status)
            return
        after = self._start(1 if worker.started else worker.starts + 1)
        if after is not None:
            after.assigned = worker.assigned
            for run in after.assigned:
                self._send(after, run)

    def _reason(self, status: int | None) -> UnreadableSource:
        if status == -signal.SIGALRM:
            return UnreadableSource(f"takes longer than {self._limit_s:g} seconds to read")
        how = f"status {status}"
        if status is not None and status < 0:
            how = signal.Signals(-status).name
        return UnreadableSource(f"the process that read it ended ({how}); the others are read")


def _context() -> ForkServerContext | SpawnContext:
    """Return what starts processes; not "fork", which isn't safe beside ONNX Runtime's threads."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([Part.__module__])
    return context


def _status(worker: _Worker) -> int | None:
    """Return the exit status of a process whose pipe has closed, negative for a signal."""
    worker.process.join(_ENDING_S)
    if worker.process.is_alive():
        worker.process.kill()
        worker.process.join()
    return worker.process.exitcode


def _end(worker: _Worker) -> None:
    worker.connection.close()
    worker.process.kill()
    worker.process.join()
    worker.process.close()
