from datetime import date

import pytest

from corpus.errors import NotAStory, UnreadableSource
from corpus.sources import read_stories
from corpus.story import Story

PAGE = """---
title: 'Elm&#8217;s day'
date: 2018-04-06
draft: false
url: https://www.forests.example/news/elm
authors: [ada-quinn, bo-lind]
topics: [trees]
summary: A dek that stands nowhere else.
---
*(Archived Content)*

**WASHINGTON** – The [elm](https://elm.example) was *saved* &amp; kept.
It is {{< ref "old" >}}very old.

## What's next?

![An elm](elm.jpg){:class="full"}

* roots
* leaves

| Year | Elms |
|------|------|
| 2018 | 7    |

<div>In <b>2019</b><script>alert(1)</script> it will bloom.</div>

    **Who  **The elm

***
"""


def read_one(text: str) -> Story:
    [story] = read_stories(text.encode(), "elm.md")
    return story


def test_markup_is_taken_out_of_the_body() -> None:
    assert read_one(PAGE).body == (
        "WASHINGTON – The elm was saved & kept. It is very old.\n\nWhat's next?\n\n"
        "• roots\n• leaves\n\nYear | Elms\n2018 | 7\n\nIn 2019 it will bloom.\n\nWho The elm"
    )


def test_front_matter_fills_the_fields() -> None:
    story = read_one(PAGE)
    assert story.title == "Elm’s day"
    assert story.published_at == date(2018, 4, 6)
    assert story.url == "https://www.forests.example/news/elm"
    assert (story.publisher, story.byline) == ("forests.example", "ada-quinn, bo-lind")
    assert (story.dateline, story.tags) == ("WASHINGTON", ("trees",))


def test_site_relative_url_is_no_link() -> None:
    story = read_one(PAGE.replace("https://www.forests.example", ""))
    assert (story.url, story.publisher) == (None, None)


def test_dateline_gives_place_and_byline() -> None:
    story = read_one(
        "---\ntitle: T\nauthor: web\n---\n**CAMP ELM, Springfield, Ohio, July 10, 2013, By Sgt. Jo "
        "Poe -** The elm stands.\n"
    )
    assert (story.dateline, story.byline) == ("CAMP ELM, Springfield, Ohio", "Sgt. Jo Poe")


@pytest.mark.parametrize("field", ["summary", "excerpt", "description", "deck"])
def test_summary_is_the_body_of_a_page_without_text(field: str) -> None:
    summary = "The elm of *Springfield* was saved on Monday by three hundred people with ropes."
    story = read_one(f"---\ntitle: T\n{field}: {summary!r}\n---\n")
    assert story.body == summary.replace("*", "")


def test_top_heading_is_the_title_where_there_is_no_front_matter() -> None:
    story = read_one("# The *elm*\n\nIt **stands**.\n")
    assert (story.title, story.body) == ("The *elm*", "It stands.")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (PAGE.replace("draft: false", "draft: true"), "draft"),
        ("---\ntitle: T\nsummary: Too short.\n---\n*(Archived Content)*\n", "no text"),
        ("---\ntitle:\n---\nText.", "no title"),
    ],
)
def test_draft_or_empty_page_is_refused(text: str, reason: str) -> None:
    with pytest.raises(NotAStory, match=reason):
        read_one(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("---\ntitle: [T\n---\nText.", "not valid YAML"),
        (f"---\ntitle: {'[' * 20_000}\n---\nText.", "not valid YAML"),
        (f"---\ntitle: T\nx: {'y' * 70_000}\n---\nText.", "64 KiB"),
        ("# T\n" + "x" * 1_100_000, "split it by story"),
    ],
    ids=["open bracket", "nested brackets", "long front matter", "long text"],
)
def test_hostile_or_broken_markdown_is_refused(text: str, reason: str) -> None:
    with pytest.raises(UnreadableSource, match=reason):
        read_one(text)
