"""Processes that die: each forked from one that has imported everything, and has no threads."""

import multiprocessing
import os
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import TypeVar

Result = TypeVar("Result")

PATIENCE_S = 120.0
"""A process that has not ended by then hangs."""

_PREPARED = multiprocessing.get_context("forkserver")
_PREPARED.set_forkserver_preload(["tests.faults.newsroom"])

Tell = Callable[[object], None]
"""Tells the process that waits something at once, so that it knows it if the teller is killed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a process ended, what it told, and what its function returned or raised.

    *code* is that of `multiprocessing`: minus the signal's number where one ended it.
    """

    code: int
    told: tuple[object, ...]
    returned: object = None
    raised: str | None = None


class Running:
    """A process that runs *function* with a way to tell, and *given*."""

    def __init__(self, function: Callable[..., object], *given: object) -> None:
        # The server that forks must have no threads: a lock that one holds would stay held.
        for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
            os.environ.setdefault(name, "1")
        self._heard, telling = _PREPARED.Pipe(duplex=False)
        self._process: BaseProcess = _PREPARED.Process(target=_run, args=(telling, function, given))
        self._process.start()
        telling.close()

    def kill(self) -> None:
        """End it at once, with SIGKILL."""
        self._process.kill()

    def ended(self) -> Ended:
        """Wait for the end, and return how it was."""
        told: list[object] = []
        returned, raised = None, None
        with self._heard, suppress(EOFError):
            while self._heard.poll(PATIENCE_S):
                kind, what = self._heard.recv()
                if kind == "told":
                    told.append(what)
                elif kind == "returned":
                    returned = what
                else:
                    raised = what
        self._process.join(PATIENCE_S)
        code = self._process.exitcode
        if code is None:
            self.kill()
            raise TimeoutError("a process hung")
        return Ended(code=code, told=tuple(told), returned=returned, raised=raised)


def run(function: Callable[..., object], *given: object) -> Ended:
    """Run *function* in a process of its own, and return how that ended."""
    return Running(function, *given).ended()


def returned(kind: type[Result], function: Callable[..., object], *given: object) -> Result:
    """Return what *function* returns in a process of its own; fail where it raises or dies."""
    ended = run(function, *given)
    assert ended.raised is None, ended.raised
    assert ended.code == 0, f"a process ended with {ended.code}"
    assert isinstance(ended.returned, kind)
    return ended.returned


def _run(telling: Connection, function: Callable[..., object], given: tuple[object, ...]) -> None:
    try:
        telling.send(("returned", function(lambda what: telling.send(("told", what)), *given)))
    except BaseException:  # a panic of Rust's is none of the Exceptions
        telling.send(("raised", traceback.format_exc()))
        raise
