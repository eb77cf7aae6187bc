from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answer import Role
from qa.serialize import citation_json
from tests.fakes import MAYOR_SENTENCE, cite, mayor_story
from web.show import Marked, age, day, highlight_of, marked, paragraphs, reading, sides, web_link


def test_quote_is_marked_where_it_stands_in_its_sentence() -> None:
    citation = citation_json(cite(mayor_story(), "Springfield", MAYOR_SENTENCE))

    assert marked(citation)[:3] == ("Ada Quinn was elected mayor of ", "Springfield", ".")


def test_day_is_written_for_people() -> None:
    assert day(date(2019, 11, 6)) == day("2019-11-06") == "6 November 2019"
    assert day(datetime(2019, 11, 6, 9, 38)) == day("2019-11-06T09:38:00") == "6 November 2019"
    assert day(None) == ""


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (-1, ""),
        (0, "today"),
        (1, "yesterday"),
        (6, "6 days ago"),
        (13, "13 days ago"),
        (14, "2 weeks ago"),
        (60, "8 weeks ago"),
        (61, "2 months ago"),
        (365, "11 months ago"),
        (366, "1 year ago"),
        (1500, "4 years ago"),
    ],
)
def test_age_is_told_in_the_largest_unit_that_says_enough(days: int, said: str) -> None:
    when = datetime.now(UTC).date() - timedelta(days=days)

    assert age(when) == age(when.isoformat()) == age(f"{when.isoformat()}T08:00:00") == said


def test_nothing_has_an_age_without_a_date() -> None:
    assert age(None) == ""


@pytest.mark.parametrize(
    ("text", "normalized", "read"),
    [
        ("Sept. 22, 2021", "2021-09-22", "22 September 2021"),
        ("September 22, 2021", "2021-09-22", ""),
        ("09/2021", "2021-09", "September 2021"),
        ("2017", "2017", ""),
        ("1.5 million", "1500000", "1,500,000"),
        ("12500 people", "12500", ""),
        ("$12,500", "12500", ""),
        ("four", "4", "4"),
        ("four percent", "4%", "4%"),
        ("0.25 million", "250000", "250,000"),
        ("Ada Quinn", None, ""),
    ],
)
def test_reading_is_told_where_the_words_do_not_say_it(
    text: str, normalized: str | None, read: str
) -> None:
    assert reading({"answer": {"text": text, "normalized": normalized}}) == read


@pytest.mark.parametrize("url", ["https://a.example/x", "http://a.example", "HTTPS://a.example"])
def test_link_leads_to_a_web_page(url: str) -> None:
    assert web_link(url) == url


@pytest.mark.parametrize(
    "url",
    [None, "", "javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "/x", "//[x", " "],
)
def test_link_to_anything_else_is_left_out(url: str | None) -> None:
    assert web_link(url) is None


def says(
    quote: str, on: date | None, role: Role = "conflicts", value: str | None = None
) -> dict[str, Any]:
    cited = cite(mayor_story(published_at=on), quote, MAYOR_SENTENCE, role=role)
    return citation_json(replace(cited, normalized=value))


def test_values_that_stories_give_stand_newest_first_each_once() -> None:
    old, undated = says("Ada Quinn", date(2019, 1, 1)), says("Springfield", None)
    new, same = says("mayor", datetime(2020, 1, 1, 8)), says("Ada Quinn", date(2018, 1, 1))

    assert sides([same, old, undated, new]) == [
        ("mayor", [new]),
        ("Ada Quinn", [old, same]),
        ("Springfield", [undated]),
    ]


def test_one_value_in_two_wordings_is_one_side() -> None:
    answer = says("Ada Quinn", date(2019, 1, 1), role="primary")
    support = says("Quinn", date(2021, 1, 1), role="supports")
    other = says("mayor", date(2018, 1, 1), value="1")
    again = says("elected", date(2017, 1, 1), value="1")

    assert sides([answer, support, other, again]) == [
        ("Quinn", [support, answer]),
        ("mayor", [other, again]),
    ]


@pytest.mark.parametrize(
    ("text", "highlight"),
    [("3-10", (3, 10)), ("", None), ("3", None), ("a-b", None), ("-1-2", None), ("٣-٤", None)],
)
def test_highlight_is_two_offsets_or_nothing(text: str, highlight: tuple[int, int] | None) -> None:
    assert highlight_of(text) == highlight


def test_highlight_over_two_paragraphs_opens_once() -> None:
    assert paragraphs("One two\n\nthree four\nfive", (4, 14)) == [
        Marked("One ", "two", "", True),
        Marked("", "three", " four", False),
        Marked("", "", "five", False),
    ]


@given(body=st.text(alphabet="ab \n"), start=st.integers(0, 40), end=st.integers(0, 40))
def test_marks_are_exactly_the_words_that_the_offsets_name(body: str, start: int, end: int) -> None:
    runs = paragraphs(body, (start, end))

    assert "".join(run.quote for run in runs) == body[start:end].replace("\n", "")
    assert "".join(run.before + run.quote + run.after for run in runs) == body.replace("\n", "")
    assert sum(run.first for run in runs) == bool(body[start:end].replace("\n", ""))
