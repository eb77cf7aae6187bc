"""Captions, credits, wide tables and leads in Markdown."""

import pytest

from corpus.errors import NotAStory
from corpus.sources import read_stories
from corpus.story import Story

LONG = "The elm of Springfield was saved on Monday by three hundred people with ropes and poles."


def read_one(text: str, fields: str = "") -> Story:
    [story] = read_stories(f"---\ntitle: T\n{fields}---\n{text}".encode(), "elm.md")
    return story


@pytest.mark.parametrize(
    "caption",
    [
        "![An elm](elm.jpg)\n\n*The elm in May.*",
        "*The elm in May.*\n\n![An elm](elm.jpg)",
        '<span>\n<img src="elm.jpg" alt="" />\n</span>\n\nThe elm in May. Photo by Sgt. Jo Poe',
        "State Forest photo by Maj. Jo Poe",
        "*(Photo courtesy of Jo Poe)*",
    ],
)
def test_caption_is_kept_out_of_the_body(caption: str) -> None:
    assert read_one(f"{LONG}\n\n{caption}\n\n{LONG}").body == f"{LONG}\n\n{LONG}"


def test_caption_of_the_picture_in_the_front_matter_is_kept_out_of_the_body() -> None:
    story = read_one(f"*The elm in May.*\n\n{LONG}", "image: elm.jpg\n")
    assert (story.body, story.caption) == (LONG, "The elm in May.")


@pytest.mark.parametrize(
    "paragraph",
    [
        "*The elm is old.*",
        "“It is mine,” said Poe. Photo by Jo Poe",
        "The photo by the door shows an elm. It is old.",
        "![An elm](elm.jpg)\n\nSPRINGFIELD, Ohio – It stands. Photo by Jo Poe",
    ],
)
def test_text_beside_no_picture_or_with_a_dateline_stays(paragraph: str) -> None:
    words = paragraph.rpartition("\n")[2].strip("*")
    assert words in read_one(f"{LONG}\n\n{paragraph}").body


def test_story_told_in_captions_stays() -> None:
    told = "![An elm](elm.jpg)\n\n" + LONG + " Photo by Jo Poe"
    assert LONG in read_one(f"{told}\n\nIt stands.").body


def test_cells_wider_than_the_head_stay() -> None:
    story = read_one("| Reserves |\n| --- |\n| Euro | 7,082 |\n| Yen | 13,306 |\n")
    assert story.body == "Reserves\nEuro | 7,082\nYen | 13,306"


def test_summary_with_a_dateline_is_the_lead() -> None:
    lead = "SPRINGFIELD, Ohio, May 2, 2015, By Sgt. Jo Poe – Three hundred people came with ropes."
    story = read_one(LONG, f"summary: {lead!r}\n")
    assert story.body == f"{lead}\n\n{LONG}"
    assert (story.byline, story.dateline) == ("Sgt. Jo Poe", "SPRINGFIELD, Ohio")


def test_summary_that_the_text_repeats_is_not_doubled() -> None:
    lead = "SPRINGFIELD, Ohio – Three hundred people came to the elm with ropes and poles."
    assert read_one(lead, f"summary: {lead!r}\n").body == lead


def test_summary_may_be_the_byline() -> None:
    story = read_one(LONG, "summary: By Sgt. Jo Poe and Pfc. Al Lee, 1st Brigade, 4th Battalion\n")
    assert (story.byline, story.unit) == (
        "Sgt. Jo Poe and Pfc. Al Lee",
        "1st Brigade, 4th Battalion",
    )


def test_byline_below_a_subhead_is_taken_out() -> None:
    story = read_one(f"**In Remembrance**<br>By Staff Sgt. Jo Poe\n\n{LONG}")
    assert (story.byline, story.body) == ("Staff Sgt. Jo Poe", f"In Remembrance\n\n{LONG}")


def test_page_of_nothing_but_a_release_number_is_refused() -> None:
    with pytest.raises(NotAStory, match="no text"):
        read_one("FROM THE OFFICE OF PUBLIC AFFAIRS\n\njs-1311\n")
