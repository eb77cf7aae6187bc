"""Stretches of days, as the calendar counts them."""

from datetime import date

import pytest

from qa.times.intervals import Unit, days, moved, nth_weekday, unit_around

WEDNESDAY = date(2021, 9, 22)


@pytest.mark.parametrize(
    ("unit", "shift", "iso"),
    [
        ("day", -1, "2021-09-21"),
        ("week", 0, "2021-09-20/2021-09-26"),
        ("month", 4, "2022-01"),
        ("quarter", 0, "2021-07-01/2021-09-30"),
        ("quarter", 2, "2022-01-01/2022-03-31"),
        ("year", -1, "2020"),
        ("decade", 0, "2020/2029"),
        ("decade", -1, "2010/2019"),
        ("century", 0, "2001/2100"),
        ("century", -1, "1901/2000"),
    ],
)
def test_the_unit_around_a_day_is_the_calendars(unit: Unit, shift: int, iso: str) -> None:
    assert unit_around(WEDNESDAY, unit, shift).iso == iso


def test_the_year_2000_is_the_last_of_its_century() -> None:
    assert unit_around(date(2000, 12, 31), "century").iso == "1901/2000"


@pytest.mark.parametrize(
    ("on", "unit", "count", "then"),
    [
        (WEDNESDAY, "week", -2, date(2021, 9, 8)),
        (date(2021, 1, 31), "month", 1, date(2021, 2, 28)),
        (date(2024, 2, 29), "year", 1, date(2025, 2, 28)),
        (WEDNESDAY, "quarter", 1, date(2021, 12, 22)),
        (WEDNESDAY, "century", -1, date(1921, 9, 22)),
    ],
)
def test_a_day_that_a_month_lacks_is_its_last(on: date, unit: Unit, count: int, then: date) -> None:
    assert moved(on, unit, count) == then


def test_weekdays_are_counted_from_either_end_of_a_month() -> None:
    assert nth_weekday(2021, 9, 0, 1).iso == "2021-09-06"
    assert nth_weekday(2021, 9, 0, -1).iso == "2021-09-27"
    with pytest.raises(ValueError, match="no weekday number 5"):
        nth_weekday(2021, 9, 0, 5)


def test_days_do_not_run_backwards() -> None:
    with pytest.raises(ValueError, match="before it begins"):
        days(WEDNESDAY, date(2021, 9, 21))
