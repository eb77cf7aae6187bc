"""What is seen where, on which screen, and what the keyboard reaches."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests import gallery
from tests.browser.test_chat import answered, ask
from tests.fakes import FakeAssistant

pytestmark = pytest.mark.browser

FOCUSED = """() => {
  const focused = document.activeElement;
  const { left, top, width, height } = focused.getBoundingClientRect();
  const seen = [0.1, 0.5, 0.9].some((at) =>
    focused.contains(document.elementFromPoint(left + width * at, top + height / 2)));
  return focused === document.body ? null : [focused.textContent.trim().slice(0, 40), seen];
}"""
EVERY_CARD = (
    gallery.SEVERAL,
    gallery.UNDERSTOOD,
    gallery.ABSTENTION,
    gallery.CONFLICT,
)


@pytest.fixture
def assistant() -> FakeAssistant:
    return gallery.gallery()


def open_everything(page: Page) -> None:
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")


def test_nothing_scrolls_sideways_on_a_small_screen(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    answered(page, *EVERY_CARD)
    for path in (page.url, f"{page.url}/delete", "/", "/stories", "/about", "/nothing", "/?q="):
        page.goto(path)
        open_everything(page)
        assert page.evaluate("document.documentElement.scrollWidth") == 320, path


def test_targets_are_large_enough_to_hit(page: Page) -> None:
    answered(page, *EVERY_CARD)
    for path in (page.url, "/stories", "/about"):
        page.goto(path)
        open_everything(page)
        page.evaluate("for (const one of document.querySelectorAll('[popover]')) one.showPopover()")
        sizes = page.locator(
            "button, summary, select, textarea, input:not([type=hidden]), label:has(input),"
            " .links a, nav a, .foot a, .actions a, .recent a"
        ).evaluate_all(
            """all => all.filter((one) => one.checkVisibility())
              .map((one) => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
              .map(([name, box]) => [name, Math.min(box.width, box.height)])"""
        )
        # A box to tick is hit by its label.
        small = [name for name, size in sizes if size < 24 and 'type="' not in name]
        assert small == [], path


@pytest.mark.parametrize("height", [480, 800])
def test_focus_is_never_hidden_by_what_sticks(page: Page, height: int) -> None:
    page.emulate_media(reduced_motion="reduce")  # nothing is still being scrolled to
    page.set_viewport_size({"width": 1000, "height": height})
    answered(page, *EVERY_CARD)
    page.reload()
    stops = []
    page.keyboard.press("Tab")
    while stop := page.evaluate(FOCUSED):
        stops.append(stop)
        page.keyboard.press("Tab")
        assert len(stops) < 200

    assert len(stops) > 50
    assert [name for name, seen in stops if not seen] == []


def test_chat_works_with_the_keyboard_alone(page: Page) -> None:
    page.goto("/stories")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/$"))
    expect(page.get_by_label("Your question")).to_be_focused()
    page.keyboard.type(gallery.PLAIN)
    page.keyboard.press("Enter")
    expect(page.locator(".answer")).to_be_visible()
    page.keyboard.press("Shift+Tab")
    for _ in range(30):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.textContent").startswith("Open in story"):
            break
    page.keyboard.press("Enter")
    expect(page.locator("mark")).to_have_text("Ada Quinn")


def test_keys_go_to_the_box_on_every_page(page: Page) -> None:
    for path, box in (("/?q=Who", "Your question"), ("/stories", "Words in title or text")):
        for key in ("/", "Control+k", "Meta+k"):
            page.goto(path)
            page.keyboard.press(key)
            expect(page.get_by_label(box)).to_be_focused()
            expect(page.get_by_label(box)).to_have_value("")
    page.keyboard.type("a/b")
    expect(page.get_by_label("Words in title or text")).to_have_value("a/b")


def test_single_key_can_be_switched_off_for_good(page: Page) -> None:
    page.goto("/stories")
    page.keyboard.press("Control+/")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    page.get_by_label("Use the single key").uncheck()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.reload()
    page.keyboard.press("/")
    expect(page.get_by_label("Words in title or text")).not_to_be_focused()
    page.keyboard.press("Control+k")
    expect(page.get_by_label("Words in title or text")).to_be_focused()


def test_theme_is_the_systems_until_one_is_chosen_for_good(page: Page) -> None:
    def paper() -> str:
        style = "e => getComputedStyle(e).backgroundColor"
        return str(page.locator("html").evaluate(style))

    page.goto("/")
    page.emulate_media(color_scheme="dark")
    dark = paper()
    page.emulate_media(color_scheme="light")
    light = paper()
    assert dark != light
    page.get_by_role("button", name="Settings").click()
    page.get_by_label("Dark").check()
    assert paper() == dark
    page.goto("/stories")
    assert paper() == dark
    page.get_by_role("button", name="Settings").click()
    expect(page.get_by_label("Dark")).to_be_checked()
    page.get_by_label("System").check()
    assert paper() == light


def test_recent_conversations_are_listed_in_this_browser(page: Page) -> None:
    page.set_viewport_size({"width": 1300, "height": 800})
    answered(page, gallery.PLAIN, gallery.ABSTENTION)
    first = page.url
    answered(page, gallery.SEVERAL)
    panel = page.get_by_role("complementary", name="Recent conversations")

    expect(panel.get_by_role("link")).to_have_text([gallery.SEVERAL, gallery.PLAIN])
    expect(panel).to_contain_text("kept on this server for 90 days")
    panel.get_by_role("link", name=gallery.PLAIN).click()
    expect(page).to_have_url(first)
    panel.get_by_role("button", name=f"Remove “{gallery.SEVERAL}”").click()
    expect(panel.get_by_role("link")).to_have_text([gallery.PLAIN])
    panel.get_by_role("button", name="Clear the list").click()
    expect(panel.get_by_role("link")).to_have_count(0)
    page.goto("/")
    expect(panel).to_contain_text("None yet.")


def test_conversation_that_is_gone_leaves_the_list(page: Page) -> None:
    page.set_viewport_size({"width": 1300, "height": 800})
    panel = page.get_by_role("complementary", name="Recent conversations")
    answered(page, gallery.PLAIN)
    page.get_by_role("link", name="Delete").click()
    page.get_by_role("button", name="Delete it").click()

    expect(page.locator(".notice")).to_have_text("The conversation is deleted.")
    expect(panel.get_by_role("link")).to_have_count(0)


def test_recent_conversations_open_over_a_small_screen(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    answered(page, gallery.PLAIN)
    panel = page.get_by_role("complementary", name="Recent conversations")
    expect(panel).to_have_count(0)
    page.get_by_role("button", name="Recent conversations").click()
    expect(panel.get_by_role("link")).to_have_text([gallery.PLAIN])
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)


def test_chat_works_where_storage_is_switched_off(page: Page) -> None:
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException(); } })"
    )
    page.set_viewport_size({"width": 1300, "height": 800})
    answered(page, gallery.PLAIN)

    expect(page.locator(".recent a")).to_have_text([gallery.PLAIN])


def test_print_leaves_controls_out(page: Page) -> None:
    answered(page, gallery.UNDERSTOOD)
    page.emulate_media(media="print")

    for gone in (".composer", ".actions", ".top nav", ".tools", ".links button", ".recent"):
        expect(page.locator(gone).first).to_be_hidden()
    expect(page.locator(".answer")).to_be_visible()
    expect(page.get_by_text("read from your question")).to_be_visible()


def test_stories_are_found_in_the_browser(page: Page) -> None:
    page.goto("/stories")
    page.get_by_label("Words in title or text").fill("quinn")
    page.keyboard.press("Enter")

    expect(page.locator(".stories a")).to_have_text(["Quinn wins in Springfield"])
    page.get_by_role("link", name="About").click()
    page.get_by_role("link", name="Shelbyville Courier").click()
    expect(page.locator(".stories a")).to_have_count(1)


def test_another_question_stops_the_one_before(page: Page) -> None:
    page.goto("/")
    page.route("**/ask", lambda route: None, times=1)
    ask(page, "Who lost?")
    ask(page, gallery.PLAIN)

    expect(page.locator(".question")).to_have_text([gallery.PLAIN])
    expect(page.locator(".answer")).to_be_visible()
