"""What `/openapi.json` says is true: requests are made from it, and answers held against it."""

from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
import schemathesis
from flask import Flask
from schemathesis.engine import from_schema
from schemathesis.engine.events import FatalError, NonFatalError, ScenarioFinished

from qa.assistant import Assistant
from qa.conversations.sql_conversations import SqlConversations
from qa.settings import Settings
from web import create_app
from web.refusals import MOST_ADDRESS_CHARS

LEAST_CASES = 2000
BATCH = "POST /v1/ask/batch"


def hold_against_description(
    app: Flask, examples: int, leave_out: tuple[str, ...] = ()
) -> Counter[str]:
    """Make requests in the phases that Schemathesis has; return how many went to what.

    *examples* is how many are drawn at random for an operation, beside those that are worked out.
    """
    settings = {
        "phases": {phase: {"enabled": False} for phase in leave_out},
        "seed": 20240618,
        "generation": {"max-examples": examples, "database": "none"},
        # A question in a batch that can't be asked fails no other: its problem is in the answer.
        "operations": [
            {"include-name": BATCH, "checks": {"negative_data_rejection": {"enabled": False}}}
        ],
        # A body or an address that is too long is refused for that, whatever else is wrong with it.
        "checks": {
            "negative_data_rejection": {"expected-statuses": [400, 404, 405, 413, 414, 415, 422]}
        },
    }
    config = schemathesis.Config.from_dict(settings)
    schema = schemathesis.openapi.from_wsgi("/openapi.json", app, config=config)
    count: Counter[str] = Counter()
    failures = []
    for event in from_schema(schema).execute():
        assert not isinstance(event, FatalError), event.exception
        assert not isinstance(event, NonFatalError), event.value
        if isinstance(event, ScenarioFinished):
            count[event.recorder.label] += len(event.recorder.cases)
            failures += list(_failures(event))
    assert failures == []
    operations = {
        f"{method.upper()} {path}"
        for path, methods in schema.raw_schema["paths"].items()
        for method in methods
    }
    assert operations <= count.keys()
    return count


def _failures(event: ScenarioFinished) -> Iterator[str]:
    recorder = event.recorder
    for case_id, checks in recorder.checks.items():
        case = recorder.cases[case_id].value
        for check in checks:
            if check.failure_info and not (
                check.name == "positive_data_acceptance"
                and (_ends_before_it_begins(case) or _is_too_long(case))
            ):
                yield f"{check.failure_info.failure}\n{check.failure_info.code_sample}"


def _is_too_long(case: schemathesis.Case[Any]) -> bool:
    """Say whether *case* is refused for what JSON Schema can't describe: the address's length."""
    return len(urlencode(case.query or {}, doseq=True)) > MOST_ADDRESS_CHARS - 100


def _ends_before_it_begins(case: schemathesis.Case[Any]) -> bool:
    """Say whether *case* is refused for what JSON Schema can't describe: the order of two days."""
    asked: Any = case.body if isinstance(case.body, dict) else case.query
    filters = asked.get("filters", asked) or {}
    return (filters.get("from") or "") > (filters.get("to") or "9999")


def test_every_answer_is_as_described(app_of_words: Flask) -> None:
    count = hold_against_description(app_of_words, examples=120)

    assert count.total() >= LEAST_CASES, count


@pytest.mark.models
def test_answers_from_bundled_stories_are_as_described(
    bundled_assistant: Assistant, conversations: SqlConversations
) -> None:
    app = create_app(Settings(), bundled_assistant, conversations)

    count = hold_against_description(app, examples=8, leave_out=("coverage", "stateful"))

    assert count.total() >= 50, count
