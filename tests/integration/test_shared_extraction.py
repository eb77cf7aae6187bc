"""What is read from real pages against hand-checked values; the pages are not in the project."""

import re
from collections import Counter
from functools import cache

import pytest

from benchmarks.extraction import FIELDS, Score, gold_rows, scores
from corpus.sources import read_stories
from tests.integration.test_shared_stories import STORIES

pytestmark = pytest.mark.skipif(not STORIES.is_dir(), reason="../shared/stories is not here")


@cache
def score_of() -> dict[str, Score]:
    return scores(STORIES, "Dateline")


def share(field: str, *folders: str) -> float:
    """Return the share of pages of *folders*, or of all, whose *field* is right."""
    counted = [score for name, score in score_of().items() if not folders or name in folders]
    given = sum(score.given[field] for score in counted)
    assert given
    return sum(score.right[field] for score in counted) / given


@pytest.mark.parametrize("field", ["title", "byline", "unit", "published", "body start"])
def test_fields_of_af_mil_news_are_right(field: str) -> None:
    assert share(field, "af_mil") >= 0.99


def test_captions_leak_into_one_af_mil_body_in_a_hundred_at_most() -> None:
    assert share("captions kept out", "af_mil") >= 0.99


@pytest.mark.parametrize("field", ["title", "byline", "published", "url", "story or not"])
def test_fields_of_all_sources_are_right(field: str) -> None:
    assert share(field) >= 0.99


@pytest.mark.parametrize(("field", "floor"), [("dateline", 0.97), ("body end", 0.97)])
def test_edges_of_the_body_are_right(field: str, floor: float) -> None:
    assert share(field) >= floor


def test_next_to_no_words_are_lost() -> None:
    for folder, score in score_of().items():
        assert score.lost <= 0.005 * score.words, folder


def test_no_value_is_made_up() -> None:
    invented = sum((score.invented for score in score_of().values()), Counter[str]())
    assert invented.total() <= 0.01 * len(gold_rows()) * len(FIELDS)


def test_every_af_mil_page_with_a_story_line_gives_its_byline_and_day() -> None:
    story_line = re.compile(rb'da_story_info">\s*(?:By )?([^<]*?)\s*<span>/? ?Published ([^<]+)')
    pages = {
        path.name: found
        for path in (STORIES / "af_mil").iterdir()
        if (found := story_line.search(path.read_bytes()))
    }
    assert len(pages) >= 150
    for name, found in pages.items():
        [story] = read_stories((STORIES / "af_mil" / name).read_bytes(), name)
        written = b" ".join(found[1].split()).decode().rstrip(", ")
        assert (story.byline or "") == written[: len(story.byline or "")], name
        assert bool(story.byline) == bool(written), name
        assert story.published_on, name
        assert str(story.published_on.year) in found[2].decode(), name
