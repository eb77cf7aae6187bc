"""What `dateline evaluate` does: gold questions asked with a progress bar, answers scored."""

from collections.abc import Sequence
from pathlib import Path

from qa.assemble import assemble
from qa.cli_progress import progress
from qa.evaluate import answer_all, write_misses
from qa.gold import read_gold
from qa.scores import Scores, scores_of
from qa.settings import Settings


def run(settings: Settings, gold: Sequence[Path], misses: Path | None) -> Scores:
    """Ask the questions of *gold* files; write the wrongly answered ones to *misses*, if given."""
    questions = read_gold(gold)
    assistant = assemble(settings)
    with progress("Asking") as on_progress:
        outcomes = answer_all(assistant, questions, on_progress)
    if misses:
        write_misses(outcomes, misses)
    return scores_of(outcomes)
