import pytest

from corpus.sources.press_release import without_release_marks


@pytest.mark.parametrize(
    "head",
    [
        "JS-1219",
        "FROM THE OFFICE OF PUBLIC AFFAIRS\n\njs-1219",
        "January 29, 2008HP-785",
        "To view or print the PDF content on this page, download the free Adobe® Acrobat® Reader®.",
        "2007-4-19-8-38-54-24649",
        "FOR IMMEDIATE RELEASE",
    ],
)
def test_what_stands_above_the_text_is_left_out(head: str) -> None:
    assert without_release_marks(f"{head}\n\nThe elm stands.") == "The elm stands."


def test_end_mark_in_the_last_paragraph_is_left_out() -> None:
    assert without_release_marks("The elm stands. # # #") == "The elm stands."


@pytest.mark.parametrize(
    "body",
    [
        "The elm stands.\n\nJS-1219",
        "JS-1219 is the number of this release.",
        "She plays in C #",
        "WASHINGTON\n\nThe elm stands.",
        "",
    ],
)
def test_text_stays_as_it_is(body: str) -> None:
    assert without_release_marks(body) == body
