from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from corpus.errors import NotAStory
from corpus.sources import read_stories

PAGES = Path(__file__).parents[1] / "data"


def page(name: str) -> bytes:
    return (PAGES / name).read_bytes()


def test_page_facts_come_from_json_ld_first() -> None:
    [story] = read_stories(page("json_ld_page.html"), "x")
    assert story.title == "Mayor opens bridge"
    assert story.url == "https://courier.example/2024/bridge"
    assert story.byline == "Ada Quinn, Bo Lind"
    assert story.publisher == "The Springfield Courier"
    assert (story.section, story.tags) == ("Local", ("bridges", "Springfield"))
    assert story.published_at == datetime(2024, 4, 28, 7, tzinfo=UTC)
    assert story.dateline == "SPRINGFIELD"


def test_body_is_the_article_as_a_reader_sees_it() -> None:
    [story] = read_stories(page("json_ld_page.html"), "x")
    assert story.body == (
        "SPRINGFIELD – Mayor Ada Quinn opened the new bridge on Sunday, and three hundred people "
        "walked across it in the rain.\n\n"
        "It cost $4.2 million. The old one was closed in 2019 because its piers had rusted "
        "through.\n\nYear | Cars\n2018 | 1,200\n\n3. Cars\n4. Bicycles"
    )
    assert story.caption == "The bridge at dawn."


def test_drupal_page_is_dated_by_the_day_it_shows() -> None:
    [story] = read_stories(page("drupal_page.html"), "x")
    assert story.title == "Two Charged With Smuggling Maple Syrup"
    assert story.publisher == "Department of Forests"
    assert story.published_at == date(2018, 3, 23)
    assert story.body.startswith("An indictment was unsealed today")
    assert story.body.endswith("said the Department.")


def test_drupal_fields_give_the_office_and_the_topics() -> None:
    field = (
        b'<div class="field field--name-field-pr-%s field--label-above"><div class="field__label">'
        b'x</div><div class="field__items"><div class="field__item even">%s</div></div></div>'
    )
    fields = field % (b"component", b"Tax Division") + field % (b"topic", b"Syrup")
    [story] = read_stories(page("drupal_page.html").replace(b"</body>", fields + b"</body>"), "x")
    assert (story.unit, story.tags) == ("Tax Division", ("Syrup",))


def test_article_text_is_found_on_a_page_that_does_not_mark_it() -> None:
    content = page("json_ld_page.html").replace(b'class="article-body"', b"")
    [story] = read_stories(content, "x")
    assert "It cost $4.2" in story.body
    assert "555 0100" not in story.body
    assert "track(" not in story.body


def test_home_page_is_refused_with_what_to_do() -> None:
    with pytest.raises(NotAStory, match="add the story's own page"):
        read_stories(page("home_page.html"), "x")


def test_home_page_with_a_date_is_refused_too() -> None:
    dated = page("home_page.html").replace(
        b"<head>", b'<head><meta property="article:published_time" content="2024-01-01">'
    )
    with pytest.raises(NotAStory, match="home page"):
        read_stories(dated, "x")


def test_dated_page_without_running_text_is_refused() -> None:
    content = (
        b"<html><head><title>T</title><meta name='date' content='2024-01-01'></head><p>Hi.</p>"
    )
    with pytest.raises(NotAStory, match="no article text"):
        read_stories(content, "x")


def test_broken_json_ld_is_passed_over() -> None:
    broken = page("json_ld_page.html").replace(b'{"@graph"', b"[" * 100_000)
    with pytest.raises(NotAStory):
        read_stories(broken, "x")
