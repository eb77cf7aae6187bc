"""What `dateline evaluate` does: gold questions asked with a progress bar, answers scored."""

from collections.abc import Sequence
from pathlib import Path

from qa.assemble import assemble
from qa.cli_progress import progress
from qa.compare import compare, shared
from qa.errors import NothingToCompare
from qa.evaluate import answer_all, write_misses
from qa.evaluation import Evaluation
from qa.gold import read_gold
from qa.limits import Limit, shortfall
from qa.results import Run, result_of
from qa.scores import Scores, scores_of
from qa.settings import Settings


def run(
    settings: Settings,
    gold: Sequence[Path],
    *,
    misses: Path | None,
    against: Run | None,
) -> Evaluation:
    """Ask the questions of *gold* files, score the answers, compare them with the run *against*.

    The wrongly answered questions are written to *misses*, if given. Runs without a question in
    common fail before the first one is asked.
    """
    questions = read_gold(gold)
    if against and not shared(against.questions, questions):
        raise NothingToCompare
    assistant = assemble(settings)
    with progress("Asking") as on_progress:
        outcomes = answer_all(assistant, questions, on_progress)
    if misses:
        write_misses(outcomes, misses)
    now = [result_of(outcome) for outcome in outcomes]
    return Evaluation(
        gold=[file.name for file in gold],
        outcomes=outcomes,
        scores=scores_of(outcomes),
        against=against.file if against else None,
        comparison=compare(against.questions, now) if against else None,
    )


def shortfalls(scores: Scores, limits: Sequence[Limit]) -> str:
    """Return a sentence for each limit that *scores* break; nothing if they keep all."""
    sentences = (shortfall(limit, scores) for limit in limits)
    return " ".join(sentence for sentence in sentences if sentence)
