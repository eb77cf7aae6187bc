"""How long each stage of an answer took."""

from time import perf_counter


class Clock:
    """Times one answer's stages."""

    def __init__(self) -> None:
        self._started = self._last = perf_counter()
        self._seconds: dict[str, float] = {}

    def stop(self, stage: str) -> None:
        """Say that *stage* ends now."""
        now = perf_counter()
        self._seconds[stage] = now - self._last
        self._last = now

    def times_ms(self) -> dict[str, float]:
        """Return the milliseconds of every stage and of all together."""
        stages = self._seconds | {"total": self._last - self._started}
        return {stage: round(seconds * 1000, 2) for stage, seconds in stages.items()}
