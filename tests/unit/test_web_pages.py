from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser

from corpus.story import Story
from embeddings.index import Filters
from tests.fakes import (
    MAYOR_QUESTION,
    MAYOR_SENTENCE,
    FakeAssistant,
    FakeStore,
    abstention_about,
    answer_with,
    cite,
    mayor_story,
)
from tests.payloads import PAYLOADS
from web.pages import example_questions

ASKED = f"/?q={MAYOR_QUESTION}"


def read(client: FlaskClient, path: str, status: int = 200) -> LexborHTMLParser:
    response = client.get(path)
    assert response.status_code == status
    assert response.mimetype == "text/html"
    return LexborHTMLParser(response.text)


def texts(page: LexborHTMLParser, selector: str) -> list[str]:
    return [" ".join(node.text().split()) for node in page.css(selector)]


def attribute(page: LexborHTMLParser, selector: str, name: str) -> str:
    return page.css(selector)[0].attributes[name] or ""


def test_empty_chat_suggests_questions(client: FlaskClient) -> None:
    page = read(client, "/")

    assert 4 <= len(example_questions()) <= 6
    assert texts(page, ".examples a") == example_questions()
    hrefs = [link.attributes["href"] or "" for link in page.css(".examples a")]
    assert [parse_qs(urlsplit(href).query)["q"][0] for href in hrefs] == example_questions()


def test_answer_stands_above_its_quote_and_sources(client: FlaskClient) -> None:
    page = read(client, ASKED)

    assert texts(page, ".answer") == ["Ada Quinn"]
    assert texts(page, ".confidence") == ["High confidence 93%"]
    assert texts(page, "blockquote") == [MAYOR_SENTENCE]
    assert texts(page, "blockquote mark") == ["Ada Quinn"]
    assert texts(page, ".source .title") == ["Source 1: Springfield elects a mayor"]
    assert texts(page, ".source .about") == ["Springfield Gazette · 3 November 2021"]


def test_story_opens_at_the_cited_words(client: FlaskClient) -> None:
    link = attribute(read(client, ASKED), ".links a", "href")
    page = read(client, link)

    assert texts(page, "mark#h") == ["Ada Quinn"]
    assert link.endswith("#h")


def test_original_opens_without_a_way_back(client: FlaskClient, story: Story) -> None:
    [_, original] = read(client, ASKED).css(".links a")

    assert original.attributes["href"] == f"{story.url}#:~:text=x"
    assert original.attributes["rel"] == "noopener noreferrer"


def test_other_story_that_agrees_is_shown_as_such(
    client: FlaskClient, assistant: FakeAssistant, story: Story
) -> None:
    citations = [
        cite(story, "Ada", MAYOR_SENTENCE),
        cite(mayor_story(story_id="2"), "Ada", MAYOR_SENTENCE, n=2, role="supports"),
    ]
    assistant.answers["Who?"] = answer_with("Who?", citations)
    page = read(client, "/?q=Who%3F")

    assert texts(page, ".number") == ["1", "2"]
    assert texts(page, ".role") == ["Also says so"]
    assert texts(page, ".confidence") == ["High confidence 93% 2 stories say so"]


def test_stories_that_disagree_stand_side_by_side(
    client: FlaskClient, assistant: FakeAssistant, story: Story
) -> None:
    newer = mayor_story(story_id="2", published_at=date(2022, 1, 1))
    citations = [
        cite(story, "Ada Quinn", MAYOR_SENTENCE),
        cite(newer, "Springfield", MAYOR_SENTENCE, n=2, role="conflicts"),
    ]
    assistant.answers["Who?"] = answer_with("Who?", citations, status="conflict")
    page = read(client, "/?q=Who%3F")

    assert texts(page, ".answer-none") == ["The stories disagree"]
    assert texts(page, ".sides .answer") == ["Springfield", "Ada Quinn"]
    assert texts(page, ".sides blockquote") == [MAYOR_SENTENCE] * 2


def test_abstention_tells_why_what_is_missing_and_what_came_nearest(
    client: FlaskClient, assistant: FakeAssistant, story: Story
) -> None:
    nearest = cite(story, "Ada Quinn", MAYOR_SENTENCE, role="nearest")
    assistant.answers["Who?"] = abstention_about("Who?", [nearest])
    page = read(client, "/?q=Who%3F")

    assert texts(page, ".answer-none") == ["The stories don’t say"]
    assert texts(page, ".why") == ["No story mentions everything that the question asks about."]
    assert texts(page, ".missing") == ["Missing: year 2019"]
    assert texts(page, ".nearest blockquote") == [MAYOR_SENTENCE]
    assert page.css_first(".answer") is None


def test_filters_of_the_address_reach_the_assistant_and_stay_set(
    client: FlaskClient, assistant: FakeAssistant
) -> None:
    page = read(client, "/?q=Who&from=2021-01-31&to=&publisher=Springfield+Gazette")

    filters = Filters(from_date=date(2021, 1, 31), publisher="Springfield Gazette")
    assert assistant.asked == [("Who", filters)]
    assert attribute(page, "[name=from]", "value") == "2021-01-31"
    assert texts(page, "option[selected]") == ["Springfield Gazette"]
    assert texts(page, "summary")[-1] == "Filters: Springfield Gazette from 2021-01-31"


def test_story_leads_back_to_the_same_question(client: FlaskClient) -> None:
    link = attribute(read(client, f"{ASKED}&to=2022-01-01"), ".links a", "href")
    back = attribute(read(client, link), ".back a", "href")

    assert parse_qs(urlsplit(back).query) == {"q": [MAYOR_QUESTION], "to": ["2022-01-01"]}


def test_story_page_keeps_caption_and_boilerplate_apart(client: FlaskClient, story: Story) -> None:
    page = read(client, f"/story/{story.story_id}")

    assert texts(page, "h1") == [story.title]
    assert texts(page, ".byline") == ["By Lee Park · Springfield Gazette · 3 November 2021"]
    assert texts(page, ".body p") == story.body.split("\n\n")
    assert texts(page, ".apart p") == [story.caption, story.about]
    assert page.css_first("mark") is None


@pytest.mark.parametrize("highlight", ["", "x", "9-3", "99999-100000", "0-0", "1-2-3", "-5-2"])
def test_highlight_outside_the_body_is_ignored(
    client: FlaskClient, story: Story, highlight: str
) -> None:
    page = read(client, f"/story/{story.story_id}?h={highlight}")

    assert page.css_first("mark") is None


def test_story_without_particulars_is_shown(client: FlaskClient, assistant: FakeAssistant) -> None:
    bare = Story(story_id="bare", source="bare.txt", title="Bare", body="Nothing but words.")
    assistant.store = FakeStore([bare])
    page = read(client, "/story/bare")

    assert texts(page, ".byline") == ["undated"]
    assert texts(page, ".body p") == ["Nothing but words."]


def test_stories_are_listed_a_page_at_a_time(client: FlaskClient, assistant: FakeAssistant) -> None:
    stories = [mayor_story(story_id=str(n), title=f"Story {n}") for n in range(51)]
    assistant.store = FakeStore(stories)

    assert texts(read(client, "/stories"), ".stories a") == [story.title for story in stories[:50]]
    assert texts(read(client, "/stories?page=2"), ".stories a") == ["Story 50"]


def test_chat_says_why_it_is_not_ready(client: FlaskClient, assistant: FakeAssistant) -> None:
    assistant.reason = "There are no stories yet."

    assert texts(read(client, "/"), ".notice") == ["There are no stories yet."]


@pytest.mark.parametrize("path", ["/", ASKED, "/?q=Who", "/stories", "/nothing"])
def test_page_holds_no_inline_script_or_style_and_nothing_external(
    client: FlaskClient, path: str
) -> None:
    page = LexborHTMLParser(client.get(path).text)

    assert page.css("style, [style], script:not([src])") == []
    loaded = [
        node.attributes.get("src") or node.attributes.get("href")
        for node in page.css("script, link, img")
    ]
    assert all((url or "").startswith("/static/") for url in loaded)


def test_chat_and_all_it_loads_weigh_little(client: FlaskClient) -> None:
    response = client.get(ASKED)
    weight = len(response.data)
    for node in LexborHTMLParser(response.text).css("script, link"):
        with client.get(node.attributes.get("src") or node.attributes.get("href") or "") as part:
            assert part.status_code == 200
            weight += len(part.data)

    assert weight <= 60 * 1024


def test_markup_in_stories_and_questions_stays_text(app: Flask) -> None:
    assert len(PAYLOADS) >= 200
    harmless = _outline(app, "harmless")
    for payload in PAYLOADS:
        assert _outline(app, payload) == harmless, payload


def _assistant_full_of(text: str) -> FakeAssistant:
    story = mayor_story(
        title=text,
        url=f"https://news.example/{text}",
        byline=text,
        publisher=text,
        dateline=text,
        body=f"Then {text} spoke.\n\n{text}",
        caption=text,
        about=text,
    )
    citation = cite(story, text, f"Then {text} spoke.")
    return FakeAssistant(FakeStore([story]), {text.strip(): answer_with(text, [citation])}, text)


def _outline(app: Flask, text: str) -> list[str]:
    """Return the elements and attributes of every page, where stories and question are *text*."""
    app.extensions["assistant"] = _assistant_full_of(text)
    client = app.test_client()
    pages = [
        client.get("/", query_string={"q": text, "publisher": text}).text,
        client.get("/", query_string={"q": text, "from": text}).text,
        client.get("/story/00aa11bb22cc33dd", query_string={"h": "5-9", "q": text}).text,
        client.get("/stories").text,
    ]
    return [
        f"{node.tag} {sorted(node.attributes)}"
        for page in pages
        for node in LexborHTMLParser(page).css("*")
    ]
