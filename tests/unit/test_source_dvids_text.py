from datetime import date, datetime
from pathlib import Path

import pytest

from corpus.errors import NotAStory
from corpus.sources import read_stories
from corpus.story import Story, story_id_of

SEED = Path(__file__).parents[2] / "corpus/stories/000_670bba4fa9831185.txt"
BODY = "HARBOR CITY, Maine – The ferry came in.\n\n    It was late."


def page(head: str, body: str = BODY, labels: str = "Story ID: 77") -> bytes:
    return f"{head}\n\n    Sector Harbor\n\n    {body}\n\n    {labels}\n".encode()


def read_one(content: bytes) -> Story:
    [story] = read_stories(content, "page.txt")
    return story


def test_dvids_seed_is_read_as_it_was_published() -> None:
    story = read_one(SEED.read_bytes())
    title = (
        "Defense Threat Reduction Agency (DTRA) participates in a four-day Global Congress on "
        "Chemical Security and Emerging Threats Conference"
    )
    assert story.title == f"{title} in Lyon, France Oct. 28-31."
    assert story.photo_title == title
    assert story.story_id == "350582"
    assert story.url == "https://www.dvidshub.net/news/350582"
    assert story.byline == "Johnny Michael"
    assert story.unit == story.publisher == "Defense Threat Reduction Agency"
    assert story.dateline == "LYON, France"
    assert story.location == "FORT BELVOIR, VA, US"
    assert story.taken_at == date(2019, 11, 5)
    assert story.published_at == datetime(2019, 11, 6, 9, 38)
    assert story.photo_credit == "Andrea Chaney"
    assert story.caption == (
        "Air Force Maj. Emily Pollard (right) of the Defense Threat Reduction Agency recently..."
    )
    assert story.caption_truncated
    assert story.about is None


def test_dvids_body_is_an_exact_slice_of_the_page() -> None:
    story = read_one(SEED.read_bytes())
    assert story.body == SEED.read_bytes().decode()[722:4535]
    assert story.sha256.startswith("2c7ffc4559d2cc35")


def test_page_without_photo_or_person_is_read() -> None:
    story = read_one(page("DVIDS Logo\n\n    Ferry comes in\n\n    Courtesy Story"))
    assert (story.title, story.byline, story.caption) == ("Ferry comes in", None, None)
    assert story.unit == "Sector Harbor"
    assert story.dateline == "HARBOR CITY, Maine"
    assert story.body == BODY


def test_courtesy_photo_and_its_date_line_stay_out_of_the_body() -> None:
    head = (
        "DVIDS Logo\nFerry\nFerry photo\nCourtesy Photo | The ferry.\n01.02.2020\nStory by Bo Lind"
    )
    story = read_one(page(head))
    assert (story.title, story.photo_title) == ("Ferry", "Ferry photo")
    assert (story.photo_credit, story.caption) == ("Courtesy Photo", "The ferry.")
    assert not story.caption_truncated
    assert story.body == BODY


def test_titles_are_found_without_the_logo_line() -> None:
    story = read_one(page("Ferry\n\nFerry photo\n\nPhoto By Cy Poe | It.\n\nStory by Bo Lind"))
    assert (story.title, story.photo_title, story.photo_credit) == (
        "Ferry",
        "Ferry photo",
        "Cy Poe",
    )


def test_missing_labels_leave_fields_empty() -> None:
    story = read_one(page("Ferry\nStory by Bo Lind"))
    assert (story.published_at, story.taken_at, story.location) == (None, None, None)


def test_furniture_after_the_labels_is_left_out() -> None:
    labels = "Date Posted: 11.06.2019 09:38\nStory ID: 77\nLocation: US\n\nPUBLIC DOMAIN\nTAGS"
    story = read_one(page("Ferry\nStory by Bo Lind", labels=labels))
    assert story.body == BODY
    assert story.location == "US"


def test_one_line_after_the_byline_is_the_body() -> None:
    story = read_one(b"Ferry\nStory by Bo Lind\n\nThe ferry came in.\n\nStory ID: 77")
    assert (story.body, story.unit, story.publisher) == ("The ferry came in.", None, "DVIDS")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"Ferry\nStory by Bo Lind\n\nStory ID: 77", "no text between"),
        (b"Story by Bo Lind\nUnit\nThe ferry came in.\nStory ID: 77", "no title"),
        (b"Story ID: 77\nFerry\nStory by Bo Lind\nUnit\nText", "no text between"),
    ],
)
def test_incomplete_page_is_refused_with_a_reason(content: bytes, reason: str) -> None:
    with pytest.raises(NotAStory, match=reason):
        read_stories(content, "page.txt")


def test_text_that_only_mentions_the_label_is_plain_text() -> None:
    [story] = read_stories(b"Title here\nStory by C\nThe label is called Story ID: 1 here\n", "x")
    assert story.title == "Title here"


def test_a_page_without_a_number_is_known_by_its_words() -> None:
    head = "DVIDS Logo\n\n    Ferry comes in\n\n    Story by Bo Lind"
    story = read_one(page(head, labels="Location: HARBOR CITY\n    Story ID:"))
    assert story.story_id == story_id_of(f"Ferry comes in\n{BODY}")
    assert (story.url, story.source, story.byline) == (None, "page.txt", "Bo Lind")
    assert (story.published_at, story.taken_at) == (None, None)


@pytest.mark.parametrize("logo", ["", "Menu\n\n    DVIDS Logo\n\n    "])
def test_the_title_stands_below_the_logo_or_last_above_the_photo(logo: str) -> None:
    photo = "Photo By Cy Poe | A ferry | at night"
    story = read_one(page(f"{logo}Ferry comes in\n\n    Late\n\n    {photo}\n\n    Courtesy Story"))
    assert (story.title, story.photo_title) == ("Ferry comes in", "Late")
    assert (story.photo_credit, story.caption) == ("Cy Poe", "A ferry | at night")


def test_a_photo_without_a_title_has_none() -> None:
    head = "DVIDS Logo\n\n    Ferry\n\n    Photo By Cy Poe | A ferry\n\n    Courtesy Story"
    assert read_one(page(head)).photo_title is None
