"""Places are told from other numbers, in digits and in words."""

import pytest

from qa.values.ordinals import ordinals


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("the 17th deputy", {17}),
        ("Seventeenth deputy secretary", {17}),
        ("the 2nd and the 33rd name", {2, 33}),
        ("the thirtieth and the thirty-first", {30, 31}),
        ("forty second street", {42}),
        ("the fourth of 12 events in 2022", {4}),
        ("a second later, the first time", set()),
        ("10x", set()),
        ("", set()),
    ],
)
def test_places_are_read_in_digits_and_words(text: str, places: set[int]) -> None:
    assert ordinals(text) == places
