"""Takes the pictures in docs/ from the real app: `python -m docs.screenshot`.

It serves the bundled stories and those that the project's own questions are about.
"""

import logging
import shutil
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

import corpus
from tests.serving import stories_served

DOCS = Path(__file__).parent
STORIES = (Path(corpus.__file__).parent / "stories", DOCS.parent / "tests" / "gold" / "stories")
QUESTION = "When did DTRA start training Panama?"
UNANSWERED = "Who won the 2018 World Cup?"
DISAGREED = "How many people were hurt in the Port Ellery cannery fire?"
WINDOW = {"width": 1280, "height": 900}
PHONE = {"width": 320, "height": 640}


def main() -> None:
    """Take every picture anew."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with stories_served(STORIES) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        for name, view, asked in (
            ("chat", {"viewport": WINDOW}, QUESTION),
            ("chat-dark", {"viewport": WINDOW, "color_scheme": "dark"}, QUESTION),
            ("chat-phone", {"viewport": PHONE}, QUESTION),
            ("abstention", {"viewport": WINDOW}, UNANSWERED),
            ("conflict", {"viewport": WINDOW}, DISAGREED),
        ):
            page = opened(browser, address, view)
            ask(page, asked)
            if name == "abstention":
                page.get_by_text("What came nearest").click()
            take(page, name)
        page = opened(browser, address, {"viewport": WINDOW})
        for path in ("stories", "about"):
            page.goto(f"/{path}")
            take(page, path)
        browser.close()


def opened(browser: Browser, address: str, view: dict[str, Any]) -> Page:
    """Return the chat in a new window that moves nothing."""
    context = browser.new_context(base_url=address, reduced_motion="reduce", **view)
    page = context.new_page()
    page.goto("/")
    return page


def ask(page: Page, question: str) -> None:
    """Ask in the chat and wait for the answer."""
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")
    page.locator("[data-answer]").wait_for()


def take(page: Page, name: str) -> None:
    """Write what the window shows from its top to docs/NAME.png."""
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    page.screenshot(path=DOCS / f"{name}.png", animations="disabled")


if __name__ == "__main__":
    main()
