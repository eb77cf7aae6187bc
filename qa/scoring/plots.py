"""Plots of an evaluation as SVG pictures: reliability, risk and coverage, latency."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from qa.scoring.metrics import ECE_BINS, Bin, percentile

INCHES = (5.2, 3.7)
LATENCY_BINS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """The colours of text, lines that guide the eye, what is measured, and what stands out."""

    ink: str
    line: str
    measured: str
    accent: str


LIGHT = Palette(ink="#5a606b", line="#c9c5bc", measured="#1b4b7d", accent="#8a3b12")
DARK = Palette(ink="#a5abb6", line="#3d4450", measured="#93c0f2", accent="#f0b48c")


def reliability_svg(bins: Sequence[Bin], ece: float, palette: Palette) -> bytes:
    """Draw the share of right answers by confidence, a bar a bin with its number of answers.

    Bars that end on the diagonal are well calibrated (Guo et al. 2017).
    """
    with _drawing(palette) as (figure, axes):
        axes.plot([0, 1], [0, 1], color=palette.ink, linewidth=1, linestyle="--")
        starts, shares = [b.start for b in bins], [b.right for b in bins]
        width = 1 / ECE_BINS
        axes.bar(
            starts, shares, width * 0.9, align="edge", color=palette.measured, alpha=0.75, zorder=2
        )
        for held in bins:
            place = (held.start + width * 0.45, held.right)
            axes.annotate(str(held.n), place, (0, 2), textcoords="offset points", ha="center")
        axes.set(xlim=(0, 1), ylim=(0, 1.08), xlabel="confidence", ylabel="share of right answers")
        _note(axes, f"ECE {ece:.3f}", palette)
        return _svg(figure)


def risk_svg(
    risks: NDArray[np.float64], n: int, chosen: tuple[float, float], palette: Palette
) -> bytes:
    """Draw the share of wrong answers over the share of *n* questions that are answered.

    *risks* has shape (answers,): the most confident one, two, three … answers' share of wrong ones.
    *chosen* is the coverage and the risk that the threshold yields.
    """
    with _drawing(palette) as (figure, axes):
        coverage = np.arange(1, len(risks) + 1) / n
        axes.plot(coverage, risks, color=palette.measured, linewidth=1.8, zorder=2)
        axes.fill_between(coverage, risks, color=palette.measured, alpha=0.12, linewidth=0)
        axes.plot(*chosen, "o", color=palette.accent, markersize=7, zorder=3)
        top = max(float(risks.max()), chosen[1], 0.1) * 1.25
        axes.set(xlim=(0, 1), ylim=(0, min(top, 1.05)))
        axes.set(xlabel="coverage: share of questions answered", ylabel="risk: share of wrong ones")
        _note(axes, f"● {chosen[0]:.0%} answered, {chosen[1]:.0%} of them wrong", palette)
        return _svg(figure)


def latency_svg(milliseconds: Sequence[float], palette: Palette) -> bytes:
    """Draw how many questions took how long, with the 50th and 95th percentile."""
    with _drawing(palette) as (figure, axes):
        axes.hist(milliseconds, LATENCY_BINS, color=palette.measured, alpha=0.75, zorder=2)
        for q, style in ((50, "-"), (95, "--")):
            value = percentile(milliseconds, q)
            label = f"p{q}  {value:,.0f} ms"
            axes.axvline(value, color=palette.accent, linestyle=style, zorder=3, label=label)
        axes.legend(
            loc="lower left",
            bbox_to_anchor=(0, 1),
            borderaxespad=0.2,
            ncols=2,
            frameon=False,
            labelcolor=palette.accent,
        )
        axes.set(xlim=(0, None), xlabel="milliseconds", ylabel="questions")
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))
        return _svg(figure)


@contextmanager
def _drawing(palette: Palette) -> Iterator[tuple[Figure, Axes]]:
    """Yield an empty figure in the palette; the same drawing gives the same bytes."""
    with mpl.rc_context(
        {
            "axes.edgecolor": palette.line,
            "axes.labelcolor": palette.ink,
            "axes.spines.right": False,
            "axes.spines.top": False,
            "font.size": 9.5,
            "grid.color": palette.line,
            "grid.linewidth": 0.5,
            "svg.hashsalt": "dateline",
            "text.color": palette.ink,
            "xtick.color": palette.ink,
            "ytick.color": palette.ink,
        }
    ):
        figure = Figure(figsize=INCHES, layout="constrained")
        axes = figure.add_subplot()
        axes.grid(visible=True, axis="y", zorder=0)
        yield figure, axes


def _note(axes: Axes, text: str, palette: Palette) -> None:
    axes.set_title(text, loc="left", color=palette.accent, fontsize=10)


def _svg(figure: Figure) -> bytes:
    drawn = BytesIO()
    figure.savefig(drawn, format="svg", transparent=True, metadata={"Date": None})
    return drawn.getvalue()
