"""The marks that tell one occasion from another of its kind."""

from datetime import date

from qa.composing.marks import marks_of
from tests.fakes import mayor_story

STORY = mayor_story(published_at=date(2022, 6, 14))
NOTHING = marks_of("")


def test_years_months_days_places_and_periods_are_marks() -> None:
    marks = marks_of("The 12th fair, on Sept. 22, 2021, was in the third quarter, after six weeks.")
    assert marks.years == {"2021"}
    assert marks.months == {"sep"}
    assert marks.days == {("sep", "22")}
    assert marks.places == {12}
    assert marks.periods == {"third quarter", "six weeks"}


def test_prices_and_parts_of_words_are_none() -> None:
    assert marks_of("It cost $2021 and 2,021 tons; the mayor decided, and Juneau agreed.") == (
        NOTHING
    )


def test_a_mark_is_lacking_unless_said_or_implied_by_the_date() -> None:
    asked = marks_of("in June 2022")
    assert asked.lacking_in(NOTHING, STORY) == frozenset()
    assert asked.lacking_in(marks_of("June 2022"), mayor_story(published_at=None)) == frozenset()
    assert marks_of("in May 2021").lacking_in(NOTHING, STORY) == {"may", "2021"}
    assert marks_of("on June 13").lacking_in(NOTHING, STORY) == {("jun", "13")}
    assert marks_of("the 12th").lacking_in(NOTHING, STORY) == {12}


def test_texts_with_other_marks_are_told_apart_unless_the_question_knows_them() -> None:
    may, june = marks_of("in May"), marks_of("in June")
    assert not may.may_be_of(june, NOTHING)
    assert may.may_be_of(june, may)
    assert may.may_be_of(NOTHING, NOTHING)
    assert may.may_be_of(marks_of("May and June"), NOTHING)


def test_a_megabyte_is_looked_through_at_once() -> None:
    for piece in ("2021 ", "Jan ", "second-", "1", "six "):
        marks_of(piece * (1_000_000 // len(piece)))
