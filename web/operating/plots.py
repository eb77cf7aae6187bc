"""Where the bars of a small plot stand; a template draws them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

WIDTH, HEIGHT = 600, 120
_GAP = 2
_THIN = 3


class Bar(NamedTuple):
    """A bar in the plot's own units, *y* counted from the top."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """Two bars a minute, one before the other, under the value *most* at the top."""

    most: float
    behind: tuple[Bar, ...]
    before: tuple[Bar, ...]
    width: int = WIDTH
    height: int = HEIGHT


def counts(whole: Sequence[int], part: Sequence[int]) -> Plot:
    """Return the plot of how many there were a minute, and of how many of these were special."""
    most = max(whole, default=0)
    return Plot(
        most=most,
        behind=_bars([(0.0, float(n)) for n in whole], most),
        before=_bars([(0.0, float(n)) for n in part], most),
    )


def ranges(low: Sequence[float | None], high: Sequence[float | None]) -> Plot:
    """Return the plot of a range a minute, its lower end marked; minutes without any are empty."""
    spans = [(a or 0.0, b or 0.0) for a, b in zip(low, high, strict=True)]
    most = max((b for _, b in spans), default=0.0)
    thin = most * _THIN / HEIGHT
    return Plot(
        most=most,
        behind=_bars(spans, most, least=thin),
        before=_bars([(a, a + thin if b else 0.0) for a, b in spans], most + thin),
    )


def _bars(spans: Sequence[tuple[float, float]], most: float, least: float = 0.0) -> tuple[Bar, ...]:
    step = WIDTH / max(1, len(spans))
    bars = []
    for place, (low, high) in enumerate(spans):
        if high <= 0:
            continue
        top = HEIGHT * (1 - high / most)
        height = HEIGHT * max(high - low, least) / most
        bars.append(
            Bar(*(round(n, 1) for n in (place * step + _GAP / 2, top, step - _GAP, height)))
        )
    return tuple(bars)
