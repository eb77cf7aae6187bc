"""What the OpenAI-compatible endpoint makes of a conversation; its client is tested elsewhere."""

from typing import Any

from flask import Flask

from tests.fakes import MAYOR_QUESTION


def said(role: str, text: str) -> dict[str, str]:
    return {"role": role, "content": text}


def complete(app: Flask, *messages: dict[str, str]) -> dict[str, Any]:
    body = {"model": "dateline", "messages": messages}
    completion: dict[str, Any] = (
        app.test_client().post("/v1/chat/completions", json=body).get_json()
    )
    return completion


def test_follow_up_is_answered_from_the_messages_before(app_of_words: Flask) -> None:
    completion = complete(
        app_of_words,
        said("system", "Be brief."),
        said("user", MAYOR_QUESTION),
        said("assistant", "**Ada Quinn** [1]"),
        said("user", "When does she take office?"),
    )

    assert completion["dateline"]["question"] == {
        "raw": "When does she take office?",
        "standalone": "When does Ada Quinn take office?",
        "did_you_mean": None,
        "prefers": None,
        "filters": {"from": None, "to": None, "publisher": None, "story_ids": [], "inferred": []},
    }


def test_earlier_messages_that_ask_nothing_are_passed_over(app_of_words: Flask) -> None:
    completion = complete(
        app_of_words,
        said("user", "?!"),
        said("assistant", "Ask a question."),
        said("user", "Who is she?"),
    )

    assert completion["dateline"]["question"]["standalone"] == "Who is she?"
