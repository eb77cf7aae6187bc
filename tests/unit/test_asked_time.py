"""Times that a question names become filters, or a preference for stories of that time."""

from datetime import date
from time import process_time

import pytest

from embeddings.index import EVERY_STORY, Filters
from qa.understanding.asked_time import GRACE_DAYS, Preference, counted_filters, preference

TODAY = date(2026, 11, 24)  # a Tuesday


@pytest.mark.parametrize(
    ("question", "first", "last"),
    [
        ("Who won last year?", date(2025, 1, 1), date(2026, 1, 31)),
        ("Who won last month?", date(2026, 10, 1), date(2026, 12, 1)),
        ("Who won this week?", date(2026, 11, 23), None),
        ("Who won last week?", date(2026, 11, 16), None),
        ("Who won yesterday?", date(2026, 11, 23), None),
        ("Who won in the past three months?", date(2026, 8, 26), None),
        ("Who won in the last 10 days?", date(2026, 11, 14), None),
        ("Who has won since last year?", date(2025, 1, 1), None),
        ("Who has won since June?", date(2026, 6, 1), None),
        ("Who has won since December?", date(2025, 12, 1), None),
    ],
)
def test_what_counts_from_today_becomes_a_filter(
    question: str, first: date, last: date | None
) -> None:
    until = last if last and last < TODAY else None
    expected = Filters(from_date=first, to_date=until)
    assert counted_filters(question, EVERY_STORY, TODAY) == expected


@pytest.mark.parametrize(
    "question",
    [
        "When was last year's fair?",
        "What happened in the last week of March?",
        "What happened last week in March 2022?",
        "Who was the last mayor?",
        "Who has won since June 2021?",
        "Who has won since May Smith came?",
        "Who won before the exercise?",
    ],
)
def test_what_does_not_count_from_today_is_left_alone(question: str) -> None:
    assert counted_filters(question, EVERY_STORY, TODAY) == EVERY_STORY


def test_a_period_that_was_given_is_not_overruled() -> None:
    given = Filters(to_date=date(2020, 1, 1))
    assert counted_filters("Who won last year?", given, TODAY) == given
    assert preference("Who won in 2021?", given) is None


@pytest.mark.parametrize(
    ("question", "first", "last"),
    [
        ("Who won in 2021?", date(2021, 1, 1), date(2022, 1, 31)),
        ("Who won in March 2022?", date(2022, 3, 1), date(2022, 5, 1)),
        ("Who won on March 5, 2022?", date(2022, 3, 1), date(2022, 5, 1)),
        ("Who won in Sept. 2021?", date(2021, 9, 1), date(2021, 10, 31)),
        ("Who won between 2019 and 2021?", date(2019, 1, 1), date(2022, 1, 31)),
        ("Who won the 2012 auction?", date(2012, 1, 1), date(2013, 1, 31)),
        ("Who has won since 2019?", date(2019, 1, 1), None),
        ("Who won after March 2020?", date(2020, 3, 1), None),
        ("Who won before 2019?", None, date(2019, 2, 1)),
    ],
)
def test_years_and_months_are_preferred_with_time_for_their_news(
    question: str, first: date | None, last: date | None
) -> None:
    assert GRACE_DAYS == 31
    assert preference(question, EVERY_STORY) == Preference(from_date=first, to_date=last)


@pytest.mark.parametrize("question", ["Who won?", "Who paid $2021.50?", "Who won in Room 20211?"])
def test_a_question_without_a_time_prefers_nothing(question: str) -> None:
    assert preference(question, EVERY_STORY) is None


def test_the_newest_are_preferred_where_no_time_is_named() -> None:
    assert preference("Who leads?", EVERY_STORY) == Preference(newest=True)
    named = preference("Who leads in 2021?", EVERY_STORY)
    assert named is not None
    assert not named.newest


def test_a_preference_keeps_the_other_filters() -> None:
    preferred = Preference(from_date=date(2021, 1, 1))
    assert preferred.filters(Filters(publisher="NASA")) == Filters(
        publisher="NASA", from_date=date(2021, 1, 1)
    )


def test_the_first_and_the_last_year_are_no_trouble() -> None:
    assert counted_filters("in the last 999 years", EVERY_STORY, TODAY).from_date


@pytest.mark.parametrize("text", ["last " * 200_000, "since June " * 90_000, "March 1, " * 110_000])
def test_a_megabyte_of_times_takes_seconds_at_most(text: str) -> None:
    started = process_time()
    counted_filters(text, EVERY_STORY, TODAY)
    preference(text, EVERY_STORY)
    assert process_time() - started < 20


@pytest.mark.parametrize(
    "question",
    [
        "How much was spent in the April-June 2022 quarter?",
        "How much was spent from April to June 2022?",
        "How many joined in fiscal 2022?",
        "What grew in the first half of 2022?",
    ],
)
def test_periods_of_accounts_prefer_no_stories(question: str) -> None:
    assert preference(question, EVERY_STORY) is None
