"""What came back, as `locustfile.py` wrote it, and what can be told of it."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.scenarios.plan import Stage
from qa.scoring.metrics import percentile

CALM_S = 5.0
"""A server has recovered once nothing was wrong for so long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One question: *at* which second of the run it was asked, and what came of it."""

    at: float
    seconds: float
    status: int
    wrong: str | None = None
    change: int | None = None

    @property
    def admitted(self) -> bool:
        """Whether it was answered."""
        return self.status == 200 and self.wrong is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Replies:
    """Replies in the order in which they were asked for."""

    replies: Sequence[Reply]

    @classmethod
    def read(cls, path: Path) -> "Replies":
        """Return the replies of a run, whose clock starts with the first question."""
        lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        first = min((line["at"] for line in lines), default=0.0)
        replies = (Reply(**(line | {"at": line["at"] - first})) for line in lines)
        return cls(replies=sorted(replies, key=lambda reply: reply.at))

    def __len__(self) -> int:
        return len(self.replies)

    def __iter__(self) -> Iterator[Reply]:
        return iter(self.replies)

    def within(self, began: float, ended: float) -> "Replies":
        """Return those that were asked for from second *began* on and before *ended*."""
        return Replies(replies=[reply for reply in self if began <= reply.at < ended])

    def of(self, stages: Sequence[Stage], name: str) -> "Replies":
        """Return those of the stage of this *name*."""
        began = 0.0
        for stage in stages:
            if stage.name == name:
                return self.within(began, began + stage.seconds)
            began += stage.seconds
        raise KeyError(name)

    @property
    def admitted(self) -> "Replies":
        """Those that were answered."""
        return Replies(replies=[reply for reply in self if reply.admitted])

    @property
    def refused(self) -> int:
        """How many were told to come again later."""
        return sum(reply.status == 503 and reply.wrong is None for reply in self)

    @property
    def wrong(self) -> Counter[str]:
        """What was wrong, and how often."""
        return Counter(reply.wrong for reply in self if reply.wrong)

    @property
    def changes(self) -> int:
        """How many states of the stories answers were made from."""
        return len({reply.change for reply in self if reply.change is not None})

    def percentile_ms(self, q: float) -> float:
        """Return the *q*-th percentile of the milliseconds that answers took; 0 without any."""
        taken = [1000 * reply.seconds for reply in self.admitted]
        return percentile(taken, q) if taken else 0.0

    def recovered_after_s(self, at_most_ms: float) -> float:
        """Return the second from which on nothing was wrong, refused or slower, for `CALM_S`.

        Infinite if that never was.
        """
        began = self.replies[0].at if self.replies else 0.0
        calm_since = began
        for reply in self:
            if reply.at - calm_since >= CALM_S:
                break
            if not reply.admitted or 1000 * reply.seconds > at_most_ms:
                calm_since = reply.at
        else:
            if not self.replies or self.replies[-1].at - calm_since < 0.9 * CALM_S:
                return float("inf")
        return calm_since - began
