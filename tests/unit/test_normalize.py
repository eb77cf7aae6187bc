"""Answers that say a value outright have it read."""

import pytest

from qa.understanding.answer_types import AnswerType
from qa.values.normalize import value_of


@pytest.mark.parametrize(
    ("text", "answer_type", "value"),
    [
        ("2017", "date", "2017"),
        ("Sept. 22, 2021", "date", "2021-09-22"),
        ("May\n2022.", "date", "2022-05"),
        ("2022-05-02", "date", "2022-05-02"),
        ("last week", "date", None),
        ("Oct. 28-31", "date", None),
        ("1,017", "number", "1017"),
        ("four-day", "number", "4"),
        ("about 200 pilgrims", "number", "200"),
        ("58%", "number", "58%"),
        ("3.50 percent", "number", "3.5%"),
        ("two or three", "number", None),
        ("between 5 and 7", "number", None),
        ("$37 million", "money", "37000000"),
        ("$1.5-billion", "money", "1500000000"),
        ("many", "number", None),
        ("2017", "person", None),
        ("22 September 2021", "date", "2021-09-22"),
        ("since 2017", "date", "2017"),
        ("before 2019", "date", None),
        ("Sept. 22", "date", None),
        ("the 1990s", "date", None),
        ("July – September 2021", "date", None),
        ("twenty-five", "number", "25"),
        ("half a million", "number", "500000"),
        ("a third", "number", "33.3333%"),
        ("dozens", "number", None),
        ("the seventeenth", "number", "17"),
        ("1 " * 100, "number", None),
    ],
)
def test_a_value_is_read_only_where_the_words_say_it(
    text: str, answer_type: AnswerType, value: str | None
) -> None:
    assert value_of(text, answer_type) == value
