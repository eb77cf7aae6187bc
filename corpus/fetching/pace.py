"""How fast hosts are asked, and how one waits."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from corpus.errors import FetchPutOff

Pause = Callable[[float], None]
"""Called with the seconds to wait; may raise to end the run."""

LONGEST_WAIT_S = 60.0
"""A host that asks for more is put off until another run: others are not to wait for it."""


_LONGEST_S = 1e7
"""No server is left alone for longer than about four months, whatever it asks for."""


class Pace:
    """Keeps the requests to a host apart."""

    def __init__(self, pause: Pause) -> None:
        self._pause = pause
        self._free_at: dict[str, float] = {}

    def wait(self, host: str, apart_s: float, url: str) -> None:
        """Wait until *host* may be asked, and then take the next *apart_s* seconds.

        Raises `FetchPutOff` where that is long.
        """
        wait_s = self._free_at.get(host, 0.0) - time.monotonic()
        if wait_s > LONGEST_WAIT_S:
            raise FetchPutOff(url, wait_s)
        if wait_s > 0:
            self._pause(wait_s)
        self._free_at[host] = time.monotonic() + apart_s

    def hold(self, host: str, wait_s: float) -> None:
        """Leave *host* alone for *wait_s* seconds."""
        free_at = time.monotonic() + wait_s
        self._free_at[host] = max(free_at, self._free_at.get(host, 0.0))


def seconds_of(retry_after: str | None) -> float | None:
    """Return a Retry-After header, seconds or a date, as seconds; None where it says nothing."""
    if not retry_after:
        return None
    if retry_after.isascii() and retry_after.isdecimal():
        return min(float(retry_after[:9]), _LONGEST_S)
    try:
        moment = parsedate_to_datetime(retry_after)
    except (ValueError, OverflowError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max(0.0, (moment - datetime.now(UTC)).total_seconds()), _LONGEST_S)
