"""Deep links open a page at the cited sentence, in a real browser."""

import html
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page

from corpus.story import Story
from qa.text_fragments import deep_link

pytestmark = pytest.mark.browser

URL = "https://news.example/mayor"
FILLER = [f"In ward {ward} the count took until {ward} minutes past." for ward in range(60)]


@dataclass(frozen=True)
class Case:
    """A story, and the sentence that is cited: the last one that reads so."""

    name: str
    paragraphs: tuple[str, ...]
    sentence: str


CASES = (
    Case("standing once", ("It rained.", "Ada Quinn won."), "Ada Quinn won."),
    Case("prefix", ("She won.", "Voters came again. She won."), "She won."),
    Case("suffix", ("She won.", "She won. Nobody wept."), "She won."),
    Case("both", ("So she won. Yes.", "So she won. No.", "Now she won. Yes."), "she won."),
    Case("in the title", ("Nothing new.", "As foretold: How it went."), "How it went."),
    Case("case and accents", ("JOSE won.", "In short “José won.”"), "José won."),
    Case("syntax", ("Nothing.", "A well-known, a&b - 5% mayor-elect,-won."), "mayor-elect,-won."),
    Case(
        "long",
        (
            "It was the first of many things that nobody had thought of in that town, so they.",
            "It was the first of many things that anyone had thought of in that town, so they.",
        ),
        "It was the first of many things that anyone had thought of in that town, so they.",
    ),
    Case(
        "long and ending as it goes on",
        (
            "The mayor said so.",
            "When asked twice about it, the mayor said so. And then, for a third time, "
            "the mayor said so. And left.",
        ),
        "When asked twice about it, the mayor said so. And then, for a third time, "
        "the mayor said so.",
    ),
    Case(
        "across paragraphs", ("He said:", "“We stay.", "We never leave.”"), "“We stay.\n\nWe never"
    ),
)


def written(case: Case) -> tuple[Story, int]:
    """Return the story, screens of other text between its paragraphs, and where it is cited."""
    apart = "\n\n".join(["", *FILLER, ""])
    if "\n\n" in case.sentence:
        body = apart + "\n\n".join(case.paragraphs) + apart
    else:
        body = apart.join(("", *case.paragraphs, ""))
    story = Story(story_id="1", source="s", title="How it went.", body=body.strip(), url=URL)
    return story, story.body.rindex(case.sentence)


@pytest.fixture
def publisher(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 800, "height": 400})
    yield context.new_page()
    context.close()


def seen_at(page: Page, story: Story, link: str) -> list[int]:
    """Return the numbers of the paragraphs that are in view when *link* was opened."""
    title = html.escape(story.title)
    paragraphs = "".join(f"<p>{html.escape(line)}</p>" for line in story.body.split("\n\n"))
    markup = (
        f"<!doctype html><meta charset=utf-8><title>{title}</title><h1>{title}</h1>{paragraphs}"
    )
    page.route(f"{URL}*", lambda route: route.fulfill(body=markup, content_type="text/html"))
    page.goto(link)
    page.wait_for_function("scrollY > 0")
    numbers: list[int] = page.locator("p").evaluate_all(
        """ps => ps.map((p, number) => [number, p.getBoundingClientRect()])
          .filter(([, {top, bottom}]) => bottom > 0 && top < innerHeight)
          .map(([number]) => number)"""
    )
    return numbers


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_browser_scrolls_to_the_cited_sentence(publisher: Page, case: Case) -> None:
    story, start = written(case)
    link = deep_link(story, start, start + len(case.sentence))

    assert link is not None
    assert ":~:" in link
    assert story.body.count("\n\n", 0, start) in seen_at(publisher, story, link)


def test_sentence_that_is_repeated_would_be_missed_without_its_prefix(publisher: Page) -> None:
    story, start = written(CASES[1])
    seen = seen_at(publisher, story, f"{URL}#:~:text=She%20won.")

    assert story.body.count("\n\n", 0, story.body.index("She won.")) in seen
    assert story.body.count("\n\n", 0, start) not in seen
