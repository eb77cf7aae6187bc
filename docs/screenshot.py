"""Takes docs/chat.png from the real app over the bundled stories: `python docs/screenshot.py`."""

import shutil
import tempfile
import threading
from pathlib import Path

from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

import corpus
from corpus.ingest import ingest
from qa.assemble import assemble, open_conversations, open_store
from qa.settings import Settings
from web import create_app
from web.pages import example_questions

TARGET = Path(__file__).parent / "chat.png"


def take(address: str) -> None:
    """Ask the first example and write what the window shows to *TARGET*."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 920, "height": 900}, color_scheme="light")
        page.goto(address)
        page.locator("#q").fill(example_questions()[0])
        page.keyboard.press("Enter")
        page.locator("[data-answer]").wait_for()
        page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
        page.wait_for_timeout(500)
        page.screenshot(path=TARGET)
        browser.close()


def main() -> None:
    """Serve the bundled stories from a folder of their own while the picture is taken."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder))
        store = open_store(settings)
        ingest(store, [Path(corpus.__file__).parent / "stories"])
        store.close()
        server = make_server(
            "127.0.0.1", 0, create_app(settings, assemble(settings), open_conversations(settings))
        )
        threading.Thread(target=server.serve_forever).start()
        take(f"http://127.0.0.1:{server.server_port}")
        server.shutdown()


if __name__ == "__main__":
    main()
