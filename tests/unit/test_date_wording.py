"""Times are told as people read them, and from what they were counted."""

from datetime import date, datetime

import pytest

from qa.answer import Resolution
from qa.times.date_wording import day_of, resolution_in_words, time_in_words

POSTED = date(2021, 9, 22)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("2021-09-02", "2 September 2021"),
        ("2021-09", "September 2021"),
        ("2021", "2021"),
        ("2019-10-28/2019-10-31", "28 to 31 October 2019"),
        ("2021-09-30/2021-10-04", "30 September to 4 October 2021"),
        ("2019-12-28/2020-01-03", "28 December 2019 to 3 January 2020"),
        ("2022-01/2022-04", "January to April 2022"),
        ("2018-12/2019-02", "December 2018 to February 2019"),
        ("1990/1999", "1990 to 1999"),
        ("2017/..", "since 2017"),
        ("2022-05-03/..", "since 3 May 2022"),
        ("12,500", "12,500"),
    ],
)
def test_time_is_written_out_without_telling_anything_twice(value: str, words: str) -> None:
    assert time_in_words(value) == words


@pytest.mark.parametrize(
    ("text", "value", "relative_to", "told"),
    [
        (
            "later this month",
            "2021-09",
            POSTED,
            "September 2021, counted from the story’s date of publication, 22 September 2021",
        ),
        (
            "yesterday",
            "2021-09-19",
            date(2021, 9, 20),
            "19 September 2021, counted from the date in its dateline, 20 September 2021",
        ),
        ("today", "2021-09-22", POSTED, "22 September 2021, the story’s date of publication"),
        ("Sept. 2, 2021", "2021-09-02", None, "2 September 2021"),
        ("September 2, 2021", "2021-09-02", None, ""),
        ("since 2017", "2017/..", None, ""),
        ("2017-2020", "2017/2020", None, ""),
    ],
)
def test_what_words_come_to_is_told_where_they_do_not_say_it(
    text: str, value: str, relative_to: date | None, told: str
) -> None:
    resolution = Resolution(value=value, words=text, relative_to=relative_to)

    assert resolution_in_words(resolution, text, POSTED) == told


def test_day_of_a_moment_is_that_of_its_own_zone() -> None:
    assert day_of(datetime.fromisoformat("2021-09-22T23:30:00-05:00")) == POSTED
    assert day_of(POSTED) == POSTED
    assert day_of(None) is None
