"""Text that stories, questions and addresses hold never becomes markup, in a real browser.

Most pages are parsed for elements that Dateline never writes, and run in frames without its
policy, where whatever got through would run; the pages that hold every payload at once are opened
as readers open them, where nothing may so much as try.
"""

import html
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import cast
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, expect

from corpus.ingest import ingest
from corpus.store import StoryStore
from corpus.story import Story
from qa.answer import Answer
from qa.conversations.sql_conversations import SqlConversations
from qa.serialize import answer_json
from tests.fakes import FakeAssistant, FakeStore, abstention_about, answer_with, cite, mayor_story
from tests.payloads import PAYLOADS

pytestmark = pytest.mark.browser

STATE_GOV = Path(__file__).resolve().parents[2] / ".." / "shared" / "stories" / "state_gov"
TEXT_FIELDS = (
    *("source", "title", "byline", "unit", "publisher", "section", "dateline", "location"),
    *("photo_title", "photo_credit", "caption", "about"),
)
URLS = (
    *(
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
    ),
    *("data:text/html,<script>alert(1)</script>", "vbscript:alert(1)", "//elsewhere.example", "{}"),
    *("https://news.example/{}", 'https://news.example/"onclick=alert(1) x="', "http://[{}"),
)

# What is asked for of each payload: its text in the address, or the number of its story.
ADDRESSES = (
    "/?q={text}",
    "/?q=Who&publisher={text}",
    "/?q=Who&from={text}&to={text}",
    "/?q=answered+{number}",
    "/?q=conflict+{number}",
    "/?q=abstained+{number}",
    "/story/{number:016x}?h=0-9&q={text}",
    "/story/{text}",
    "/stories?page={text}",
    "/stories?q={text}&publisher={text}",
    "/c/{text}",
    "/?deleted={text}",
    "/{text}",
)

PARSE = """async (opened) => {
  const foreign = `base, iframe, object, embed, style, math, video, animate, mglyph, body[onload],
    meta[http-equiv], script:not([src^="/static/"]), link:not([href^="/static/"]), img, [onerror],
    [onload], [onfocus], [ontoggle], [onmouseover], [onclick], [style], [srcdoc], [x],
    [href^="data:" i], [src^="data:" i]`;
  const faults = [];
  const look = (address, page) => {
    if (!page.querySelector("main")) faults.push(`${address} is no page`);
    for (const element of page.querySelectorAll(foreign)) faults.push(element.outerHTML);
    for (const link of page.querySelectorAll("[href], [action]")) {
      const target = new URL(link.getAttribute("href") ?? link.getAttribute("action"), location);
      if (!/^https?:$/.test(target.protocol)) faults.push(target.href);
    }
    if (page.documentElement.textContent.includes("1337")) faults.push(`${address} was computed`);
  };
  const run = async (markup) => {
    const frame = document.createElement("iframe");
    // Without the files that every page loads: they are tested below, and take long here.
    frame.srcdoc = markup.replace(/<(script|link)[^>]* (src|href)="\\/static\\/[^>]*>/g, "");
    const loaded = new Promise((done) => {
      frame.addEventListener("load", done, { once: true });
      setTimeout(done, 5000);
    });
    document.body.append(frame);
    await loaded;
    frame.remove();
  };
  await Promise.all(opened.map(async ([address, inFrame]) => {
    const markup = await (await fetch(address)).text();
    look(address, new DOMParser().parseFromString(markup, "text/html"));
    if (inFrame) await run(markup);
  }));
  return faults;
}"""
ASK_EACH = """async (box, questions) => {
  for (const [count, question] of questions.entries()) {
    box.value = question;
    box.form.requestSubmit();
    while (document.querySelectorAll("[data-answer]").length <= count) {
      await new Promise((done) => setTimeout(done, 5));
    }
  }
}"""
WATCH = """
window.attempts = [];
addEventListener("securitypolicyviolation", (event) => attempts.push(event.violatedDirective));
"""


def hostile_story(number: int, text: str) -> Story:
    """Return a story that holds *text* wherever a story holds text."""
    fields: dict[str, object] = dict.fromkeys(TEXT_FIELDS, text)
    url = URLS[number % len(URLS)].replace("{}", text)
    body = f"{text}\n\nSo {text} it is."
    tags = (text, text.upper())
    return mayor_story(**fields, story_id=f"{number:016x}", url=url, body=body, tags=tags)


def answers_about(stories: list[Story], name: str) -> dict[str, Answer]:
    """Return an answer of each kind that cites the first two paragraphs of all *stories*."""
    cited = [
        cite(story, story.title, story.title, n=n, role="primary" if n == 1 else "supports")
        for n, story in enumerate(stories, 1)
    ]
    nearest = abstention_about(f"abstained {name}", cited)
    return {
        f"answered {name}": answer_with(f"answered {name}", cited),
        f"conflict {name}": answer_with(f"conflict {name}", cited, status="conflict"),
        f"abstained {name}": nearest,
    }


@pytest.fixture
def stories() -> list[Story]:
    return [hostile_story(number, text) for number, text in enumerate(PAYLOADS)]


@pytest.fixture
def assistant(stories: list[Story]) -> FakeAssistant:
    answers = answers_about(stories, "all")
    for number, story in enumerate(stories):
        answers |= answers_about([story], str(number))
        answers[story.title] = answer_with(story.title, [cite(story, story.title, story.title)])
    return FakeAssistant(FakeStore(stories), answers)


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A page whose test fails if a script ran, tried to, broke, or led away."""
    context = browser.new_context(base_url=address)
    context.add_init_script(WATCH)
    page = context.new_page()
    faults: list[str] = []

    def note_dialog(dialog: Dialog) -> None:
        faults.append(f"asked: {dialog.message}")
        dialog.dismiss()

    def note_console(message: ConsoleMessage) -> None:
        if any(word in message.text for word in ("Content Security", "Trusted", "Refused")):
            faults.append(message.text)

    def note_address(url: str) -> None:
        if not url.startswith((f"{address}/", "about:")):
            faults.append(f"led to {url}")

    page.on("dialog", note_dialog)
    page.on("console", note_console)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: note_address(request.url))
    page.on("framenavigated", lambda frame: note_address(frame.url))
    yield page
    context.close()
    assert faults == []


def attempts(page: Page) -> list[str]:
    found: list[str] = page.evaluate("window.attempts")
    return found


def faults_without_policy(page: Page, opened: Iterable[tuple[str, bool]]) -> list[str]:
    """Return what got through on the pages at these addresses, those with True run in a frame."""
    page.route("**/frames", lambda route: route.fulfill(body="<body>", content_type="text/html"))
    page.goto("/frames")
    remaining = list(opened)
    faults: list[str] = []
    while remaining:
        batch, remaining = remaining[:20], remaining[20:]
        faults += page.evaluate(PARSE, batch)
    return faults


def test_there_are_enough_payloads() -> None:
    assert len(set(PAYLOADS)) >= 200


def test_every_attack_is_noticed_where_it_is_not_escaped(browser: Browser) -> None:
    """The tests below can fail."""
    markup = [f"<main>{text}</main>" for text in PAYLOADS[:21]]  # the last is no markup
    context = browser.new_context(base_url="http://unescaped.example")
    page = context.new_page()
    page.on("dialog", lambda dialog: dialog.dismiss())
    page.route("**/*", lambda route: route.abort())
    page.route(
        "**/unescaped/*",
        lambda route: route.fulfill(body=markup[int(route.request.url.rpartition("/")[2])]),
    )
    unseen = [
        text
        for n, text in enumerate(markup)
        if not faults_without_policy(page, [(f"/unescaped/{n}", True)])
    ]
    context.close()

    assert unseen == []


@pytest.mark.parametrize("template", ADDRESSES)
def test_payload_stays_text_wherever_it_comes_from(page: Page, template: str) -> None:
    turn = ADDRESSES.index(template)  # every payload runs in a frame once, on one page or another
    opened = [
        (
            template.format(number=number, text=quote(text, safe="")),
            number % len(ADDRESSES) == turn,
        )
        for number, text in enumerate(PAYLOADS)
    ]

    assert faults_without_policy(page, opened) == []


@pytest.mark.parametrize("kind", ["answered", "conflict", "abstained"])
def test_no_card_tries_to_run_what_it_cites(page: Page, kind: str) -> None:
    page.goto(f"/?q={kind}+all")
    for summary in page.locator("main summary").all():
        summary.click()

    expect(page.locator(".source .title")).to_have_count(len(PAYLOADS))
    shown = page.locator(".source .title").all_text_contents()
    assert [title.split(": ", 1)[1] for title in shown] == list(PAYLOADS)
    assert attempts(page) == []


def test_no_list_or_story_tries_to_run_what_it_shows(
    page: Page, assistant: FakeAssistant, stories: list[Story]
) -> None:
    for number in range(1, 6):
        page.goto(f"/stories?page={number}")
        assert attempts(page) == []
    whole = hostile_story(0, "\n\n".join(PAYLOADS))
    assistant.store = FakeStore([whole, *stories[1:]])
    page.goto(f"/story/{whole.story_id}?h=0-9#h")

    for text in PAYLOADS:
        assert text in page.locator(".body").inner_text()
    assert attempts(page) == []


def test_links_of_stories_lead_to_the_web_or_nowhere(page: Page, assistant: FakeAssistant) -> None:
    stories = [hostile_story(number, PAYLOADS[0]) for number in range(len(URLS))]
    assistant.store = FakeStore(stories)
    assistant.answers = answers_about(stories, "all")
    addresses = ["/?q=answered+all", *(f"/story/{story.story_id}" for story in stories)]
    for address in addresses:
        page.goto(address)
        outside = page.locator("main a[rel~=noopener]").evaluate_all("as => as.map(a => a.href)")
        assert all(link.startswith("https://news.example/") for link in outside), outside
        assert attempts(page) == []


def test_questions_asked_by_script_stay_text(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Your question").evaluate(ASK_EACH, list(PAYLOADS))

    assert page.locator("#log .question").all_text_contents() == list(PAYLOADS)
    assert page.locator("#log [data-answer]").count() == len(PAYLOADS)
    assert attempts(page) == []


def test_no_kept_conversation_tries_to_run_what_it_holds(
    page: Page, assistant: FakeAssistant, conversations: SqlConversations
) -> None:
    conversation_id = conversations.begin()
    for text in PAYLOADS:
        conversations.append(conversation_id, answer_json(assistant.answers[text]))
    address = f"/c/{conversation_id}"
    for part in (address, f"{address}/1", f"{address}/delete", f"{address}?thanks=1", "/about"):
        page.goto(part)
        for summary in page.locator("main summary").all()[:40]:
            summary.click()
        assert attempts(page) == []
    page.goto(address)
    assert page.locator("#log .question").all_text_contents() == list(PAYLOADS)


@pytest.mark.parametrize("form", ["md", "json"])
def test_exports_are_files_that_no_browser_opens(
    client: FlaskClient, assistant: FakeAssistant, conversations: SqlConversations, form: str
) -> None:
    conversation_id = conversations.begin()
    conversations.append(conversation_id, answer_json(assistant.answers[PAYLOADS[0]]))
    exported = client.get(f"/c/{conversation_id}/export.{form}")

    assert exported.headers["Content-Disposition"].startswith("attachment")
    assert exported.headers["X-Content-Type-Options"] == "nosniff"
    assert exported.mimetype in ("text/markdown", "application/json")


def test_endpoints_are_shown_as_what_they_are(page: Page, stories: list[Story]) -> None:
    for story in stories[:22]:
        page.goto(f"/v1/stories/{story.story_id}")
        assert json.loads(page.locator("body").inner_text())["title"] == story.title
        page.goto(f"/v1/stories/{quote(story.title, safe='')}")
        assert attempts(page) == []


@pytest.mark.skipif(not STATE_GOV.is_dir(), reason="../shared/stories is not here")
def test_stories_of_the_state_department_with_scripts_run_none(
    page: Page, assistant: FakeAssistant, tmp_path: Path
) -> None:
    with_scripts = [path for path in sorted(STATE_GOV.iterdir()) if b"<script" in path.read_bytes()]
    assert len(with_scripts) >= 457
    store = StoryStore(tmp_path / "stories.sqlite")
    ingest(store, with_scripts)
    assistant.store = cast(FakeStore, store)
    listed = store.stories_page(1000)

    assert len(listed) >= 450
    opened = [(f"/story/{story.story_id}", True) for story in listed]
    assert faults_without_policy(page, opened) == []
    for story in listed[::50]:
        page.goto(f"/story/{story.story_id}")
        assert html.unescape(page.locator("h1").inner_text()).split() == story.title.split()
        assert attempts(page) == []
    store.close()
