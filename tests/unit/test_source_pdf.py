"""Press releases in PDF are read as running text."""

import sys
from datetime import date

import pytest

from corpus.errors import NotAStory, UnreadableSource
from corpus.sources import read_stories
from corpus.sources.pdf_lines import paragraphs_of
from tests.packed import pdf_of

FIRST = [
    "Department of Forests",
    "FOR IMMEDIATE RELEASE",
    "March 23, 2018",
    "Two Charged With Smuggling Maple Syrup",
    "By Jo Poe, Office of Public Affairs",
    "WASHINGTON - An indictment was unsealed today that charges two people",
    "from Ogdenville with smuggling forty barrels of maple syrup over the bor-",
    "der in a lumber truck, the Department said on Friday.",
    "The investigation had begun in the winter of 2016, when rangers found a",
    "warehouse (rented by one of the two) that held nothing but",
    "empty drums.",
    "1 of 2",
]
SECOND = [
    "Department of Forests",
    "The drums had been cleaned, but a dog still led the rangers to the loading",
    "dock.",
    "# # #",
    "2 of 2",
]
PAGES = [FIRST, SECOND]


def test_a_press_release_is_read_without_the_pages_furniture() -> None:
    [story] = read_stories(pdf_of(PAGES), "syrup.pdf")
    assert story.title == "Two Charged With Smuggling Maple Syrup"
    assert story.published_at == date(2018, 3, 23)
    assert (story.byline, story.unit) == ("Jo Poe", "Office of Public Affairs")
    assert story.dateline == "WASHINGTON"
    assert story.body == (
        "WASHINGTON - An indictment was unsealed today that charges two people from Ogdenville "
        "with smuggling forty barrels of maple syrup over the border in a lumber truck, the "
        "Department said on Friday.\n\n"
        "The investigation had begun in the winter of 2016, when rangers found a warehouse "
        "(rented by one of the two) that held nothing but empty drums.\n\n"
        "The drums had been cleaned, but a dog still led the rangers to the loading dock."
    )


def test_the_title_that_the_file_names_is_found_in_its_text() -> None:
    pages = [["Ferry Board", "Boats and Harbors", *FIRST[3:]], SECOND]
    [story] = read_stories(pdf_of(pages, title="Two Charged With Smuggling Maple Syrup"), "x")
    assert story.title == "Two Charged With Smuggling Maple Syrup"
    assert story.body.startswith("WASHINGTON")


def test_a_paragraph_goes_on_over_the_end_of_a_page() -> None:
    pages = ["The ferry came in late on Sunday and the\nNews\n1", "News\ncrew was glad of it.\n2"]
    assert paragraphs_of(pages) == ["The ferry came in late on Sunday and the crew was glad of it."]


def test_lists_keep_their_lines() -> None:
    page = "The board decided three things:\n• boats\n• fares and what they cost\n• crews"
    assert paragraphs_of([page])[1:] == ["• boats", "• fares and what they cost", "• crews"]


def test_scans_and_empty_files_are_refused() -> None:
    with pytest.raises(NotAStory, match="scans"):
        read_stories(pdf_of([[]]), "x")


def test_damaged_and_encrypted_files_are_refused() -> None:
    with pytest.raises(UnreadableSource, match="PDF"):
        read_stories(b"%PDF-1.7\nbroken", "x")
    with pytest.raises(UnreadableSource, match="PDF"):
        read_stories(pdf_of(PAGES, encrypted=True), "x")


def test_a_file_of_too_many_pages_is_refused() -> None:
    with pytest.raises(UnreadableSource, match="200 pages"):
        read_stories(pdf_of([["x"]] * 201), "x")


def test_without_the_extra_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypdf", None)
    with pytest.raises(UnreadableSource, match=r"dateline\[pdf\]"):
        read_stories(pdf_of(PAGES), "x")
