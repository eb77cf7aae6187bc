"""How conversations are answered, against the same questions in words that stand alone."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from qa.answer import Answer
from qa.evaluate import Outcome, is_right, words_of
from qa.scoring.gold import GoldQuestion
from qa.scoring.metrics import Estimate, estimate, f1


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Turns asked in their conversations, and the same turns asked by themselves.

    *turns* is how many there are; the F1 of both is over those that have an answer, their accuracy
    over all. Each is in [0, 1], and None where no turn defines it.
    """

    turns: int
    f1_in_dialogue: Estimate | None
    f1_standalone: Estimate | None
    accuracy_in_dialogue: Estimate | None
    accuracy_standalone: Estimate | None

    @property
    def share(self) -> float | None:
        """The F1 in dialogue as a share of that of the same turns asked alone."""
        if not (self.f1_in_dialogue and self.f1_standalone and self.f1_standalone.value):
            return None
        return self.f1_in_dialogue.value / self.f1_standalone.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialogue:
    """The comparison of all turns, and of the *later* ones: those that follow another."""

    every: Comparison
    later: Comparison


def dialogue_of(outcomes: Sequence[Outcome]) -> Dialogue | None:
    """Return how conversations were answered; None if no turn was asked by itself too."""
    both = [outcome for outcome in outcomes if outcome.alone]
    if not both:
        return None
    later = [outcome for outcome in both if not outcome.gold.id.endswith("/1")]
    return Dialogue(every=_comparison(both), later=_comparison(later))


def dialogue_json(dialogue: Dialogue) -> dict[str, object]:
    """Return *dialogue* as it is printed for programs; what no turn defines is null."""
    return _comparison_json(dialogue.every) | {"later_turns": _comparison_json(dialogue.later)}


def _comparison_json(comparison: Comparison) -> dict[str, object]:
    fields = asdict(comparison)
    return fields | {"share": comparison.share}


def _comparison(outcomes: Sequence[Outcome]) -> Comparison:
    in_dialogue = [(outcome.answer, outcome.gold) for outcome in outcomes]
    standalone = [(outcome.alone, outcome.gold) for outcome in outcomes if outcome.alone]
    return Comparison(
        turns=len(outcomes),
        f1_in_dialogue=_mean(_f1, in_dialogue),
        f1_standalone=_mean(_f1, standalone),
        accuracy_in_dialogue=_mean(is_right, in_dialogue),
        accuracy_standalone=_mean(is_right, standalone),
    )


def _mean(
    score: Callable[[Answer, GoldQuestion], float | None],
    answers: Sequence[tuple[Answer, GoldQuestion]],
) -> Estimate | None:
    scored = [score(answer, gold) for answer, gold in answers]
    return estimate(np.array([value for value in scored if value is not None], dtype=np.float64))


def _f1(answer: Answer, gold: GoldQuestion) -> float | None:
    words = words_of(answer)
    return None if gold.is_impossible else f1(words, gold.texts) * bool(words)
