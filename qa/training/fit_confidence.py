"""Fits the confidence model: which candidate is best, and how likely it is right.

`python -m qa.training.fit_confidence --data FOLDER GOLD.jsonl... --rows ROWS.jsonl.gz...`
asks the gold questions over the stories in FOLDER, and up to `--sample` rows over their own
contexts; writes qa/models/confidence.json, or the file that `--to` names, and prints what it
measured on questions that a fold was not fitted on. The reader is the one of the settings.
"""

import argparse
import json
import logging
import random
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import KFold

from corpus.passages import split_story
from qa.assemble import assemble, open_store
from qa.assistant import Assistant
from qa.confidence import BUNDLED
from qa.evaluate import RIGHT_F1
from qa.evidence import Candidate, candidates
from qa.features import Features, Standing, features_of, standing_of
from qa.gold import GoldQuestion, read_gold
from qa.metrics import expected_calibration_error, f1
from qa.question import Question, analyse
from qa.settings import Settings, load_settings
from qa.training.rows import gold_of, read_rows, stories_of

logger = logging.getLogger(__name__)

CANDIDATES = 10
FOLDS = 5
GOLD_WEIGHT = 100.0
"""A gold question counts this often: news is what users ask. With 15 and 40, rows of encyclopedia
articles made the model unsure of news: ECE 0.12 and 0.08 on gold held out, 0.05 with 100."""

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question's candidates, their features as rows, and which of them are right."""

    question: Question
    candidates: Sequence[Candidate]
    features: Array
    right: NDArray[np.bool_]
    impossible: bool
    weight: float


def ask(assistant: Assistant, gold: GoldQuestion, weight: float) -> Asked | None:
    """Return the candidates that are read for *gold*; None if nothing was read."""
    question = analyse(gold.question)
    hits = assistant.retriever.retrieve(question.text, k=assistant.passages_read)
    found = candidates(assistant.reader.read(question.text, hits), hits)[:CANDIDATES]
    if not found:
        return None
    rows = [list(asdict(features_of(question, candidate)).values()) for candidate in found]
    right = [f1(candidate.text, gold.texts) >= RIGHT_F1 for candidate in found]
    return Asked(
        question=question,
        candidates=found,
        features=np.array(rows),
        right=np.array(right),
        impossible=gold.is_impossible,
        weight=weight,
    )


def fit(asked: Sequence[Asked]) -> tuple[LogisticRegression, LogisticRegression]:
    """Return the fitted ranking and calibration."""
    ranking = LogisticRegression(C=1.0, max_iter=1000)
    ranking.fit(
        np.concatenate([one.features for one in asked]),
        np.concatenate([one.right for one in asked]),
        np.concatenate([np.full(len(one.right), one.weight) for one in asked]),
    )
    tops = [top(ranking, one) for one in asked]
    calibration = LogisticRegression(C=10.0)
    calibration.fit(
        [inputs for inputs, _ in tops],
        [right for _, right in tops],
        [one.weight for one in asked],
    )
    return ranking, calibration


def top(ranking: LogisticRegression, one: Asked) -> tuple[list[float], bool]:
    """Return the best-ranked candidate's standing, and whether it is right."""
    qualities = ranking.decision_function(one.features)
    best, *others = np.argsort(-qualities, kind="stable")
    runner_up = float(qualities[others[0]]) if others else None
    standing = standing_of(one.question, one.candidates[best], float(qualities[best]), runner_up)
    return list(asdict(standing).values()), bool(one.right[best])


def held_out(asked: Sequence[Asked]) -> Iterator[tuple[Asked, float, bool]]:
    """Yield every question with the probability that models fitted without it give it."""
    for train, test in KFold(FOLDS, shuffle=True, random_state=0).split(np.arange(len(asked))):
        ranking, calibration = fit([asked[i] for i in train])
        for one in (asked[i] for i in test):
            inputs, right = top(ranking, one)
            yield one, float(calibration.predict_proba([inputs])[0, 1]), right


def report(name: str, rows: Sequence[tuple[Asked, float, bool]]) -> None:
    """Log what the held-out probabilities are worth."""
    p = np.array([probability for _, probability, _ in rows])
    right = np.array([correct for _, _, correct in rows])
    logger.info(
        "%s: %d questions, first candidate right %.3f, AUROC %.3f, ECE %.3f",
        name, len(p), right.mean(), roc_auc_score(right, p),
        expected_calibration_error(np.column_stack([p, right.astype(np.float64)])),
    )  # fmt: skip
    impossible = np.array([one.impossible for one, _, _ in rows])
    for threshold in np.arange(0.2, 0.75, 0.05):
        shown = p >= threshold
        logger.info(
            "  from %.2f on: %.3f shown, %.3f of them right; right or rightly refused %.3f",
            threshold, shown.mean(), right[shown].mean() if shown.any() else 0.0,
            np.where(shown, right, impossible).mean(),
        )  # fmt: skip


def ask_rows(paths: Sequence[Path], sample: int, settings: Settings) -> Iterator[Asked]:
    """Ask a sample of the rows over a store of all their contexts."""
    rows = [row for path in paths for row in read_rows(path)]
    with tempfile.TemporaryDirectory() as folder:
        settings = settings.model_copy(update={"data": Path(folder)})
        store = open_store(settings)
        store.put([(story, split_story(story)) for story in stories_of(rows)])
        assistant = assemble(settings)
        for row in random.Random(0).sample(rows, min(sample, len(rows))):  # noqa: S311
            if one := ask(assistant, gold_of(row), weight=1.0):
                yield one


def main() -> None:
    """Fit, report and write the model."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    logging.getLogger("qa.assistant").setLevel(logging.WARNING)
    parse = argparse.ArgumentParser(description="Fit the confidence model.")
    parse.add_argument("gold", type=Path, nargs="+")
    parse.add_argument("--data", type=Path, required=True)
    parse.add_argument("--rows", type=Path, nargs="*", default=[])
    parse.add_argument("--sample", type=int, default=1500)
    parse.add_argument("--to", type=Path, default=BUNDLED)
    options = parse.parse_args()
    settings = load_settings(data=options.data)
    assistant = assemble(settings)
    questions = read_gold(options.gold)
    news = [one for gold in questions if (one := ask(assistant, gold, GOLD_WEIGHT))]
    asked = news + list(ask_rows(options.rows, options.sample, settings))
    rows = list(held_out(asked))
    report("gold, held out", [row for row in rows if row[0].weight == GOLD_WEIGHT])
    report("all, held out", rows)
    ranking, calibration = fit(asked)
    write(ranking, calibration, options.to)


def write(ranking: LogisticRegression, calibration: LogisticRegression, to: Path) -> None:
    """Write the model that answers are rated with to the file *to*."""
    fitted = {
        "ranking": _named(Features, ranking),
        "calibration": _named(Standing, calibration),
    }
    to.write_text(json.dumps(fitted, indent=2) + "\n", "utf-8")
    logger.info("%s", json.dumps(fitted))


def _named(kind: type[Features | Standing], model: LogisticRegression) -> dict[str, float]:
    names = (field.name for field in fields(kind))
    weights = dict(zip(names, map(float, model.coef_[0]), strict=True))
    bias = {"bias": float(model.intercept_[0])}
    return {name: round(weight, 4) for name, weight in (bias | weights).items()}


if __name__ == "__main__":
    main()
