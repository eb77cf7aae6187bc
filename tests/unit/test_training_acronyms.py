"""Abbreviations are asked about where the context spells them out, and only there."""

import pytest

from qa.training.acronyms import acronym_rows
from qa.training.rows import Row


def row(context: str) -> Row:
    return {"id": "1", "title": "", "context": context, "question": "?", "answers": []}


@pytest.mark.parametrize(
    ("context", "short", "long"),
    [
        ("The World Health Organization (WHO) met.", "WHO", "World Health Organization"),
        ("the Department of Defense (DoD) said", "DoD", "Department of Defense"),
        ("the Bureau of Land and Mines (BLM)", "BLM", "Bureau of Land and Mines"),
    ],
)
def test_what_is_spelt_out_is_asked_about(context: str, short: str, long: str) -> None:
    asked = [one for seed in range(40) for one in acronym_rows([row(context)], seed)]

    answers = {one["answers"][0]["text"] for one in asked}  # type: ignore[index]
    assert answers == {short, long}
    for one in asked:
        [answer] = one["answers"]  # type: ignore[misc]
        start = answer["start"]  # type: ignore[has-type]
        assert context[start : start + len(answer["text"])] == answer["text"]  # type: ignore[has-type]
        assert short in str(one["question"]) or long in str(one["question"])


@pytest.mark.parametrize(
    "context", ["The flood (1998) came.", "Ada Quinn (DTRA) spoke.", "(WHO) met."]
)
def test_what_is_not_spelt_out_is_not(context: str) -> None:
    assert list(acronym_rows([row(context)], 0)) == []


def test_a_context_is_read_once() -> None:
    twice = [row("The World Health Organization (WHO) met.")] * 2

    assert len(list(acronym_rows(twice, 0))) == 1
