"""The scenarios by name: how much is asked, what happens meanwhile, and what must come of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from benchmarks.scenarios import judging, meanwhile
from benchmarks.scenarios.judging import Judge
from benchmarks.scenarios.meanwhile import Meanwhile
from benchmarks.scenarios.plan import Stage

Stages = Callable[[float, float], Sequence[Stage]]
"""From a capacity in answers a second, and the seconds that the scenario is to take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """How much is asked, what happens meanwhile so many *times*, and what must come of it."""

    stages: Stages
    judge: Judge
    minutes: float
    meanwhile: Meanwhile = meanwhile.nothing
    times: int = 0


def _constant(share: float) -> Stages:
    def stages(capacity: float, seconds: float) -> Sequence[Stage]:
        return (Stage(name="all", seconds=seconds, per_second=share * capacity),)

    return stages


def _tenfold(capacity: float, seconds: float) -> Sequence[Stage]:
    normal = 0.8 * capacity
    return (
        Stage(name="before", seconds=0.4 * seconds, per_second=normal),
        Stage(name="overload", seconds=0.3 * seconds, per_second=10 * capacity),
        Stage(name="after", seconds=0.3 * seconds, per_second=normal),
    )


SCENARIOS: Mapping[str, Scenario] = MappingProxyType(
    {
        "steady": Scenario(stages=_constant(0.8), judge=judging.steady, minutes=10),
        "overload": Scenario(stages=_tenfold, judge=judging.overload, minutes=5),
        "soak": Scenario(stages=_constant(0.5), judge=judging.soak, minutes=60),
        "swaps": Scenario(
            stages=_constant(0.4),
            judge=judging.undisturbed,
            minutes=20,
            meanwhile=meanwhile.swap,
            times=50,
        ),
        "reloads": Scenario(
            stages=_constant(0.4),
            judge=judging.undisturbed,
            minutes=5,
            meanwhile=meanwhile.reload,
            times=10,
        ),
        "killed": Scenario(
            stages=_constant(0.4),
            judge=judging.killed,
            minutes=1,
            meanwhile=meanwhile.kill,
            times=1,
        ),
    }
)
