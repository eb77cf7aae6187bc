from datetime import date

import pytest

from embeddings.index import EVERY_STORY, Filters
from qa.understanding.asked_filters import read_filters

PUBLISHERS = ["NASA", "Defense Threat Reduction Agency", "Agency"]
Y2021 = Filters(from_date=date(2021, 1, 1), to_date=date(2021, 12, 31))


@pytest.mark.parametrize(
    ("question", "text", "filters", "inferred"),
    [
        ("In stories from 2021, who leads DTRA?", "Who leads DTRA?", Y2021, ("from", "to")),
        (
            "Who won, in news since March 2020?",
            "Who won?",
            Filters(from_date=date(2020, 3, 1)),
            ("from",),
        ),
        (
            "Who won in reports published before February 2020?",
            "Who won?",
            Filters(to_date=date(2020, 1, 31)),
            ("to",),
        ),
        (
            "Who won in stories after February 2020?",
            "Who won?",
            Filters(from_date=date(2020, 3, 1)),
            ("from",),
        ),
        (
            "According to the Defense Threat Reduction Agency, who won?",
            "Who won?",
            Filters(publisher="Defense Threat Reduction Agency"),
            ("publisher",),
        ),
        (
            "Who won, according to NASA, in stories from 2021?",
            "Who won?",
            Filters(from_date=date(2021, 1, 1), to_date=date(2021, 12, 31), publisher="NASA"),
            ("from", "to", "publisher"),
        ),
    ],
)
def test_what_is_said_of_the_stories_becomes_a_filter(
    question: str, text: str, filters: Filters, inferred: tuple[str, ...]
) -> None:
    asked = read_filters(question, EVERY_STORY, lambda: PUBLISHERS)
    assert (asked.text, asked.filters, asked.inferred) == (text, filters, inferred)


@pytest.mark.parametrize(
    "question",
    [
        "Who led the exercise in 2021?",
        "What do reports before 2019 say of Panama?",
        "Who won, according to NASCAR?",
        "What did NASA say in May 2021?",
    ],
)
def test_what_is_said_of_events_stays_in_the_question(question: str) -> None:
    asked = read_filters(question, EVERY_STORY, lambda: PUBLISHERS)
    assert (asked.text, asked.filters, asked.inferred) == (question, EVERY_STORY, ())


def test_filters_that_were_given_are_not_overruled() -> None:
    given = Filters(from_date=date(2019, 1, 1), publisher="NASA")
    question = "In stories from 2021, who won according to Agency?"
    assert read_filters(question, given, lambda: PUBLISHERS).filters == given


def test_publishers_are_not_looked_up_for_a_question_that_names_no_source() -> None:
    def never() -> list[str]:
        raise AssertionError

    assert read_filters("Who won in 2021?", EVERY_STORY, never).text == "Who won in 2021?"
