"""The page of the API is for everyone: any theme, any width, by keyboard, without scripts."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

VIEWS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "narrow": {"viewport": {"width": 320, "height": 640}},
}


@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_nothing_and_nothing_runs_off_the_page(
    browser: Browser, address: str, view: str
) -> None:
    context = browser.new_context(base_url=address, **VIEWS[view])
    page = context.new_page()
    page.goto("/docs")

    violations = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in violations] == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    context.close()


def test_a_line_that_is_too_long_is_reached_and_read_by_keyboard(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto("/docs#ask")
    line = page.get_by_role("group", name="Example of POST /v1/ask", exact=True)
    line.focus()
    page.keyboard.press("ArrowRight")

    # Scrolling is smooth: it takes a few frames.
    for _ in range(100):
        if scrolled := line.evaluate("code => code.scrollLeft"):
            break
        page.wait_for_timeout(50)
    assert scrolled > 0


def test_contents_lead_to_an_operation(page: Page) -> None:
    page.goto("/docs")
    page.get_by_role("navigation", name="Operations").get_by_text("POST /v1/verify").click()

    assert page.url.endswith("/docs#verify")
    assert page.get_by_role("heading", name="POST /v1/verify").is_visible()
