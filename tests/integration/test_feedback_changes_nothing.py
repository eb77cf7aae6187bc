"""Feedback is for people and for evaluation: answers come out the same whatever was voted."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

import corpus
from corpus.ingest import ingest
from qa.assemble import assemble, open_conversations, open_store
from qa.assistant import Assistant
from qa.conversation import Feedback
from qa.operations.feedback import run
from qa.serialize import answer_json
from qa.settings import Settings

QUESTIONS = (
    "What does CSE stand for?",
    "Which edition of the congress did DTRA attend in Lyon?",
    "Who is mayor of Springfield?",
)


def answers_of(assistant: Assistant) -> list[dict[str, object]]:
    return [answer_json(assistant.ask(question)) for question in QUESTIONS]


def bytes_of(answers: list[dict[str, object]]) -> bytes:
    """Return *answers* as they are sent, but for their timings."""
    return json.dumps([answer | {"timings_ms": None} for answer in answers]).encode()


@pytest.mark.models
def test_answers_are_byte_for_byte_the_same_before_and_after_feedback(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data")
    store = open_store(settings)
    ingest(store, [Path(corpus.__file__).parent / "stories"])
    store.close()
    assistant = assemble(settings)
    before = answers_of(assistant)
    assert {answer["status"] for answer in before} == {"answered", "abstained"}

    conversations = open_conversations(settings)
    for answer in before:
        for citation in (None, 1):
            vote = Feedback(
                answer=answer,
                verdict="down",
                given_at=datetime.now(UTC),
                complaint="wrong_answer",
                comment="The answer is Ada Quinn.",
                citation=citation,
            )
            conversations.put_feedback(vote)
    conversations.close()
    assert bytes_of(answers_of(assistant)) == bytes_of(before)

    run(settings, to=tmp_path / "gold.jsonl", clear=True, confirmed=lambda question: True)
    assistant.store.close()
    restarted = assemble(settings)
    assert bytes_of(answers_of(restarted)) == bytes_of(before)
    restarted.store.close()
