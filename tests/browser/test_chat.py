import re
import threading

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from corpus.story import Story
from embeddings.errors import ModelDamaged
from embeddings.index import Filters
from qa.answer import Answer
from qa.conversations.sql_conversations import SqlConversations
from qa.steps import OnStep, Step
from tests import gallery
from tests.fakes import (
    MAYOR_QUESTION,
    MAYOR_SENTENCE,
    FakeAssistant,
    abstention_about,
    answer_with,
    cite,
)
from web.suggestions import fixed_questions

pytestmark = pytest.mark.browser

IN_A_CONVERSATION = re.compile(r"/c/[0-9a-f]{32}$")


@pytest.fixture
def assistant() -> FakeAssistant:
    return gallery.gallery()


@pytest.fixture
def story() -> Story:
    return gallery.STORY


def ask(page: Page, question: str) -> None:
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")


def answered(page: Page, *questions: str) -> None:
    """Ask in one conversation, each question after the answer to the one before."""
    page.goto("/")
    for count, question in enumerate(questions, start=1):
        ask(page, question)
        expect(page.locator("[data-answer]")).to_have_count(count)


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


def test_questions_make_a_conversation_that_the_address_names(page: Page) -> None:
    answered(page, MAYOR_QUESTION, "Who lost?")

    expect(page).to_have_url(IN_A_CONVERSATION)
    expect(page).to_have_title(f"{MAYOR_QUESTION} – Dateline")
    page.reload()
    assert page.locator(".question").all_inner_texts() == [MAYOR_QUESTION, "Who lost?"]
    ask(page, "And now?")
    expect(page.locator("[data-answer]")).to_have_count(3)


def test_back_leads_to_the_empty_chat_and_forward_to_the_conversation(page: Page) -> None:
    answered(page, MAYOR_QUESTION)
    page.go_back()
    expect(page.locator("#welcome")).to_be_visible()
    expect(page.locator("[data-answer]")).to_have_count(0)
    page.go_forward()

    expect(page.locator(".answer")).to_have_text("Ada Quinn")


def test_example_is_asked_without_leaving_the_page(page: Page, assistant: FakeAssistant) -> None:
    question = fixed_questions()[0]
    citation = cite(gallery.STORY, "Ada Quinn", MAYOR_SENTENCE)
    assistant.answers[question] = answer_with(question, [citation])
    page.goto("/")
    page.locator(".examples a").click()

    expect(page.locator("[data-answer] .question")).to_have_text(question)
    expect(page.locator("#welcome")).to_be_hidden()


def test_story_opens_scrolled_to_the_marked_words(page: Page) -> None:
    answered(page, MAYOR_QUESTION)
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


def test_abstention_shows_what_came_near_and_takes_another_question(
    page: Page, assistant: FakeAssistant
) -> None:
    answered(page, gallery.ABSTENTION)

    expect(page.locator(".answer-none")).to_have_text("The stories don’t say")
    expect(page.locator(".nearest blockquote")).to_be_hidden()
    page.get_by_text("What came nearest").click()
    expect(page.locator(".nearest blockquote")).to_have_text(MAYOR_SENTENCE)
    page.get_by_text("Change the question").click()
    page.locator(".correct").get_by_role("textbox", name="Question").fill(MAYOR_QUESTION)
    page.get_by_role("button", name="Ask this").click()
    expect(page.locator(".answer")).to_have_text("Ada Quinn")
    expect(page.locator(".question")).to_have_text([gallery.ABSTENTION, MAYOR_QUESTION])


def test_filters_are_sent_with_the_question(page: Page, assistant: FakeAssistant) -> None:
    page.goto("/")
    page.get_by_text("Filters").click()
    page.locator("#ask").get_by_label("Publisher").select_option("Springfield Gazette")
    expect(page.locator(".filters summary")).to_have_text("Filters: Springfield Gazette")
    ask(page, MAYOR_QUESTION)

    expect(page.locator(".answer")).to_be_visible()
    assert assistant.asked[-1] == (MAYOR_QUESTION, Filters(publisher="Springfield Gazette"))


def test_filter_is_taken_off_on_the_card(page: Page, assistant: FakeAssistant) -> None:
    answered(page, gallery.UNDERSTOOD)
    page.get_by_role("button", name="from 1 January 2021").click()

    expect(page.locator("[data-answer]")).to_have_count(2)
    understood = assistant.answers[gallery.UNDERSTOOD].standalone
    assert assistant.asked[-1] == (understood, Filters(publisher="Springfield Gazette"))


def test_question_is_asked_as_it_was_meant(page: Page, assistant: FakeAssistant) -> None:
    answered(page, gallery.UNDERSTOOD)
    page.get_by_text("Ask it differently").click()
    page.locator(".correct").get_by_role("textbox", name="Question").fill(gallery.CONFLICT)
    page.get_by_label("From").first.fill("2020-01-01")
    page.get_by_role("button", name="Ask this").click()

    expect(page.get_by_text("The stories disagree")).to_be_visible()
    assert assistant.asked[-1][0] == gallery.CONFLICT


def test_question_that_cannot_be_asked_is_explained_and_given_back(page: Page) -> None:
    page.goto("/")
    ask(page, "a" * 1001)

    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("That can’t be asked")
    expect(alert).to_contain_text("ask it in at most 1,000")
    expect(page.get_by_label("Your question")).to_have_value("a" * 1001)
    ask(page, MAYOR_QUESTION)
    expect(page.locator(".answer")).to_be_visible()
    expect(alert).to_be_empty()


def test_page_that_refuses_a_question_takes_another(page: Page) -> None:
    page.goto("/?q=")
    ask(page, MAYOR_QUESTION)

    expect(page).to_have_url(re.compile("/c/.*#turn-1"))
    expect(page.locator(".answer")).to_have_text("Ada Quinn")


def test_question_is_given_back_when_answers_fail(page: Page, assistant: FakeAssistant) -> None:
    answered(page, MAYOR_QUESTION)
    assistant.failure = ModelDamaged("x")
    ask(page, "Who lost?")

    expect(page.get_by_role("alert")).to_contain_text("Dateline can't answer right now")
    expect(page.get_by_label("Your question")).to_have_value("Who lost?")
    expect(page.locator("#log [data-answer]")).to_have_count(1)


def test_question_is_given_back_when_the_server_is_gone(page: Page) -> None:
    page.goto("/")
    page.route("**/ask", lambda route: route.abort())
    ask(page, MAYOR_QUESTION)

    expect(page.get_by_role("alert")).to_contain_text("can’t be reached")
    expect(page.get_by_label("Your question")).to_have_value(MAYOR_QUESTION)


def test_question_after_its_conversation_was_deleted_begins_another(
    page: Page, conversations: SqlConversations
) -> None:
    answered(page, MAYOR_QUESTION)
    conversations.delete(page.url.split("/c/")[1])
    ask(page, "Who lost?")
    expect(page.get_by_role("alert")).to_contain_text("it was deleted")
    page.keyboard.press("Enter")

    expect(page.locator(".question")).to_have_text(["Who lost?"])
    expect(page).to_have_url(re.compile("/c/.*#turn-1"))


class SlowAsk:
    """Stands in for an assistant's `ask`, which waits until it may go on."""

    def __init__(self) -> None:
        self.release = threading.Event()

    def __call__(self, question: str, *, on_step: OnStep, **_: object) -> Answer:
        on_step(Step("read", "Reading 12 passages of 3 stories"))
        self.release.wait(10)
        return abstention_about(question)


@pytest.fixture
def slow(page: Page, assistant: FakeAssistant, monkeypatch: pytest.MonkeyPatch) -> SlowAsk:
    page.goto("/")
    page.locator("#examples:not([data-from])").wait_for(state="attached")
    slow = SlowAsk()
    monkeypatch.setattr(assistant, "ask", slow)
    return slow


def test_answer_that_takes_long_tells_its_step(page: Page, slow: SlowAsk) -> None:
    ask(page, MAYOR_QUESTION)
    expect(page.locator(".waiting")).to_have_text("Reading 12 passages of 3 stories")
    expect(page.locator(".waiting")).to_be_visible()
    slow.release.set()

    expect(page.locator(".waiting")).to_have_count(0)
    expect(page.locator(".answer-none")).to_be_visible()


def test_answer_that_is_quick_tells_no_step(page: Page) -> None:
    page.clock.install(time=0)
    page.goto("/")
    page.clock.pause_at(60)  # what is to come after a while never does
    page.evaluate(
        """() => new MutationObserver((_, observer) => {
          if (!document.querySelector(".waiting:not([hidden])")) return;
          observer.disconnect();
          document.body.id = "told";
        }).observe(document.body, { subtree: true, childList: true, attributes: true })"""
    )
    ask(page, MAYOR_QUESTION)

    expect(page.locator(".answer")).to_be_visible()
    expect(page.locator("#told")).to_have_count(0)


def test_escape_stops_the_question_and_then_clears_it(page: Page, slow: SlowAsk) -> None:
    ask(page, MAYOR_QUESTION)
    expect(page.locator(".waiting")).to_be_visible()
    page.keyboard.press("Escape")

    box = page.get_by_label("Your question")
    expect(box).to_have_value(MAYOR_QUESTION)
    expect(page.locator("#log .exchange")).to_have_count(0)
    expect(page.locator("#welcome")).to_be_visible()
    page.keyboard.press("Escape")
    expect(box).to_have_value("")
    slow.release.set()


def test_shift_enter_starts_a_line(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Your question").press_sequentially("one")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("two")

    expect(page.get_by_label("Your question")).to_have_value("one\ntwo")


def test_chat_works_without_javascript(
    browser: Browser, address: str, conversations: SqlConversations
) -> None:
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    for question in (MAYOR_QUESTION, gallery.UNDERSTOOD):
        page.get_by_label("Your question").fill(question)
        page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator(".answer")).to_have_text(["Ada Quinn", "Ada Quinn"])
    for hidden in ("Copy link", "Settings", "Recent conversations"):
        expect(page.get_by_role("button", name=hidden).first).to_be_hidden()

    page.get_by_role("button", name="Springfield Gazette").click()
    expect(page.locator("[data-answer]")).to_have_count(3)
    page.locator("#turn-1 .feedback summary").click()
    page.get_by_label("It is out of date").first.check()
    page.get_by_role("button", name="Send").first.click()
    expect(page.locator("#turn-1 .thanks")).to_have_text("Thank you for telling.")
    assert conversations.feedback()[0].complaint == "outdated"

    page.get_by_role("link", name="Open in story").first.click()
    expect(page.locator("mark#h")).to_be_in_viewport(ratio=1)
    page.get_by_role("link", name="Back to the answer").click()
    page.get_by_role("link", name="Delete").click()
    page.get_by_role("button", name="Delete it").click()
    expect(page.locator(".notice")).to_have_text("The conversation is deleted.")
    context.close()


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
    expect(page.get_by_role("status")).to_have_text("")


def test_copy_takes_answer_sentence_and_source(page: Page, story: Story) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    answered(page, MAYOR_QUESTION)
    page.get_by_role("button", name="Copy with sources").click()

    expect(page.get_by_role("status")).to_have_text("Copied.")
    assert page.evaluate("navigator.clipboard.readText()") == (
        f"Ada Quinn\n\n“{MAYOR_SENTENCE}”\n"
        f"{story.title}, {story.publisher}, 3 November 2021, {story.url}"
    )


def test_copied_link_leads_to_the_answer_alone(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    answered(page, gallery.ABSTENTION, MAYOR_QUESTION)
    page.get_by_role("button", name="Copy link").last.click()
    expect(page.get_by_role("status")).to_have_text("The link is copied.")
    page.goto(page.evaluate("navigator.clipboard.readText()"))

    expect(page.locator(".question")).to_have_text([MAYOR_QUESTION])
    page.get_by_role("button", name="Continue in a conversation").click()
    expect(page).to_have_url(re.compile("/c/.*#turn-1"))


def test_same_question_can_be_asked_again(page: Page) -> None:
    answered(page, MAYOR_QUESTION)
    page.get_by_role("button", name="Ask again").click()

    expect(page.locator(".question")).to_have_text([MAYOR_QUESTION] * 2)


def test_feedback_is_sent_without_leaving_the_page(
    page: Page, conversations: SqlConversations
) -> None:
    answered(page, gallery.SEVERAL)
    page.locator(".feedback summary").click()
    page.get_by_label("Something is missing").check()
    page.get_by_label("Anything to add?").fill("The date.")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".thanks")).to_be_focused()
    page.get_by_role("button", name="Wrong source").nth(1).click()
    expect(page.locator(".thanks")).to_have_count(2)

    source, answer = sorted(conversations.feedback(), key=lambda kept: kept.citation is None)
    assert (answer.complaint, answer.comment) == ("incomplete", "The date.")
    assert (source.complaint, source.citation) == ("wrong_source", 2)


def test_feedback_that_could_not_be_sent_can_be_sent_again(page: Page) -> None:
    answered(page, MAYOR_QUESTION)
    page.route("**/feedback", lambda route: route.abort(), times=1)
    helpful = page.get_by_role("button", name="Helpful", exact=True)
    helpful.click()
    expect(page.get_by_role("status")).to_contain_text("could not be sent")
    helpful.click()

    expect(page.locator(".thanks")).to_be_visible()


def test_conversation_can_be_taken_away_as_a_file(page: Page) -> None:
    answered(page, MAYOR_QUESTION)
    with page.expect_download() as download:
        page.get_by_role("link", name="Export as Markdown").click()

    assert download.value.suggested_filename == "conversation.md"
    assert "**Ada Quinn**" in download.value.path().read_text("utf-8")


def test_nothing_comes_from_elsewhere(page: Page, address: str) -> None:
    loaded: list[str] = []

    def note(route: Route) -> None:
        loaded.append(route.request.url)
        route.continue_()

    page.route("**/*", note)
    answered(page, MAYOR_QUESTION)
    for path in ("/stories", "/about", "/nothing"):
        page.goto(path)

    assert len(loaded) > 15
    assert [url for url in loaded if not url.startswith(f"{address}/")] == []
