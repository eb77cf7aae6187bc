"""An answer's words look like what was asked for, or don't."""

import pytest

from qa.composing.fit import fit
from qa.understanding.answer_types import AnswerType


@pytest.mark.parametrize(
    ("text", "answer_type", "expected"),
    [
        ("Sept. 22, 2021", "date", 1),
        ("2017", "date", 1),
        ("later this month", "date", 1),
        ("Lyon, France", "date", 0),
        ("11 a.m.", "date", 1),
        ("five years", "duration", 1),
        ("Lyon", "duration", 0),
        ("more than 200", "number", 1),
        ("twenty", "number", 1),
        ("several", "number", 0),
        ("$2.6 million", "money", 1),
        ("2.6 million", "money", 0.5),
        ("a grant", "money", 0),
        ("2017", "money", 0),
        ("75,058", "money", 0.5),
        ("They", "person", 0),
        ("I", "person", 0),
        ("it", "place", 0),
        ("The Governments of Chile and Peru", "person", 0.5),
        ("Dr. Robert Pope", "person", 1),
        ("Department of Defense", "person", 0.5),
        ("the director", "person", 0.5),
        ("250", "person", 0),
        ("Lyon, France", "place", 1),
        ("December 2019", "place", 0.5),
        ("because of the flood", "reason", 0.5),
        ("anything", "description", 0.5),
    ],
)
def test_an_answer_fits_the_type_by_its_looks(
    text: str, answer_type: AnswerType, expected: float
) -> None:
    assert fit(text, answer_type) == expected


def test_the_work_is_linear_in_the_length() -> None:
    assert fit("no one " * 20_000, "place") == 0.5
