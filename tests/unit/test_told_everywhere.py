"""As of when an answer is, and another spelling, are told on the terminal and in exports."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from qa.commands.output import show_answer
from qa.conversation import Conversation, Turn
from qa.serialize import answer_json
from qa.understanding.asked_time import Preference
from tests.fakes import MAYOR_QUESTION, MAYOR_SENTENCE, answer_with, cite, mayor_story
from web.export import conversation_markdown

ANSWER = replace(
    answer_with(MAYOR_QUESTION, [cite(mayor_story(), "Ada Quinn", MAYOR_SENTENCE)]),
    as_of=date(2021, 9, 22),
    did_you_mean="Who is mayor of Springfield?",
    prefers=Preference(newest=True),
)


def test_on_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    show_answer(ANSWER)
    printed = capsys.readouterr().out
    assert printed.startswith("Did you mean: Who is mayor of Springfield?\n")
    assert "as of 2021-09-22" in printed


def test_in_an_export() -> None:
    asked_at = datetime(2026, 11, 24, tzinfo=UTC)
    turn = Turn(n=1, asked_at=asked_at, answer=answer_json(ANSWER))
    exported = conversation_markdown(
        Conversation(conversation_id="c", began_at=asked_at, turns=(turn,))
    )
    assert "As of 22 September 2021" in exported
    assert "Did you mean: Who is mayor of Springfield?" in exported


def test_in_json() -> None:
    question = answer_json(ANSWER)["question"]
    assert isinstance(question, dict)
    assert question["prefers"] == {"newest": True, "from": None, "to": None}
    assert question["did_you_mean"] == "Who is mayor of Springfield?"
