"""Fits the confidence model: which candidate is best, and how likely it is right.

`python -m qa.training.fit_confidence --data FOLDER GOLD.jsonl... --rows ROWS.jsonl.gz...`
asks the gold questions over the stories in FOLDER, and up to `--sample` rows of each file over
their own contexts; writes qa/models/confidence.json, or the file that `--to` names, and prints what
the probabilities are worth on questions whose stories the model was not fitted on. The reader is
the one of the settings.
"""

import argparse
import json
import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from qa.composing.features import Features, Standing, standing_of
from qa.confidence import BUNDLED, OperatingPoint
from qa.scoring.gold import read_gold
from qa.scoring.metrics import (
    area_under_risks,
    auroc,
    confidence_bins,
    expected_calibration_error,
    risks,
)
from qa.settings import load_settings
from qa.training.ask_rows import Asked, Asker, ask_rows

logger = logging.getLogger(__name__)

FOLDS = 10
GOLD_WEIGHT = 100.0
"""A gold question counts this often: news is what users ask. With 20, rows of encyclopedia articles
made the probabilities of news worse: ECE 0.09 on gold held out."""

PRIOR = 0.3
"""Inverse strength of the pull towards weights of 0; from 0.01 to 1 it made no difference."""

Rounded = dict[str, float]


@dataclass(frozen=True, slots=True)
class Fitted:
    """The two regressions of a `ConfidenceModel`."""

    ranking: LogisticRegression
    calibration: LogisticRegression

    def top(self, one: Asked) -> tuple[list[float], bool]:
        """Return the best-ranked candidate's standing, and whether it is right."""
        qualities = self.ranking.decision_function(one.features)
        best, *others = np.argsort(-qualities, kind="stable")
        runner_up = float(qualities[others[0]]) if others else None
        quality = float(qualities[best])
        standing = standing_of(one.question, one.candidates[best], quality, runner_up)
        return list(asdict(standing).values()), bool(one.right[best])


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Questions rated by models that were fitted without their stories.

    *p*, *right* and *impossible* have shape (questions,): the probability, whether the best
    candidate is right, and whether there is no right one.
    """

    p: NDArray[np.float64]
    right: NDArray[np.bool_]
    impossible: NDArray[np.bool_]

    @property
    def rows(self) -> NDArray[np.float64]:
        """Probabilities and 1.0 or 0.0 for right or wrong, shape (questions, 2)."""
        return np.column_stack([self.p, self.right.astype(np.float64)])

    def at(self, threshold: float) -> OperatingPoint:
        """Return what is shown from *threshold* on, and how much of it is right."""
        shown = self.p >= threshold
        return OperatingPoint(
            threshold=round(float(threshold), 2),
            shown=round(float(shown.mean()), 3),
            right=round(float(self.right[shown].mean()), 3) if shown.any() else 1.0,
        )

    def well_decided(self, threshold: float) -> float:
        """Return the share of questions that are answered rightly or rightly refused."""
        shown = self.p >= threshold
        return float(np.where(shown, self.right, self.impossible).mean())


def fit(asked: Sequence[Asked]) -> Fitted:
    """Return the fitted ranking and calibration."""
    ranking = LogisticRegression(C=PRIOR, max_iter=1000)
    ranking.fit(
        np.concatenate([one.features for one in asked]),
        np.concatenate([one.right for one in asked]),
        np.concatenate([np.full(len(one.right), one.weight) for one in asked]),
    )
    tops = [Fitted(ranking, ranking).top(one) for one in asked]
    calibration = LogisticRegression(C=PRIOR, max_iter=1000)
    calibration.fit(
        [standing for standing, _ in tops],
        [right for _, right in tops],
        [one.weight for one in asked],
    )
    return Fitted(ranking, calibration)


def held_out(asked: Sequence[Asked]) -> HeldOut:
    """Rate every question by models fitted without the questions of its story, in their order."""
    p, right = np.zeros(len(asked)), np.zeros(len(asked), dtype=bool)
    folds = GroupKFold(FOLDS, shuffle=True, random_state=0)
    for train, test in folds.split(np.arange(len(asked)), groups=[one.group for one in asked]):
        fitted = fit([asked[i] for i in train])
        for i in test:
            standing, right[i] = fitted.top(asked[i])
            p[i] = fitted.calibration.predict_proba([standing])[0, 1]
    return HeldOut(p, right, np.array([one.gold.is_impossible for one in asked]))


def report(name: str, rated: HeldOut) -> None:
    """Log what the held-out probabilities are worth."""
    rows = rated.rows
    logger.info(
        "%s: %d questions, first candidate right %.3f, AUROC %.3f, ECE %.3f, AURC %.3f",
        name, len(rows), rated.right.mean(), auroc(rows), expected_calibration_error(rows),
        area_under_risks(rows),
    )  # fmt: skip
    for one in confidence_bins(rows):
        logger.info("  %4d near %.2f, right %.2f", one.n, one.confidence, one.right)
    for threshold in np.arange(0.2, 0.85, 0.05):
        point = rated.at(threshold)
        logger.info(
            "  from %.2f on: %.3f shown, %.3f of them right; right or rightly refused %.3f",
            point.threshold, point.shown, point.right, rated.well_decided(threshold),
        )  # fmt: skip


def draw(rated: HeldOut, point: OperatingPoint, folder: Path) -> None:
    """Write the reliability diagram and the risk-coverage curve to *folder*."""
    from qa.scoring.plots import LIGHT, reliability_svg, risk_svg

    rows = rated.rows
    bins, ece = confidence_bins(rows), expected_calibration_error(rows)
    chosen = point.shown, 1 - point.right
    (folder / "reliability.svg").write_bytes(reliability_svg(bins, ece, LIGHT))
    (folder / "risk.svg").write_bytes(risk_svg(risks(rows), len(rows), chosen, LIGHT))


def main() -> None:
    """Fit, report and write the model."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    logging.getLogger("qa.assistant").setLevel(logging.WARNING)
    options = _options()
    settings = load_settings(data=options.data)
    news = Asker(settings).ask_all(read_gold(options.gold), GOLD_WEIGHT)
    asked = news + list(ask_rows(options.rows, options.sample, settings))
    rated = held_out(asked)
    on_gold = HeldOut(rated.p[: len(news)], rated.right[: len(news)], rated.impossible[: len(news)])
    report("gold, held out", on_gold)
    if len(asked) > len(news):
        report("all, held out", rated)
    point = on_gold.at(options.threshold)
    write(fit(asked), point, options.to)
    if options.plots:
        draw(on_gold, point, options.plots)


def _options() -> argparse.Namespace:
    parse = argparse.ArgumentParser(description="Fit the confidence model.")
    parse.add_argument("gold", type=Path, nargs="+")
    parse.add_argument("--data", type=Path, required=True)
    parse.add_argument("--rows", type=Path, nargs="*", default=[])
    parse.add_argument("--sample", type=int, default=500, help="rows of each file, at most")
    parse.add_argument("--threshold", type=float, default=0.5, help="the operating point")
    parse.add_argument("--to", type=Path, default=BUNDLED)
    parse.add_argument("--plots", type=Path, help="folder for pictures of what was held out")
    return parse.parse_args()


def write(fitted: Fitted, point: OperatingPoint, to: Path) -> None:
    """Write the model that answers are rated with, and the point it is used at."""
    model = {
        "ranking": _named(Features, fitted.ranking),
        "calibration": _named(Standing, fitted.calibration),
        "operating_point": asdict(point),
    }
    to.write_text(json.dumps(model, indent=2) + "\n", "utf-8")
    logger.info("%s", json.dumps(model))


def _named(kind: type[Features | Standing], model: LogisticRegression) -> Rounded:
    names = (field.name for field in fields(kind))
    weights = dict(zip(names, map(float, model.coef_[0]), strict=True))
    bias = {"bias": float(model.intercept_[0])}
    return {name: round(weight, 4) for name, weight in (bias | weights).items()}


if __name__ == "__main__":
    main()
