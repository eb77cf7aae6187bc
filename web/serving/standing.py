"""Standing: whether the server is alive, and whether it should be sent anything."""

from collections.abc import Mapping
from typing import Any, Protocol

from web.serving.gate import Gate

STUCK_AFTER_DEADLINES = 2
"""A stage is over long before a request's deadline, unless it hangs."""


class _HasExtensions(Protocol):
    @property
    def extensions(self) -> Mapping[str, Any]: ...


class Standing:
    """Tells how the work behind *gate* stands, whose requests have *deadline_s* seconds.

    Safe to use from several threads, and from a signal handler.
    """

    def __init__(self, gate: Gate, deadline_s: float) -> None:
        self._gate = gate
        self._stuck_after_s = STUCK_AFTER_DEADLINES * deadline_s
        self._stopping = False

    def stop(self) -> None:
        """Note that the server stops: it finishes what is at hand."""
        self._stopping = True

    def dead(self) -> str | None:
        """Return why only a new start will help, or None where there is no need of one."""
        stuck_s = self._gate.stuck_s()
        if stuck_s < self._stuck_after_s:
            return None
        return f"Answers have made no progress for {stuck_s:.0f} seconds."

    def away(self) -> str | None:
        """Return why nothing should be sent here, or None."""
        return "The server is stopping." if self._stopping else self.dead()


def standing_of(app: _HasExtensions) -> Standing:
    """Return the standing of *app*'s server."""
    standing: Standing = app.extensions["standing"]
    return standing
