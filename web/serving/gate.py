"""Gate: so many questions are answered at a time, some wait, and the rest is turned away at once.

Answers that are made side by side beyond the cores only take longer, each of them; and so do those
that wait in a long line. Who is let in is therefore answered about as soon under any load.
"""

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import cycle
from threading import Event, Lock
from time import monotonic
from typing import Literal

from qa.deadline import Deadline, Ended
from qa.errors import AskerGone, OutOfTime, TooBusy

RETRY_AFTER_S = (1, 2, 3)
"""Told in turn, so that those who were turned away together don't come back together."""

Refusal = Literal["full", "waited"] | Ended
REASONS: tuple[Refusal, ...] = ("full", "waited", "deadline", "gone")


@dataclass(slots=True, eq=False)
class Place:
    """One request's place, at the gate or behind it."""

    deadline: Deadline
    let_in: Event = field(default_factory=Event)


@dataclass(frozen=True, slots=True, kw_only=True)
class GateCounts:
    """How many are *inside* and *waiting* now, and how many were *refused* so far, by reason."""

    inside: int
    waiting: int
    refused: dict[Refusal, int]


class Gate:
    """Lets in *at_once* requests, first come first served, while at most *waiting* wait *wait_s*.

    Safe to use from several threads.
    """

    def __init__(
        self,
        at_once: int,
        waiting: int,
        wait_s: float,
        *,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._at_once = at_once
        self._most_waiting = waiting
        self._wait_s = wait_s
        self._clock = clock
        self._lock = Lock()
        self._inside: set[Place] = set()
        self._waiting: deque[Place] = deque()
        self._refused: Counter[Refusal] = Counter()
        self._retry_after_s = cycle(RETRY_AFTER_S)

    def enter(self, deadline: Deadline) -> Place:
        """Return a place inside, as soon as there is one.

        Raises `TooBusy`, at once where the line is full; `OutOfTime` or `AskerGone` in the line.
        """
        place = Place(deadline)
        with self._lock:
            if len(self._waiting) >= self._most_waiting:
                self._forget_the_gone()
            if len(self._inside) < self._at_once and not self._waiting:
                self._inside.add(place)
                return place
            if len(self._waiting) >= self._most_waiting:
                raise self._turned_away("full")
            self._waiting.append(place)
        place.let_in.wait(min(self._wait_s, deadline.left_s()))
        with self._lock:
            if place in self._inside:
                return place
            if place in self._waiting:
                self._waiting.remove(place)
            if deadline.ended == "gone":
                raise AskerGone
            if deadline.left_s():
                raise self._turned_away("waited")
            self._refused["deadline"] += 1
            raise OutOfTime(deadline.seconds)

    def leave(self, place: Place) -> None:
        """Give up a *place* inside, to who has waited longest."""
        with self._lock:
            self._inside.remove(place)
            if place.deadline.ended:
                self._refused[place.deadline.ended] += 1
            while self._waiting and len(self._inside) < self._at_once:
                following = self._waiting.popleft()
                if self._still_there(following):
                    self._inside.add(following)
                following.let_in.set()

    @property
    def counts(self) -> GateCounts:
        """How it is at the gate."""
        with self._lock:
            return GateCounts(
                inside=len(self._inside), waiting=len(self._waiting), refused=dict(self._refused)
            )

    def stuck_s(self) -> float:
        """Return for how long no stage has begun although there is work; 0 where there is none."""
        with self._lock:
            began = [place.deadline.progressed for place in self._inside]
        return max(0.0, self._clock() - max(began)) if began else 0.0

    def _turned_away(self, reason: Refusal) -> TooBusy:
        self._refused[reason] += 1
        return TooBusy(next(self._retry_after_s))

    def _forget_the_gone(self) -> None:
        for place in [place for place in self._waiting if not self._still_there(place)]:
            self._waiting.remove(place)
            place.let_in.set()

    def _still_there(self, place: Place) -> bool:
        """Say whether who has *place* still waits, and count it where they don't."""
        if not place.deadline.gone():
            # What was waited for is no stage that hangs.
            place.deadline.progressed = self._clock()
            return True
        place.deadline.ended = "gone"
        self._refused["gone"] += 1
        return False
