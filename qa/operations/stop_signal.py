"""A wish to end, told by SIGTERM or Ctrl-C, that is noticed between steps and in pauses."""

import signal
import time
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import TypeAlias

from corpus.watch import Stopped

SIGNALS = (signal.SIGINT, signal.SIGTERM)
_TICK_S = 0.25
"""How soon a pause notices the wish: a sleep goes on after a signal was handled (PEP 475)."""

_Handler: TypeAlias = Callable[[int, FrameType | None], object] | int | None


class StopSignal:
    """Within its block, the first signal is a wish, and a second one ends the process as ever."""

    def __init__(self) -> None:
        self._wanted = False
        self._before: dict[signal.Signals, _Handler] = {}

    def __enter__(self) -> "StopSignal":
        for one in SIGNALS:
            self._before[one] = signal.signal(one, self._note)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for one, handler in self._before.items():
            signal.signal(one, handler)

    def wanted(self) -> bool:
        """Say whether the run is to end."""
        return self._wanted

    def pause(self, seconds: float) -> None:
        """Wait; raise `Stopped` as soon as the run is to end."""
        until = time.monotonic() + seconds
        while not self._wanted and (left := until - time.monotonic()) > 0:
            time.sleep(min(left, _TICK_S))
        if self._wanted:
            raise Stopped

    def _note(self, number: int, frame: FrameType | None) -> None:
        self._wanted = True
        for one in SIGNALS:
            signal.signal(one, signal.SIG_DFL)
