import threading
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from corpus.story import Story
from embeddings.index import Filters
from qa.answer import Answer
from tests.fakes import (
    MAYOR_QUESTION,
    MAYOR_SENTENCE,
    FakeAssistant,
    abstention_about,
    cite,
)

pytestmark = pytest.mark.browser

ASKED = f"/?q={quote(MAYOR_QUESTION)}"

IS_UNCOVERED = """() => {
  const { left, top, width, height } = document.activeElement.getBoundingClientRect();
  const seen = document.elementFromPoint(left + width / 2, top + height / 2);
  return document.activeElement.contains(seen);
}"""


def ask(page: Page, question: str) -> None:
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")


def test_answer_appears_with_its_quote_and_source(page: Page) -> None:
    page.goto("/")
    ask(page, MAYOR_QUESTION)

    expect(page.locator(".answer")).to_have_text("Ada Quinn")
    expect(page.locator("blockquote mark")).to_have_text("Ada Quinn")
    expect(page.locator("blockquote")).to_have_text(MAYOR_SENTENCE)
    expect(page.locator(".source .title")).to_contain_text("Springfield elects a mayor")
    expect(page.get_by_label("Your question")).to_have_value("")
    expect(page.get_by_label("Your question")).to_be_focused()
    expect(page.locator(".answer")).to_be_in_viewport(ratio=1)


def test_earlier_questions_stay_above_and_the_address_names_the_last(page: Page) -> None:
    page.goto("/")
    ask(page, MAYOR_QUESTION)
    expect(page.locator("[data-answer]")).to_have_count(1)
    ask(page, "Who lost?")
    expect(page.locator("[data-answer]")).to_have_count(2)

    assert page.locator(".question").all_inner_texts() == [MAYOR_QUESTION, "Who lost?"]
    assert parse_qs(urlsplit(page.url).query) == {"q": ["Who lost?"]}
    expect(page).to_have_title("Who lost? – Dateline")
    page.reload()
    expect(page.locator(".question")).to_have_text("Who lost?")


def test_example_is_asked_without_leaving_the_page(page: Page) -> None:
    page.goto("/")
    example = page.locator(".examples a").first
    question = example.inner_text()
    example.click()

    expect(page.locator("[data-answer] .question")).to_have_text(question)
    expect(page.locator("#welcome")).to_be_hidden()


def test_story_opens_scrolled_to_the_marked_words(page: Page) -> None:
    page.goto(ASKED)
    page.get_by_role("link", name="Open in story").click()

    expect(page.locator("mark")).to_have_text("Ada Quinn")
    expect(page).to_have_title("Springfield elects a mayor – Dateline")
    expect(page.locator("mark")).to_be_in_viewport(ratio=1)
    page.get_by_role("link", name="Back to the answer").click()
    expect(page.locator(".answer")).to_have_text("Ada Quinn")


def test_story_far_down_is_scrolled_to(page: Page, story: Story) -> None:
    start = story.body.index("ward 38")
    page.goto(f"/story/{story.story_id}?h={start}-{start + 7}#h")

    expect(page.locator("mark")).to_have_text("ward 38")
    expect(page.locator("h1")).not_to_be_in_viewport()
    expect(page.locator("mark")).to_be_in_viewport(ratio=1)


def test_abstention_says_so_and_shows_what_came_near(
    page: Page, assistant: FakeAssistant, story: Story
) -> None:
    nearest = cite(story, "Ada Quinn", MAYOR_SENTENCE, role="nearest")
    assistant.answers["Who lost?"] = abstention_about("Who lost?", [nearest])
    page.goto("/")
    ask(page, "Who lost?")

    expect(page.locator(".answer-none")).to_have_text("The stories don’t say")
    expect(page.locator(".nearest blockquote")).to_be_hidden()
    page.get_by_text("What came nearest").click()
    expect(page.locator(".nearest blockquote")).to_have_text(MAYOR_SENTENCE)


def test_filters_are_sent_with_the_question(page: Page, assistant: FakeAssistant) -> None:
    page.goto("/")
    page.get_by_text("Filters").click()
    page.get_by_label("Publisher").select_option("Springfield Gazette")
    ask(page, MAYOR_QUESTION)

    expect(page.locator(".answer")).to_be_visible()
    assert assistant.asked == [(MAYOR_QUESTION, Filters(publisher="Springfield Gazette"))]


def test_question_that_cannot_be_asked_is_explained_and_given_back(page: Page) -> None:
    page.goto("/")
    ask(page, "a" * 1001)

    expect(page.get_by_role("alert")).to_contain_text("ask it in at most 1,000")
    expect(page.get_by_label("Your question")).to_have_value("a" * 1001)


def test_question_is_given_back_when_the_server_is_gone(page: Page) -> None:
    page.goto("/")
    page.route("**/?q=*", lambda route: route.abort())
    ask(page, MAYOR_QUESTION)

    expect(page.get_by_role("alert")).to_contain_text("can’t be reached")
    expect(page.get_by_label("Your question")).to_have_value(MAYOR_QUESTION)


def test_escape_stops_the_question_and_then_clears_it(
    page: Page, assistant: FakeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = threading.Event()

    def wait(question: str, *, filters: Filters) -> Answer:
        release.wait(10)
        return abstention_about(question)

    page.goto("/")
    monkeypatch.setattr(assistant, "ask", wait)
    ask(page, MAYOR_QUESTION)
    expect(page.get_by_role("log").get_by_text("Reading the stories")).to_be_visible()
    expect(page.get_by_role("status")).to_have_text("Reading the stories…")
    page.keyboard.press("Escape")

    box = page.get_by_label("Your question")
    expect(box).to_have_value(MAYOR_QUESTION)
    expect(page.locator(".exchange")).to_have_count(0)
    expect(page.locator("#welcome")).to_be_visible()
    expect(page.get_by_role("status")).to_have_text("")
    page.keyboard.press("Escape")
    expect(box).to_have_value("")
    release.set()


def test_shift_enter_starts_a_line(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Your question").press_sequentially("one")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("two")

    expect(page.get_by_label("Your question")).to_have_value("one\ntwo")


def test_chat_works_without_javascript(browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.get_by_label("Your question").fill(MAYOR_QUESTION)
    page.get_by_role("button", name="Ask").click()

    expect(page.locator(".answer")).to_have_text("Ada Quinn")
    expect(page.get_by_role("button", name="Dark theme")).to_be_hidden()
    expect(page.get_by_role("button", name="Copy")).to_be_hidden()
    page.get_by_role("link", name="Open in story").click()
    expect(page.locator("mark#h")).to_be_in_viewport(ratio=1)
    context.close()


def test_chat_works_with_the_keyboard_alone(page: Page) -> None:
    page.goto(ASKED)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(2):
        page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Open in story")).to_be_focused()
    assert page.evaluate(IS_UNCOVERED)
    page.keyboard.press("Enter")
    expect(page.locator("mark")).to_have_text("Ada Quinn")


def test_answers_are_announced_politely_once_they_are_whole(page: Page) -> None:
    page.goto("/")
    log = page.get_by_role("log", name="Questions and answers")
    page.evaluate(
        """() => {
          const log = document.getElementById("log");
          window.spoken = [];
          new MutationObserver(() => {
            if (log.getAttribute("aria-busy") !== "true") window.spoken.push(log.innerText);
          }).observe(log, { childList: true, attributes: true });
        }"""
    )
    ask(page, MAYOR_QUESTION)

    expect(log.locator(".answer")).to_be_visible()
    expect(log).to_have_attribute("aria-live", "polite")
    expect(log).not_to_have_attribute("aria-busy", "true")
    spoken = page.evaluate("window.spoken")
    assert len(spoken) == 1
    assert "Ada Quinn" in spoken[0]


def test_theme_is_remembered(page: Page) -> None:
    page.emulate_media(color_scheme="light")
    page.goto("/")
    toggle = page.get_by_role("button", name="Dark theme")
    light = page.locator("html").evaluate("e => getComputedStyle(e).backgroundColor")
    toggle.click()
    expect(toggle).to_have_attribute("aria-pressed", "true")
    page.goto("/stories")

    expect(toggle).to_have_attribute("aria-pressed", "true")
    assert page.locator("html").evaluate("e => getComputedStyle(e).backgroundColor") != light


def test_copy_takes_answer_sentence_and_source(page: Page, story: Story) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(ASKED)
    page.get_by_role("button", name="Copy with source").click()

    expect(page.get_by_role("status")).to_have_text("Copied.")
    assert page.evaluate("navigator.clipboard.readText()") == (
        f"Ada Quinn\n\n“{MAYOR_SENTENCE}”\n"
        f"{story.title}, {story.publisher}, 3 November 2021, {story.url}"
    )


@pytest.mark.parametrize("path", ["/", ASKED, "/story/00aa11bb22cc33dd", "/stories", "/nothing"])
def test_nothing_scrolls_sideways_on_a_small_screen(page: Page, path: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(path)
    for summary in page.locator("summary").all():
        summary.click()

    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_targets_are_large_enough_to_hit(page: Page) -> None:
    page.goto(ASKED)
    page.get_by_text("Filters").click()
    sizes = page.locator("button, summary, input, select, .links a, nav a").evaluate_all(
        "es => es.map(e => [e.outerHTML, e.getBoundingClientRect()])"
        ".map(([name, r]) => [name, Math.min(r.width, r.height)])"
    )

    assert [(name, size) for name, size in sizes if size < 24] == []
