"""The report's pictures, each in light and dark, with its words and the numbers it shows."""

import base64
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from qa.scoring.evaluation import Evaluation
from qa.scoring.metrics import confidence_bins, expected_calibration_error, percentile, risks
from qa.scoring.plots import DARK, LIGHT, Palette, latency_svg, reliability_svg, risk_svg
from qa.scoring.scores import best_confidences, confidences


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """A picture as data URIs in *light* and *dark*; *rows* holds the numbers that it shows."""

    name: str
    title: str
    alt: str
    caption: str
    light: str
    dark: str
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]


def plots_of(evaluation: Evaluation) -> list[Plot]:
    """Return the plots of *evaluation*, without those that it has no numbers for."""
    plots = (_reliability(evaluation), _risk(evaluation), _latency(evaluation))
    return [plot for plot in plots if plot]


def _reliability(evaluation: Evaluation) -> Plot | None:
    rows = confidences(evaluation.outcomes)
    if not len(rows):
        return None
    bins, ece = confidence_bins(rows), expected_calibration_error(rows)
    light, dark = _both(lambda palette: reliability_svg(bins, ece, palette))
    return Plot(
        name="reliability",
        title="Reliability",
        alt=f"Bars of the share of right answers in {len(bins)} bins of confidence, beside the "
        f"diagonal of perfect calibration; expected calibration error {ece:.3f}.",
        caption=f"The {len(rows)} answers given, in bins of confidence; the number above a bar is "
        f"how many fall in it. Bars that end on the dashed line are well calibrated. "
        f"Expected calibration error: {ece:.3f}.",
        light=light,
        dark=dark,
        columns=("confidence from", "answers", "mean confidence", "right"),
        rows=[(f"{b.start:.1f}", str(b.n), f"{b.confidence:.3f}", f"{b.right:.3f}") for b in bins],
    )


def _risk(evaluation: Evaluation) -> Plot | None:
    outcomes, estimates = evaluation.outcomes, evaluation.scores.estimates
    rows, given = best_confidences(outcomes), confidences(outcomes)
    if not len(rows):
        return None
    curve, n = risks(rows), len(outcomes)
    chosen = len(given) / n, float(1 - given[:, 1].mean()) if len(given) else 0.0
    light, dark = _both(lambda palette: risk_svg(curve, n, chosen, palette))
    told = {"AURC": estimates["aurc"], "AUROC": estimates["auroc"]}
    areas = ", ".join(f"{name} {score.value:.3f}" for name, score in told.items() if score)
    at = f"{chosen[0]:.0%} of the questions are answered and {chosen[1]:.0%} of the answers wrong"
    tenths = np.unique(np.ceil(np.linspace(0.1, 1, 10) * len(curve)).astype(int))
    return Plot(
        name="risk",
        title="Risk and coverage",
        alt=f"A curve of the share of wrong answers over the share of questions answered; at the "
        f"threshold, {at}. {areas}.",
        caption=f"What would be wrong if the threshold let more or fewer of the best answers "
        f"through, the withheld ones among them. The dot is the threshold in use: {at}. {areas}.",
        light=light,
        dark=dark,
        columns=("answered", "wrong among them"),
        rows=[(f"{k / n:.0%}", f"{curve[k - 1]:.3f}") for k in tenths],
    )


def _latency(evaluation: Evaluation) -> Plot:
    waits = [outcome.milliseconds for outcome in evaluation.outcomes]
    light, dark = _both(lambda palette: latency_svg(waits, palette))
    tail = {q: percentile(waits, q) for q in (0, 25, 50, 75, 90, 95, 99, 100)}
    stages = ", ".join(
        f"{stage} {times['p50']:,.0f} ms"
        for stage, times in evaluation.scores.stages_ms.items()
        if stage != "total"
    )
    return Plot(
        name="latency",
        title="Latency",
        alt=f"A histogram of what {len(waits)} questions took: half at most {tail[50]:,.0f} ms, "
        f"95 % at most {tail[95]:,.0f} ms.",
        caption=f"What the asker waited. Medians of the stages: {stages}.",
        light=light,
        dark=dark,
        columns=("percentile", "milliseconds"),
        rows=[(str(q), f"{milliseconds:,.1f}") for q, milliseconds in tail.items()],
    )


def _both(draw: Callable[[Palette], bytes]) -> tuple[str, str]:
    light, dark = (base64.b64encode(draw(palette)).decode() for palette in (LIGHT, DARK))
    return f"data:image/svg+xml;base64,{light}", f"data:image/svg+xml;base64,{dark}"
