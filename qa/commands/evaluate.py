"""What `dateline evaluate` does: gold questions asked with a progress bar, answers scored."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click

from embeddings.errors import MissingExtra
from qa.assemble import assemble
from qa.commands.progress import progress
from qa.errors import NothingToCompare, ReportNotWritten
from qa.evaluate import answer_all, write_misses
from qa.scoring.compare import compare, shared
from qa.scoring.dialogue import dialogue_of
from qa.scoring.evaluation import Evaluation
from qa.scoring.gold import read_gold
from qa.scoring.limits import Limit, shortfall
from qa.scoring.results import Run, result_of
from qa.scoring.scores import Scores, scores_of
from qa.settings import Settings

WriteReport = Callable[[Evaluation, Path, datetime], None]


def run(
    settings: Settings,
    gold: Sequence[Path],
    *,
    misses: Path | None,
    report: Path | None,
    against: Run | None,
) -> Evaluation:
    """Ask the questions of *gold* files, score the answers, compare them with the run *against*.

    The wrongly answered questions are written to *misses* and a page to *report*, if given. What
    would fail afterwards fails before the first question is asked.
    """
    questions = read_gold(gold, _tell_left_out)
    if against and not shared(against.questions, questions):
        raise NothingToCompare
    write_report = _report_writer(report) if report else None
    # Each question is answered anew: what a kept answer took would say nothing of the others.
    assistant = replace(assemble(settings), cache=None)
    with progress("Asking") as on_progress:
        outcomes = answer_all(assistant, questions, on_progress)
    if misses:
        write_misses(outcomes, misses)
    now = [result_of(outcome) for outcome in outcomes]
    evaluation = Evaluation(
        gold=[file.name for file in gold],
        outcomes=outcomes,
        scores=scores_of(outcomes),
        dialogue=dialogue_of(outcomes),
        against=against.file if against else None,
        comparison=compare(against.questions, now) if against else None,
    )
    if report and write_report:
        write_report(evaluation, report, datetime.now(UTC))
    return evaluation


def shortfalls(scores: Scores, limits: Sequence[Limit]) -> str:
    """Return a sentence for each limit that *scores* break; nothing if they keep all."""
    sentences = (shortfall(limit, scores) for limit in limits)
    return " ".join(sentence for sentence in sentences if sentence)


def _tell_left_out(count: int) -> None:
    waits = "1 question waits" if count == 1 else f"{count} questions wait"
    click.echo(f"{waits} for review, and {'was' if count == 1 else 'were'} not asked.", err=True)


def _report_writer(file: Path) -> WriteReport:
    """Return what writes a report; raise `MissingExtra` or `ReportNotWritten`."""
    if not file.absolute().parent.is_dir():
        raise ReportNotWritten(f"{file} can't be written: its folder is not there.")
    try:
        from qa.report import write_report
    except ModuleNotFoundError as error:
        if error.name != "matplotlib":
            raise
        raise MissingExtra("--report (matplotlib)", "report") from error
    return write_report
