"""Takes the pictures in docs/ from the real app: `python docs/screenshot.py`.

It serves the bundled stories and those that the project's own questions are about.
"""

import logging
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

import corpus
from corpus.ingest import ingest
from qa.assemble import assemble, open_conversations, open_store
from qa.settings import Settings
from web import create_app

DOCS = Path(__file__).parent
STORIES = (Path(corpus.__file__).parent / "stories", DOCS.parent / "tests" / "gold" / "stories")
QUESTION = "When did DTRA start training Panama?"
UNANSWERED = "Who won the 2018 World Cup?"
WINDOW = {"width": 1280, "height": 900}
PHONE = {"width": 320, "height": 640}


def main() -> None:
    """Take every picture anew."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        for name, view, asked in (
            ("chat", {"viewport": WINDOW}, QUESTION),
            ("chat-dark", {"viewport": WINDOW, "color_scheme": "dark"}, QUESTION),
            ("chat-phone", {"viewport": PHONE}, QUESTION),
            ("abstention", {"viewport": WINDOW}, UNANSWERED),
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


@contextmanager
def served() -> Iterator[str]:
    """Serve the stories from a folder of their own, and give the address."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder))
        store = open_store(settings)
        ingest(store, STORIES)
        store.close()
        app = create_app(settings, assemble(settings), open_conversations(settings))
        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


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
