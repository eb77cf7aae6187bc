"""Conversations in an evaluation: asked turn by turn, and beside them the turns by themselves."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import cast

import pytest

from embeddings.index import EVERY_STORY, Filters
from qa.answer import Answer
from qa.assistant import Assistant
from qa.conversation import Turn
from qa.evaluate import Outcome, answer_all
from qa.scoring.dialogue import Dialogue, dialogue_json, dialogue_of
from qa.scoring.evaluation import evaluation_json
from qa.scoring.gold import GoldQuestion
from tests.fakes import abstention_about
from tests.outcomes import answered, evaluation_of, five_outcomes, gold


def turn(conversation: str, n: int, question: str, *answers: str) -> GoldQuestion:
    update = {"id": f"{conversation}/{n}", "conversation": conversation}
    return gold(question, *answers).model_copy(update=update | {"standalone": f"{question} alone"})


CONVERSATIONS = [
    turn("c1", 1, "Who won?", "Ada Quinn"),
    turn("c1", 2, "And her deputy?", "mayor"),
    turn("c1", 3, "How old is she?"),
    turn("c2", 1, "Who lost?", "Ada"),
    turn("c2", 2, "Why?", "mayor of Springfield"),
]
GIVEN = {
    "Who won?": "Ada Quinn",
    "Who won? alone": "Ada Quinn",
    "And her deputy? alone": "mayor",
    "Who lost? alone": "Ada",
    "Why?": "mayor",
    "Why? alone": "mayor of Springfield",
}
"""What is answered; any other question is refused."""


@dataclass
class PreparedAssistant:
    """Gives prepared answers, and keeps after how many turns it was asked what."""

    asked: list[tuple[list[object], str]] = field(default_factory=list)

    def found(self, meant: object, k: int) -> list[object]:
        return []

    def at(self, threshold: float) -> "PreparedAssistant":
        return PreparedAssistant()

    def ask(
        self,
        question: str,
        *,
        filters: Filters = EVERY_STORY,
        past: Sequence[Turn] = (),
        as_asked: bool = False,
    ) -> Answer:
        before = [cast(dict[str, object], turn.answer["question"])["raw"] for turn in past]
        self.asked.append((before, question))
        if question in GIVEN:
            return answered(question, GIVEN[question], 0.9)
        return abstention_about(question)


@pytest.fixture
def assistant() -> PreparedAssistant:
    return PreparedAssistant()


@pytest.fixture
def outcomes(assistant: PreparedAssistant) -> list[Outcome]:
    return answer_all(cast(Assistant, assistant), CONVERSATIONS, lambda done, total: None)


@pytest.fixture
def dialogue(outcomes: list[Outcome]) -> Dialogue:
    found = dialogue_of(outcomes)
    assert found
    return found


@pytest.mark.usefixtures("outcomes")
def test_each_turn_is_asked_after_those_before_it_and_by_itself(
    assistant: PreparedAssistant,
) -> None:
    assert assistant.asked == [
        ([], "Who won?"),
        ([], "Who won? alone"),
        (["Who won?"], "And her deputy?"),
        ([], "And her deputy? alone"),
        (["Who won?", "And her deputy?"], "How old is she?"),
        ([], "How old is she? alone"),
        ([], "Who lost?"),
        ([], "Who lost? alone"),
        (["Who lost?"], "Why?"),
        ([], "Why? alone"),
    ]


def test_turns_in_dialogue_are_compared_with_the_same_turns_alone(dialogue: Dialogue) -> None:
    printed = dialogue_json(dialogue)
    f1s = printed["f1_in_dialogue"], printed["f1_standalone"]
    # "mayor" has one of the three words that were expected
    assert [cast(dict[str, float], f1)["value"] for f1 in f1s] == [(1 + 2 / 4) / 4, 1.0]
    assert (printed["turns"], printed["share"]) == (5, (1 + 2 / 4) / 4)


def test_later_turns_are_those_that_follow_another(dialogue: Dialogue) -> None:
    later = dialogue.later
    assert later.turns == 3
    assert later.accuracy_in_dialogue
    assert later.accuracy_standalone
    # the answer that no story holds is rightly refused; "mayor" is right enough from 0.5 on
    assert later.accuracy_in_dialogue.value == pytest.approx(2 / 3)
    assert later.accuracy_standalone.value == 1.0
    assert later.share == pytest.approx(0.25)


def test_only_an_evaluation_of_conversations_tells_of_dialogue(outcomes: list[Outcome]) -> None:
    assert dialogue_of(five_outcomes()) is None
    evaluation = evaluation_of(*outcomes)
    assert "dialogue" not in evaluation_json(evaluation)
    printed = evaluation_json(replace(evaluation, dialogue=dialogue_of(outcomes)))
    assert printed["dialogue"]
