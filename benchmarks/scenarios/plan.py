"""What locust is to ask: a plan that the runner writes and `locustfile.py` reads.

Locust has an environment of its own, so that this module needs nothing but the standard library.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

EACH_ASKS_EVERY_S = 5.0
"""A visitor asks at most so often: many visitors make an arrival independent of the replies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """So many seconds in which so many questions a second arrive, whatever becomes of them."""

    name: str
    seconds: float
    per_second: float

    @property
    def visitors(self) -> int:
        """How many visitors ask, each every `EACH_ASKS_EVERY_S` seconds."""
        return max(1, round(self.per_second * EACH_ASKS_EVERY_S))


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Stages one after the other, the questions asked, and the file that replies are written to."""

    stages: Sequence[Stage]
    questions: Sequence[str]
    replies: Path

    def write(self, path: Path) -> None:
        """Write the plan as JSON."""
        path.write_text(json.dumps(asdict(self), default=str), "utf-8")

    @classmethod
    def read(cls, path: Path) -> "Plan":
        """Return the plan that `write` wrote."""
        read = json.loads(path.read_text("utf-8"))
        return cls(
            stages=tuple(Stage(**stage) for stage in read["stages"]),
            questions=tuple(read["questions"]),
            replies=Path(read["replies"]),
        )

    def stage_at(self, second: float) -> Stage | None:
        """Return the stage that this *second* falls into; None after the last."""
        for stage in self.stages:
            if second < stage.seconds:
                return stage
            second -= stage.seconds
        return None
