"""Readers and sentence splitter on real stories, which are third-party and not in the project."""

import html
import itertools
import json
import re
from collections import Counter
from pathlib import Path

import pytest

from corpus.dates import any_date
from corpus.errors import CorpusError, NotAStory
from corpus.sentences import sentence_spans
from corpus.sources import read_stories
from corpus.story import Story

STORIES = Path(__file__).resolve().parents[2] / ".." / "shared" / "stories"
STEP = 8
"""Every 8th file is read, so that the sample takes seconds."""

pytestmark = pytest.mark.skipif(not STORIES.is_dir(), reason="../shared/stories is not here")


def sample(folder: str) -> list[Path]:
    return list(itertools.islice(sorted((STORIES / folder).iterdir()), 0, None, STEP))


def read_sample(folder: str) -> dict[str, list[Story]]:
    """Return the stories of the folder's sample by file; what is refused has no stories."""
    stories_of: dict[str, list[Story]] = {}
    for path in sample(folder):
        name = f"{folder}/{path.name}"
        try:
            stories_of[name] = read_stories(path.read_bytes(), name)
        except CorpusError:
            stories_of[name] = []
    return stories_of


def manifest() -> dict[str, dict[str, str | None]]:
    lines = (STORIES / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    return {row["file"]: row for row in map(json.loads, lines)}


def letters(words: str) -> str:
    return re.sub(r"\W+", "", html.unescape(html.unescape(words))).casefold()


@pytest.mark.parametrize(
    ("folder", "readable"),
    [
        ("af_mil", 0.9),
        ("digitalgov", 0.9),
        ("feeds", 1.0),
        ("gsdf", 1.0),
        ("justice", 1.0),
        ("state_gov", 1.0),
        ("treasury", 0.95),
        ("whitehouse", 1.0),
        ("wikinews", 1.0),
    ],
)
def test_real_stories_are_read_with_their_titles_and_dates(folder: str, readable: float) -> None:
    stories_of, row_of = read_sample(folder), manifest()
    assert sum(map(bool, stories_of.values())) >= readable * len(stories_of)
    titles, dates = Counter[bool](), Counter[bool]()
    for name, stories in stories_of.items():
        row = row_of.get(name, {})
        for story in stories[:1]:
            if row.get("title"):
                # The manifest cuts titles at a line break of the front matter.
                titles[letters(story.title).startswith(letters(row["title"] or ""))] += 1
            if row.get("date"):
                day = any_date(row["date"] or "")
                dates[str(day)[:10] == str(story.published_on)] += 1
    assert titles[False] <= 0.01 * titles.total()
    assert dates[False] <= 0.01 * dates.total()


@pytest.mark.parametrize("folder", ["state_gov", "whitehouse", "justice", "af_mil", "treasury"])
def test_no_script_markup_or_page_furniture_is_in_a_body(folder: str) -> None:
    furniture = re.compile(
        r"<script|<style|</(?:p|div|a)>|DOWNLOAD HI-RES|\{\{<|\(Archived Content"
    )
    leaks = [
        story.source
        for stories in read_sample(folder).values()
        for story in stories
        if furniture.search(story.body) or "document.getElementById" in story.body
    ]
    assert leaks == []


def test_af_mil_news_gives_every_byline_and_date_that_it_shows() -> None:
    story_line = re.compile(rb'da_story_info">\s*([^<]*?)\s*<span>/ Published')
    news = [path for path in sample("af_mil") if story_line.search(path.read_bytes())]
    assert len(news) >= 15
    for path in news:
        page = path.read_bytes()
        [story] = read_stories(page, path.name)
        credit = story_line.search(page)
        assert bool(story.byline) == bool(credit and credit[1]), path.name
        assert story.published_at, path.name


def test_af_mil_captions_stay_out_of_the_body() -> None:
    for stories in read_sample("af_mil").values():
        for story in stories:
            # A short caption is only a name, which the body may well hold too.
            if story.caption and len(story.caption) > 100:
                assert story.caption not in story.body


@pytest.mark.parametrize("name", ["defense_gov_home.html", "justice_gov_home.html"])
def test_home_pages_are_not_stories(name: str) -> None:
    with pytest.raises(NotAStory, match="home page"):
        read_stories((STORIES / "not_stories" / name).read_bytes(), name)


def gold_sentences(stories: list[Story], text: str) -> list[str]:
    """Return the letters of each `<s>` that stands in a body, in order."""
    body = letters(stories[0].body)
    sentences, place = [], 0
    for block in re.findall(r"<s\b[^>]*>(.*?)</s>", text, re.DOTALL):
        words = letters("".join(line.split("\t")[0] for line in block.splitlines() if "\t" in line))
        found = body.find(words, place) if words else -1
        if 0 <= found <= place + 200:
            sentences.append(words)
            place = found + len(words)
    return sentences


def test_sentence_boundaries_agree_with_the_gold_of_wikinews() -> None:
    right = wrong = missed = 0
    for path in sorted((STORIES / "wikinews").iterdir()):
        stories = read_stories(path.read_bytes(), path.name)
        [story] = stories
        gold = Counter(gold_sentences(stories, path.read_text(encoding="utf-8")))
        split = Counter(letters(story.body[start:end]) for start, end in sentence_spans(story.body))
        right += (gold & split).total()
        wrong += (split - gold).total()
        missed += (gold - split).total()
    precision, recall = right / (right + wrong), right / (right + missed)
    assert 2 * precision * recall / (precision + recall) >= 0.93, (right, wrong, missed)
