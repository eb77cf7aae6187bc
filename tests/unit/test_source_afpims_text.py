from datetime import date
from pathlib import Path

import pytest

from corpus.errors import NotAStory
from corpus.sources import read_stories
from corpus.story import Story, story_id_of

SEED = Path(__file__).parents[2] / "corpus/stories/003_a3c859a9183ed0bf.txt"


def read_one(content: bytes) -> Story:
    [story] = read_stories(content, "page.txt")
    return story


def test_dtra_seed_is_read_as_it_was_published() -> None:
    story = read_one(SEED.read_bytes())
    assert story.title == "DTRA Partners in Panama to Counter-Weapons of Mass Destruction"
    assert story.section == "News"
    assert story.published_at == date(2021, 9, 22)
    assert story.byline == story.publisher == "Defense Threat Reduction Agency"
    assert story.story_id == story_id_of(f"{story.title}\n{story.body}")
    assert (story.url, story.dateline, story.location, story.taken_at) == (None, None, None, None)
    assert (story.caption, story.photo_title, story.photo_credit) == (None, None, None)


def test_dtra_body_and_about_are_exact_slices_of_the_page() -> None:
    story, text = read_one(SEED.read_bytes()), SEED.read_bytes().decode()
    assert story.body == text[445:3602]
    assert story.sha256.startswith("d342ff699cba1700")
    assert story.about == text[3616:3936]


def test_page_with_neither_byline_nor_footer_is_read() -> None:
    story = read_one(
        b"Harbor News\nFeatures | May 3, 2022\nFerry comes in\nThe ferry came in late."
    )
    assert (story.title, story.byline, story.section) == ("Ferry comes in", None, "Features")
    assert story.body == "The ferry came in late."
    assert story.publisher == "Harbor"


def test_byline_loses_its_by_and_the_dateline_is_found() -> None:
    story = read_one(
        b"News | May 3, 2022\nFerry\nBy Bo Lind\nHARBOR CITY, Maine -- It came.\n\nHarbor logo"
    )
    assert (story.byline, story.dateline) == ("Bo Lind", "HARBOR CITY, Maine")
    assert story.body == "HARBOR CITY, Maine -- It came."
    assert story.publisher is None


def test_page_without_text_is_refused() -> None:
    with pytest.raises(NotAStory, match="no title and text"):
        read_stories(b"News | May 3, 2022\nFerry\n\nCONNECT WITH US", "page.txt")


@pytest.mark.parametrize(
    ("second", "byline"),
    [
        ("Bo Lind", "Bo Lind"),
        ("It came.", None),
        ("“It came”", None),
        ('"It came"', None),
        ("x" * 120, "x" * 120),
        ("x" * 121, None),
    ],
)
def test_a_short_line_that_ends_no_sentence_is_the_byline(second: str, byline: str | None) -> None:
    text = f"News | May 3, 2022\nFerry\n{second}\nIt was late."
    assert read_one(text.encode()).byline == byline


def test_the_only_line_below_the_title_is_the_text() -> None:
    story = read_one(b"Fort logo\nNews | May 3, 2022\nFerry\nIt came late")
    assert (story.body, story.byline, story.source) == ("It came late", None, "page.txt")
