"""Takes the pictures in docs/ from the real app: `python -m docs.screenshot`.

It serves the bundled stories and those that the project's own questions are about.
"""

import logging
import shutil
import time
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Browser, Page, sync_playwright

import corpus
from qa.scoring.gold import read_gold
from tests.serving import stories_served

DOCS = Path(__file__).parent
STORIES = (Path(corpus.__file__).parent / "stories", DOCS.parent / "tests" / "gold" / "stories")
QUESTION = "When did DTRA start training Panama?"
UNANSWERED = "Who won the 2018 World Cup?"
DISAGREED = "How many people were hurt in the Port Ellery cannery fire?"
GOLD = DOCS.parent / "tests" / "gold" / "questions.jsonl"
MINUTES_ASKED = 4
WINDOW = {"width": 1280, "height": 900}
TALL = {"width": 1000, "height": 1400}
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
        take_status(browser, address)
        browser.close()


def take_status(browser: Browser, address: str) -> None:
    """Ask the project's own questions for some minutes, and take the status page."""
    page = opened(browser, address, {"viewport": TALL})
    questions = [question.alone for question in read_gold([GOLD])]
    hurry, until = Random(8), time.monotonic() + 60 * MINUTES_ASKED  # noqa: S311 - how long to wait
    while time.monotonic() < until:
        page.request.get(f"/?q={quote(hurry.choice(questions))}")
        time.sleep(hurry.uniform(0.1, 2.5))
    page.goto("/status")
    take(page, "status")


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
