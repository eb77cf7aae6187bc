"""Recent: what the last day was like, minute by minute, in memory and without anybody's words."""

import math
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from threading import Lock

from qa.answer import Answer

MINUTES_KEPT = 24 * 60
NO_BAND = "none"
"""The band of what was not answered."""

_LEAST_MS = 0.1
_STEP = math.log(1.1)
"""Times are counted by steps of a tenth, so that a percentile is at most 5 % off."""


@dataclass(slots=True)
class Spell:
    """Counts of a stretch of time.

    *answers* are by status and band, *reasons* are those of abstentions, *times* of each stage are
    by step of a tenth.
    """

    requests: int = 0
    failed: int = 0
    answers: Counter[tuple[str, str]] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)
    times: dict[str, Counter[int]] = field(default_factory=dict)

    def add(self, other: "Spell") -> None:
        """Count what *other* counts, too."""
        self.requests += other.requests
        self.failed += other.failed
        self.answers.update(other.answers)
        self.reasons.update(other.reasons)
        self.verdicts.update(other.verdicts)
        for stage, times in other.times.items():
            self.times.setdefault(stage, Counter()).update(times)

    def count(self, stage: str) -> int:
        """Return how many answers had *stage*."""
        return self.times.get(stage, Counter()).total()

    def percentile_ms(self, stage: str, percent: float) -> float | None:
        """Return the milliseconds in which *percent* of the answers had *stage* behind them."""
        times = self.times.get(stage, Counter())
        wanted, seen = math.ceil(times.total() * percent / 100), 0
        for step in sorted(times):
            seen += times[step]
            if seen >= wanted:
                return _LEAST_MS * math.exp(step * _STEP)
        return None


class Recent:
    """Counts of the last *MINUTES_KEPT* minutes; safe to use from several threads.

    *clock* tells seconds that never go back, whatever the machine's clock does.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._minutes: deque[tuple[int, Spell]] = deque(maxlen=MINUTES_KEPT)

    def requested(self, status: int) -> None:
        """Count a request that was answered with *status*."""
        with self._lock:
            minute = self._minute()
            minute.requests += 1
            minute.failed += status >= 500

    def answered(self, answer: Answer) -> None:
        """Count an answer."""
        band = band_of(answer)
        with self._lock:
            minute = self._minute()
            minute.answers[answer.status, band] += 1
            if answer.abstention:
                minute.reasons[answer.abstention.reason] += 1
            for stage, ms in answer.timings_ms.items():
                minute.times.setdefault(stage, Counter())[_step_of(ms)] += 1

    def judged(self, verdict: str) -> None:
        """Count a verdict on an answer."""
        with self._lock:
            self._minute().verdicts[verdict] += 1

    def last(self, minutes: int) -> Spell:
        """Return what the last *minutes* came to, the one that has begun included."""
        return together(self.minute_by_minute(minutes))

    def minute_by_minute(self, minutes: int) -> list[Spell]:
        """Return each of the last *minutes*, the one that has begun at the end."""
        with self._lock:
            now = self._now()
            spell_of = {at: together([spell]) for at, spell in self._minutes if at > now - minutes}
        return [spell_of.get(at, Spell()) for at in range(now - minutes + 1, now + 1)]

    def _now(self) -> int:
        return int(self._clock() // 60)

    def _minute(self) -> Spell:
        now = self._now()
        if not self._minutes or self._minutes[-1][0] != now:
            self._minutes.append((now, Spell()))
        return self._minutes[-1][1]


def band_of(answer: Answer) -> str:
    """Return the band of an answer's confidence, or that of what was not answered."""
    return NO_BAND if answer.abstention else answer.confidence.band


def together(spells: Iterable[Spell]) -> Spell:
    """Return what *spells* come to as one."""
    whole = Spell()
    for spell in spells:
        whole.add(spell)
    return whole


def _step_of(ms: float) -> int:
    return round(math.log(max(ms, _LEAST_MS) / _LEAST_MS) / _STEP)
