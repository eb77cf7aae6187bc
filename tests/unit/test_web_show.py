from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import MAYOR_SENTENCE, cite, mayor_story
from web.show import Marked, day, highlight_of, marked, newest_first, paragraphs, web_link


def test_quote_is_marked_where_it_stands_in_its_sentence() -> None:
    citation = cite(mayor_story(), "Springfield", MAYOR_SENTENCE)

    assert marked(citation)[:3] == ("Ada Quinn was elected mayor of ", "Springfield", ".")


def test_day_is_written_for_people() -> None:
    assert day(date(2019, 11, 6)) == "6 November 2019"
    assert day(datetime(2019, 11, 6, 9, 38)) == "6 November 2019"
    assert day(None) == ""


@pytest.mark.parametrize("url", ["https://a.example/x", "http://a.example", "HTTPS://a.example"])
def test_link_leads_to_a_web_page(url: str) -> None:
    assert web_link(url) == url


@pytest.mark.parametrize(
    "url",
    [None, "", "javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "/x", "//[x", " "],
)
def test_link_to_anything_else_is_left_out(url: str | None) -> None:
    assert web_link(url) is None


def test_conflicting_stories_stand_newest_first() -> None:
    def dated(published_at: date | None) -> object:
        story = mayor_story(published_at=published_at)
        return cite(story, "Ada Quinn", MAYOR_SENTENCE)

    old, undated, new = dated(date(2019, 1, 1)), dated(None), dated(datetime(2020, 1, 1, 8))

    assert newest_first((old, undated, new)) == [new, old, undated]  # type: ignore[arg-type]


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
