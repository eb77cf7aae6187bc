"""Fits the first look: what the reader will score in a hit, and whether what is left matters.

`python -m qa.training.fit_first_look ROWS.jsonl.gz... --elsewhere ROWS.jsonl.gz... --data FOLDER`
asks questions that are turned out of the stories in FOLDER, and rows *elsewhere*, of which those
say nothing; then rows of each other file over the contexts of all. All that is found is read.
Writes qa/models/first_look.json, or the file that `--to` names, and prints how much is read and
what becomes of the answers by several rules, on questions whose stories they were not fitted to.
The reader is the one of the settings.
"""

import argparse
import json
import logging
from collections.abc import Sequence
from dataclasses import astuple, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GroupKFold

from embeddings.retriever import Hit
from qa.confidence import ConfidenceModel
from qa.evaluate import RIGHT_F1
from qa.reader import Reader, Span
from qa.reading.enough import StopRule
from qa.reading.first_look import BUNDLED, FirstLook, Outlook, Weights
from qa.reading.glances import Glance, glances
from qa.scoring.metrics import f1
from qa.settings import load_settings
from qa.training.read_through import ReadThrough, Said, over_rows, over_stories
from qa.understanding.several import asks_for_several

logger = logging.getLogger(__name__)

FOLDS = 3
AFTER = (1, 2, 3, 4, 6, 8, 10)
"""Hits after which it is learnt whether those left matter."""

ENOUGH = (None, 6.0)
RISKS = (0.01, 0.02)
"""What is reported."""


def fit(asked: Sequence[ReadThrough], model: ConfidenceModel) -> FirstLook:
    """Return the first look that *asked* teach."""
    ridge = Ridge(1.0).fit(
        np.concatenate([glances(one.meant.question, one.hits) for one in asked]),
        np.concatenate([one.scores(one.hits) for one in asked]),
    )
    score = _named(Glance, ridge.intercept_, ridge.coef_)
    look = FirstLook(score=score, change={})
    outlooks, late = [], []
    for one in asked:
        for outlook, changes in outlooks_of(one, look, model):
            outlooks.append(astuple(outlook))
            late.append(changes)
    logistic = LogisticRegression(max_iter=2000).fit(outlooks, late)
    change = _named(Outlook, logistic.intercept_[0], logistic.coef_[0])
    return FirstLook(score=score, change=change)


def outlooks_of(
    one: ReadThrough, look: FirstLook, model: ConfidenceModel
) -> list[tuple[Outlook, bool]]:
    """Return outlooks on the way through the hits, and whether what was left changed the answer."""
    expected = look.expected(one.meant.question, one.hits)
    order = np.argsort(-expected, kind="stable")
    hits = [one.hits[place] for place in order]
    whole, scores = one.said(one.spans, model), one.scores(hits)
    return [
        (
            Outlook.of(scores[:read], expected[order]),
            differs(whole, one.said(one.read("", hits[:read]), model)),
        )
        for read in AFTER
        if read < len(hits)
    ]


def differs(whole: Said, part: Said) -> bool:
    """Return whether *whole*, read from all, shows an answer that *part* lacks."""
    return whole.shown and not (part.shown and f1(whole.text, [part.text]) >= RIGHT_F1)


def report(asked: Sequence[ReadThrough], model: ConfidenceModel) -> None:
    """Log what is read and answered by rules that were fitted without the questions' stories."""
    looks: list[FirstLook] = [FirstLook(score={}, change={})] * len(asked)
    folds = GroupKFold(FOLDS, shuffle=True, random_state=0)
    for train, test in folds.split(np.arange(len(asked)), groups=[one.group for one in asked]):
        look = fit([asked[i] for i in train], model)
        for i in test:
            looks[i] = look
    whole = [one.said(one.spans, model) for one in asked]
    clear = [StopRule(enough=ENOUGH[-1])] * len(asked)
    _report_rule("without a look", clear, asked, whole, model)
    for enough in ENOUGH:
        for risk in RISKS:
            rules = [StopRule(enough=enough, risk=risk, look=look) for look in looks]
            _report_rule(f"enough {enough}, risk {risk}", rules, asked, whole, model)


def _report_rule(
    name: str,
    rules: Sequence[StopRule],
    asked: Sequence[ReadThrough],
    whole: Sequence[Said],
    model: ConfidenceModel,
) -> None:
    counts, parts = [], []
    for rule, one in zip(rules, asked, strict=True):
        counter = Counting(one)
        parts.append(one.said(rule.read(counter, one.meant, one.hits), model))
        counts.append(counter.count)
    before = [_well(one, said) for one, said in zip(asked, whole, strict=True)]
    after = [_well(one, said) for one, said in zip(asked, parts, strict=True)]
    lost = sum(a and not b for a, b in zip(before, after, strict=True))
    won = sum(b and not a for a, b in zip(before, after, strict=True))
    logger.info(
        "%s: %.2f read (median %d); %d of %d well decided, %d when all is read: %d lost, %d won",
        name, np.mean(counts), np.median(counts), sum(after), len(asked), sum(before), lost, won,
    )  # fmt: skip


class Counting:
    """A reader that counts the hits that it is given."""

    name = "counting"

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.count = 0

    def read(self, question: str, hits: Sequence[Hit]) -> list[Span]:
        """Return what the other reader reads."""
        self.count += len(hits)
        return self._reader.read(question, hits)


def _well(one: ReadThrough, said: Said) -> bool:
    """Return whether *said* is right, or rightly not shown."""
    return said.shown and said.right if not one.gold.is_impossible else not said.shown


def write(look: FirstLook, to: Path) -> None:
    """Write the weights."""
    weights = {"score": dict(look.score), "change": dict(look.change)}
    to.write_text(json.dumps(weights, indent=2) + "\n", "utf-8")
    logger.info("%s", json.dumps(weights))


def main() -> None:
    """Fit, report and write the model."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    logging.getLogger("qa.assistant").setLevel(logging.WARNING)
    options = _options()
    settings = load_settings(data=options.data)
    model = ConfidenceModel.load()
    asked = over_stories(settings, options.turned, options.elsewhere, options.elsewhere_sample)
    asked += over_rows(settings, options.rows, options.sample)
    asked = [one for one in asked if not asks_for_several(one.meant.question.text, "1")]
    logger.info("%d questions that ask for one thing", len(asked))
    report(asked, model)
    write(fit(asked, model), options.to)


def _options() -> argparse.Namespace:
    parse = argparse.ArgumentParser(description="Fit the first look at passages.")
    parse.add_argument("rows", type=Path, nargs="+")
    parse.add_argument("--data", type=Path, required=True, help="the folder of indexed stories")
    parse.add_argument("--turned", type=int, default=300, help="questions turned out of stories")
    parse.add_argument("--elsewhere", type=Path, nargs="*", default=[])
    parse.add_argument("--elsewhere-sample", type=int, default=60, help="of each file elsewhere")
    parse.add_argument("--sample", type=int, default=250, help="rows of each file")
    parse.add_argument("--to", type=Path, default=BUNDLED)
    return parse.parse_args()


def _named(kind: type[Glance | Outlook], bias: float, weights: NDArray[np.float64]) -> Weights:
    names = ("bias", *(field.name for field in fields(kind)))
    values = map(float, (bias, *weights))
    return {name: round(value, 4) for name, value in zip(names, values, strict=True)}


if __name__ == "__main__":
    main()
