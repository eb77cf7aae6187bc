from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from corpus.story import Story
from tests.fakes import (
    MAYOR_QUESTION,
    MAYOR_SENTENCE,
    FakeAssistant,
    abstention_about,
    answer_with,
    cite,
    mayor_story,
)

pytestmark = pytest.mark.browser

VIEWS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "narrow": {"viewport": {"width": 320, "height": 640}},
    "forced-colors": {"forced_colors": "active"},
}
PATHS = {
    "empty": "/",
    "answer": f"/?q={quote(MAYOR_QUESTION)}",
    "abstention": "/?q=abstain",
    "conflict": "/?q=conflict",
    "error": "/?q=",
    "story": "/story/00aa11bb22cc33dd?h=38-47#h",
    "stories": "/stories",
}


@pytest.fixture(params=list(VIEWS.values()), ids=list(VIEWS))
def view(
    request: pytest.FixtureRequest,
    browser: Browser,
    address: str,
    assistant: FakeAssistant,
    story: Story,
) -> Iterator[Page]:
    primary = cite(story, "Ada Quinn", MAYOR_SENTENCE)
    other = cite(mayor_story(story_id="2"), "Springfield", MAYOR_SENTENCE, n=2, role="conflicts")
    assistant.answers["abstain"] = abstention_about("abstain", [primary])
    assistant.answers["conflict"] = answer_with("conflict", [primary, other], status="conflict")
    context = browser.new_context(base_url=address, **request.param)
    yield context.new_page()
    context.close()


@pytest.fixture
def scriptless(view: Page) -> Page:
    """A page whose scripts never arrive: axe needs scripting, so it can't be switched off."""
    view.route("**/*.js", lambda route: route.abort())
    return view


@pytest.mark.parametrize("path", list(PATHS.values()), ids=list(PATHS))
def test_axe_finds_nothing(view: Page, path: str) -> None:
    view.goto(path)
    assert faults(view) == ""


@pytest.mark.parametrize("path", list(PATHS.values()), ids=list(PATHS))
def test_axe_finds_nothing_without_scripts(scriptless: Page, path: str) -> None:
    scriptless.goto(path)
    assert faults(scriptless) == ""


def test_axe_finds_nothing_in_answers_that_scripts_fetched(view: Page) -> None:
    view.goto("/")
    for asked, question in enumerate((MAYOR_QUESTION, "abstain", "a" * 1001)):
        view.get_by_label("Your question").fill(question)
        view.keyboard.press("Enter")
        view.locator(".exchange .card").nth(asked).wait_for()
    view.get_by_role("alert").wait_for()
    assert faults(view) == ""


def faults(view: Page) -> str:
    for summary in view.locator("summary").all():
        summary.click()
    return str(Axe().run(view).generate_snapshot())
