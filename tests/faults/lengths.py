"""How long the fault tests take: a short leg with all tests, a long one for `make faults`."""

import os
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Lengths:
    """How often each thing is done; *states* of every operation and fault, 0 for all there are."""

    kills: int
    states: int
    flips: int
    seconds: float


SHORT = Lengths(kills=110, states=6, flips=300, seconds=10)
LONG = Lengths(kills=1000, states=0, flips=10_000, seconds=180)
LENGTHS = LONG if os.environ.get("FAULTS") == "long" else SHORT
