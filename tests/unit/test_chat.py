"""`dateline chat` at a terminal: it prompts, and ends when the input does."""

from collections.abc import Iterator
from typing import cast

import pytest

from embeddings.index import Filters
from qa.assistant import Assistant
from qa.commands.chat import converse
from tests.fakes import MAYOR_QUESTION, FakeAssistant


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> list[str | BaseException]:
    """What is typed at a terminal, line by line, or what ends it."""
    typed: list[str | BaseException] = []
    lines: Iterator[str | BaseException] = iter(typed)

    def read(prompt: str) -> str:
        assert prompt == "? "
        line = next(lines)
        if isinstance(line, BaseException):
            raise line
        return line

    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", read)
    return typed


@pytest.mark.parametrize("end", [EOFError(), KeyboardInterrupt()], ids=["Ctrl-D", "Ctrl-C"])
def test_questions_are_answered_until_the_input_ends(
    assistant: FakeAssistant,
    terminal: list[str | BaseException],
    capsys: pytest.CaptureFixture[str],
    end: BaseException,
) -> None:
    terminal += ["", f" {MAYOR_QUESTION} ", end]

    converse(cast(Assistant, assistant), Filters())

    told = capsys.readouterr()
    assert told.out.count("Ada Quinn") >= 1
    assert "Ctrl-D ends" in told.err
