"""The page that `dateline evaluate --report` writes: one file that needs nothing beside it."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from qa.answer import Receipt
from qa.errors import ReportNotWritten
from qa.scoring.evaluation import Evaluation
from qa.scoring.misses import CAUSES, Miss, misses_by_kind
from qa.scoring.report_plots import Plot, plots_of
from qa.scoring.scores import Scores

COLUMNS = {
    "accuracy": "right",
    "exact_match": "exact",
    "f1": "F1",
    "recall_at_1": "recall@1",
    "recall_at_5": "recall@5",
    "mrr": "MRR",
    "citation_accuracy": "cited",
    "abstention_recall": "refused",
}
MEANINGS = {
    "accuracy": "answered right, or rightly refused",
    "exact_match": "the very words of a gold answer",
    "f1": "words shared with a gold answer",
    "recall_at_1": "a right story is ranked first",
    "recall_at_5": "a right story is among five",
    "recall_at_20": "a right story is among twenty",
    "mrr": "1 over the rank of the first right story",
    "citation_accuracy": "the story cited first is right",
    "abstention_precision": "refusals that were right",
    "abstention_recall": "unanswerable questions refused",
    "conflicts_found": "conflicts shown with values that are right",
    "false_conflicts": "conflicts where stories agree; lower is better",
    "resolution_accuracy": "the day, month or year that the answer comes to is right",
    "ece": "confidence off the share of right answers; lower is better",
    "auroc": "a right answer has more confidence than a wrong one",
    "aurc": "wrong among the most confident; lower is better",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What the template is given."""

    evaluation: Evaluation
    made_at: datetime
    version: str
    receipt: Receipt
    groups: Mapping[str, Mapping[str, Scores]]
    plots: list[Plot]
    misses: Mapping[str, list[Miss]]
    missed: int
    causes: Mapping[str, str]
    columns: Mapping[str, str]
    meanings: Mapping[str, str]


def write_report(evaluation: Evaluation, file: Path, made_at: datetime) -> None:
    """Write the page of *evaluation*; raise `ReportNotWritten`."""
    try:
        file.write_text(report_html(evaluation, made_at), "utf-8")
    except OSError as error:
        raise ReportNotWritten(f"{file} can't be written: {error.strerror}.") from error


def report_html(evaluation: Evaluation, made_at: datetime) -> str:
    """Return the page of *evaluation*, made at *made_at*.

    Style and script are let through by their hashes; nothing else runs or loads (CSP level 3).
    """
    pages = Environment(
        loader=PackageLoader("qa"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = pages.get_template("report.css").render()
    script = pages.get_template("report.js").render()
    return pages.get_template("report.html").render(
        page=_page(evaluation, made_at),
        style=Markup(style),  # noqa: S704 # nosec B704 - our own files
        script=Markup(script),  # noqa: S704 # nosec B704 - our own files
        style_hash=_hash(style),
        script_hash=_hash(script),
    )


def _page(evaluation: Evaluation, made_at: datetime) -> Page:
    misses = misses_by_kind(evaluation.outcomes)
    scores = evaluation.scores
    return Page(
        evaluation=evaluation,
        made_at=made_at,
        version=version("dateline"),
        receipt=evaluation.outcomes[0].answer.receipt,
        groups={"kind": scores.by_kind, "source": scores.by_source},
        plots=plots_of(evaluation),
        misses=misses,
        missed=sum(map(len, misses.values())),
        causes=CAUSES,
        columns=COLUMNS,
        meanings=MEANINGS,
    )


def _hash(source: str) -> str:
    """Return the hash by which a content security policy knows *source*."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()}'"
