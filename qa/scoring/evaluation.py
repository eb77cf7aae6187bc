"""Evaluation: what was asked, what became of it, and how it compares with an earlier run."""

from collections.abc import Sequence
from dataclasses import dataclass

from qa.evaluate import Outcome
from qa.scoring.compare import Comparison, comparison_json
from qa.scoring.dialogue import Dialogue, dialogue_json
from qa.scoring.results import result_of, results_json
from qa.scoring.scores import Scores, scores_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """The questions of *gold* files with their outcomes and scores.

    *dialogue* tells of the conversations among them, if there are any. *comparison* is with the run
    in the file *against*, if one was given.
    """

    gold: Sequence[str]
    outcomes: Sequence[Outcome]
    scores: Scores
    dialogue: Dialogue | None = None
    against: str | None = None
    comparison: Comparison | None = None


def evaluation_json(evaluation: Evaluation) -> dict[str, object]:
    """Return *evaluation* as it is printed for programs: scores, comparison, every question."""
    printed = scores_json(evaluation.scores)
    if evaluation.dialogue:
        printed["dialogue"] = dialogue_json(evaluation.dialogue)
    if evaluation.comparison:
        against = {"file": evaluation.against} | comparison_json(evaluation.comparison)
        printed["against"] = against
    printed["questions"] = results_json([result_of(outcome) for outcome in evaluation.outcomes])
    return printed
