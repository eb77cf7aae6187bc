"""The conversation that `dateline chat` holds: questions from the input, answers printed."""

import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime

import click

from embeddings.index import Filters
from qa.assistant import Assistant
from qa.commands.output import show_answer
from qa.conversation import Turn
from qa.errors import QAError
from qa.serialize import answer_json


def converse(assistant: Assistant, filters: Filters) -> None:
    """Answer each line of the input; one that is no question is told so and passed over."""
    past: list[Turn] = []
    for question in _questions():
        try:
            answer = assistant.ask(question, filters=filters, past=past)
        except QAError as error:
            click.echo(str(error), err=True)
        else:
            show_answer(answer)
            kept = answer_json(answer)
            past.append(Turn(n=len(past) + 1, asked_at=datetime.now(UTC), answer=kept))
        click.echo()


def _questions() -> Iterator[str]:
    if not sys.stdin.isatty():
        yield from (line.strip() for line in sys.stdin if line.strip())
        return
    with suppress(ImportError):
        import readline  # noqa: F401 - gives the prompt its editing keys and history

    click.echo("Ask a question; Ctrl-D ends.", err=True)
    while True:
        try:
            question = input("? ").strip()
        except (EOFError, KeyboardInterrupt):
            return
        if question:
            yield question
