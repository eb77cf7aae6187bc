"""An amount is compared with the words beside it that change what it says."""

import pytest

from qa.values.context import worded_amount


@pytest.mark.parametrize(
    ("sentence", "words", "worded"),
    [
        ("It hurt more than 800 people there.", "800", "more than 800 people there"),
        ("An additional 11,500 came.", "11,500", "An additional 11,500 came"),
        ("It had risen to 17, after a week.", "17", "to 17"),
        ("They paid about $1.8 million in all.", "1.8 million", "about $1.8 million in all"),
        ("A six-month course.", "six", "A six-month course"),
        ("It was $148 billion lower than in May.", "$148 billion", None),
        ("It hurt 3 people more.", "3", None),
    ],
)
def test_words_beside_an_amount_are_taken_with_it(
    sentence: str, words: str, worded: str | None
) -> None:
    start = sentence.index(words)
    assert worded_amount(sentence, start, start + len(words)) == worded


def test_a_megabyte_around_it_is_not_looked_at() -> None:
    body = "more than " * 50_000 + "800" + " people" * 50_000
    start = body.index("800")
    assert worded_amount(body, start, start + 3) is not None
