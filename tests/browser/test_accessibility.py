"""axe-core finds nothing wrong on any page or card, in any view of them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Literal
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page

from embeddings.errors import ModelDamaged
from tests import gallery
from tests.fakes import FakeAssistant
from web.operating.metrics import Metrics

pytestmark = pytest.mark.browser

Scheme = Literal["light", "dark"]
VIEWS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "narrow": {"viewport": {"width": 320, "height": 640}},
    "forced-colors": {"forced_colors": "active"},
    # axe itself needs scripting: the page's own scripts never arrive.
    "no-js": {},
}
PATHS = {
    "empty": "/",
    "answer": f"/?q={quote(gallery.PLAIN)}",
    "several sources": f"/?q={quote(gallery.SEVERAL)}",
    "understood": f"/?q={quote(gallery.UNDERSTOOD)}",
    "abstention": f"/?q={quote(gallery.ABSTENTION)}",
    "conflict": f"/?q={quote(gallery.CONFLICT)}",
    "story": "/story/00aa11bb22cc33dd?h=38-47#h",
    "stories": "/stories",
    "no story": "/stories?words=nothing",
    "about": "/about",
    "status": "/status",
    "404": "/nothing",
    "conversation gone": "/c/00000000000000000000000000000000",
    "422": "/?q=",
}


@pytest.fixture
def assistant() -> FakeAssistant:
    return gallery.gallery()


@pytest.fixture(params=list(VIEWS))
def view(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(base_url=address, **VIEWS[request.param])
    page = context.new_page()
    if request.param == "no-js":
        page.route("**/*.js", lambda route: route.abort())
    yield page
    context.close()


def kept(view: Page, *questions: str) -> str:
    """Ask in one conversation, and return its address."""
    conversation = ""
    for question in questions:
        form: dict[str, str | float | bool] = {"q": question, "conversation": conversation}
        url = view.request.post("/ask", form=form).url
        conversation = url.split("/c/")[1].split("#")[0]
    return f"/c/{conversation}"


def faults(view: Page, *, opened: bool = True) -> str:
    for summary in view.locator("summary").all() if opened else ():
        summary.click()
    return str(Axe().run(view).generate_snapshot())


@pytest.mark.parametrize("path", list(PATHS.values()), ids=list(PATHS))
def test_axe_finds_nothing(view: Page, path: str) -> None:
    view.goto(path)
    assert faults(view) == ""


def test_axe_finds_nothing_in_a_conversation(view: Page) -> None:
    path = kept(view, gallery.PLAIN, gallery.UNDERSTOOD, gallery.ABSTENTION, gallery.CONFLICT)
    view.goto(f"{path}?thanks=2")
    assert faults(view) == ""
    view.goto(f"{path}/delete")
    assert faults(view) == ""


def test_axe_finds_nothing_where_a_story_went(view: Page, assistant: FakeAssistant) -> None:
    path = kept(view, gallery.SEVERAL)
    assistant.store = type(assistant.store)([gallery.STORY])
    view.goto(path)
    assert faults(view) == ""


def test_axe_finds_nothing_when_nothing_can_be_answered(
    view: Page, assistant: FakeAssistant
) -> None:
    assistant.failure = ModelDamaged("x")
    response = view.goto("/?q=Who")
    assert response is not None
    assert response.status == 503
    assert faults(view) == ""


ASIDES: dict[str, Callable[[Page], None]] = {
    "shortcuts": lambda page: page.keyboard.press("Control+/"),
    "settings": lambda page: page.get_by_role("button", name="Settings").click(),
    "recent": lambda page: page.get_by_role("button", name="Recent conversations").click(),
}


@pytest.mark.parametrize("opens", list(ASIDES.values()), ids=list(ASIDES))
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_what_opens_over_the_page(
    browser: Browser, address: str, opens: Callable[[Page], None], scheme: Scheme
) -> None:
    view = browser.new_page(
        base_url=address, color_scheme=scheme, viewport={"width": 320, "height": 640}
    )
    view.goto(kept(view, gallery.PLAIN))
    opens(view)
    assert view.locator(":modal, :popover-open").count() == 1
    assert faults(view, opened=False) == ""
    view.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_answers_that_scripts_fetched(
    browser: Browser, address: str, scheme: Scheme
) -> None:
    view = browser.new_page(base_url=address, color_scheme=scheme)
    view.goto("/")
    for asked, question in enumerate((gallery.PLAIN, gallery.ABSTENTION, "a" * 1001)):
        view.get_by_label("Your question").fill(question)
        view.keyboard.press("Enter")
        view.locator(".exchange .card").nth(asked).wait_for()
    view.get_by_role("button", name="Helpful", exact=True).first.click()
    view.locator(".thanks").wait_for()
    assert faults(view) == ""
    view.close()


def test_axe_finds_nothing_on_a_status_page_with_plots(view: Page, app: Flask) -> None:
    metrics: Metrics = app.extensions["metrics"]
    for answer in gallery.gallery().answers.values():
        metrics.answered(replace(answer, timings_ms={"read": 40.0, "total": 90.0}))
    metrics.judged("up")
    metrics.recent.requested(500)
    view.goto("/status")
    assert view.locator("rect").count() > 2
    assert faults(view) == ""
