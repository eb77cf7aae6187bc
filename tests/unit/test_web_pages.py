from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser

from corpus.story import Story
from embeddings.index import Filters
from qa.answer import Confidence, Resolution
from qa.understanding.asked_time import Preference
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
from tests.markup import attribute, fields, read, texts

ASKED = f"/?q={MAYOR_QUESTION}"


def test_answer_stands_above_its_quote_and_sources(client: FlaskClient) -> None:
    page = read(client, ASKED)

    assert texts(page, ".answer") == ["Ada Quinn"]
    assert texts(page, ".confidence summary") == ["High confidence 93%"]
    assert texts(page, "blockquote") == [MAYOR_SENTENCE]
    assert texts(page, "blockquote mark") == ["Ada Quinn"]
    assert texts(page, ".source .title") == ["Source 1: Springfield elects a mayor"]
    [about] = texts(page, ".source .about")
    assert about.startswith("Springfield Gazette · 3 November 2021 · ")
    assert about.endswith(" years ago")
    assert attribute(page, ".source time", "datetime") == "2021-11-03"


def test_confidence_is_explained_on_demand(client: FlaskClient, assistant: FakeAssistant) -> None:
    confidence = Confidence(p=0.934, band="high", threshold=0.47)
    answer = replace(assistant.answers[MAYOR_QUESTION], confidence=confidence)
    assistant.answers[MAYOR_QUESTION] = answer
    [told] = texts(read(client, ASKED), ".confidence p")

    assert "about 93 in 100 are right" in told
    assert "Below 47%, Dateline gives no answer." in told


def test_reading_of_the_answer_stands_below_it(
    client: FlaskClient, assistant: FakeAssistant
) -> None:
    answer = assistant.answers[MAYOR_QUESTION]
    assistant.answers[MAYOR_QUESTION] = replace(answer, text="Nov. 3", normalized="2021-11-03")

    assert texts(read(client, ASKED), ".reading") == ["that is 3 November 2021"]


def test_time_is_told_with_the_day_that_it_is_counted_from(
    client: FlaskClient, assistant: FakeAssistant
) -> None:
    posted = date(2021, 11, 3)
    assistant.answers[MAYOR_QUESTION] = replace(
        assistant.answers[MAYOR_QUESTION],
        text="on Tuesday",
        resolution=Resolution(value="2021-11-02", words="Tuesday", relative_to=posted),
    )

    assert texts(read(client, ASKED), ".reading") == [
        "that is 2 November 2021, counted from the story’s date of publication, 3 November 2021"
    ]


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
    other = mayor_story(story_id="2", body=f"{MAYOR_SENTENCE} And more.")
    citations = [
        cite(story, "Ada", MAYOR_SENTENCE),
        cite(other, "Ada", MAYOR_SENTENCE, n=2, role="supports"),
    ]
    answer = answer_with("Who?", citations)
    agreement = replace(answer.agreement, independent=2)
    assistant.answers["Who?"] = replace(answer, agreement=agreement)
    page = read(client, "/?q=Who%3F")

    assert texts(page, ".number") == ["1", "2"]
    assert texts(page, ".role") == ["Also says so"]
    assert texts(page, ".agreement") == ["Answers from 2 independent stories agree."]


def test_stories_that_only_were_read_are_folded_away(
    client: FlaskClient, assistant: FakeAssistant, story: Story
) -> None:
    answer = assistant.answers[MAYOR_QUESTION]
    read_too = cite(story, "She", "She takes office in January 2022.", role="read")
    assistant.answers[MAYOR_QUESTION] = replace(answer, also_read=(read_too,))
    page = read(client, ASKED)

    assert texts(page, ".also summary") == ["Also read, not cited"]
    assert texts(page, ".also blockquote") == ["She takes office in January 2022."]
    assert "open" not in page.css(".also")[0].attributes


def test_stories_that_disagree_stand_side_by_side(
    client: FlaskClient, assistant: FakeAssistant, story: Story
) -> None:
    newer = mayor_story(story_id="2", published_at=date(2022, 1, 1))
    assistant.store = FakeStore([story, newer])
    citations = [
        cite(story, "Ada Quinn", MAYOR_SENTENCE),
        cite(newer, "Springfield", MAYOR_SENTENCE, n=2, role="conflicts"),
    ]
    assistant.answers["Who?"] = answer_with("Who?", citations, status="conflict")
    page = read(client, "/?q=Who%3F")

    assert texts(page, ".answer-none") == ["The stories disagree"]
    assert texts(page, ".sides .answer") == ["Springfield", "Ada Quinn"]
    assert texts(page, ".sides .said") == ["said on 1 January 2022", "said on 3 November 2021"]
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


def test_abstention_offers_to_change_question_and_filters(
    client: FlaskClient, assistant: FakeAssistant
) -> None:
    filters = Filters(from_date=date(2021, 1, 31))
    assistant.answers["Who?"] = replace(abstention_about("Who?"), filters=filters)
    page = read(client, "/?q=Who%3F&from=2021-01-31")

    asked = {"q": "Who?", "from": "2021-01-31", "to": "", "publisher": "", "as_asked": "1"}
    assert fields(page, ".change form") == asked


def test_filters_of_the_address_reach_the_assistant_and_stay_set(
    client: FlaskClient, assistant: FakeAssistant
) -> None:
    page = read(client, "/?q=Who&from=2021-01-31&to=&publisher=Springfield+Gazette")

    filters = Filters(from_date=date(2021, 1, 31), publisher="Springfield Gazette")
    assert assistant.asked == [("Who", filters)]
    assert attribute(page, ".composer [name=from]", "value") == "2021-01-31"
    assert texts(page, "option[selected]") == ["Springfield Gazette"]
    summary = "Filters: Springfield Gazette from 2021-01-31"
    assert texts(page, ".filters summary") == [summary]


def test_each_filter_can_be_taken_off(client: FlaskClient, assistant: FakeAssistant) -> None:
    answer = assistant.answers[MAYOR_QUESTION]
    filters = Filters(from_date=date(2021, 1, 31), publisher="Springfield Gazette")
    assistant.answers[MAYOR_QUESTION] = replace(answer, filters=filters, inferred=("from",))
    page = read(client, ASKED)

    assert texts(page, ".chips li") == [
        "from 31 January 2021 × – remove this filter read from your question",
        "Springfield Gazette × – remove this filter",
    ]
    asked = {"q": MAYOR_QUESTION, "publisher": "Springfield Gazette", "as_asked": "1"}
    assert fields(page, ".chips form") == asked


def test_that_story_is_a_filter_that_can_be_taken_off(
    client: FlaskClient, assistant: FakeAssistant
) -> None:
    answer = assistant.answers[MAYOR_QUESTION]
    filters = Filters(story_ids=(answer.citations[0].story_id,))
    assistant.answers[MAYOR_QUESTION] = replace(answer, filters=filters, inferred=("story_ids",))
    page = read(client, ASKED)

    assert texts(page, ".chips li") == [
        "only that story × – remove this filter read from your question"
    ]
    assert fields(page, ".chips form") == {"q": MAYOR_QUESTION, "as_asked": "1"}


def test_a_preference_can_be_taken_off(client: FlaskClient, assistant: FakeAssistant) -> None:
    answer = assistant.answers[MAYOR_QUESTION]
    for prefers, shown in (
        (Preference(newest=True), "newest stories first"),
        (
            Preference(from_date=date(2021, 1, 1), to_date=date(2022, 1, 31)),
            "stories of 1 January 2021 to 31 January 2022 first",
        ),
    ):
        assistant.answers[MAYOR_QUESTION] = replace(answer, prefers=prefers)
        page = read(client, ASKED)

        assert texts(page, ".chips li") == [
            f"{shown} × – remove this preference read from your question"
        ]
        assert fields(page, ".chips form") == {"q": MAYOR_QUESTION, "as_asked": "1"}


def test_another_spelling_can_be_asked_with_the_same_filters(
    client: FlaskClient, assistant: FakeAssistant
) -> None:
    answer = assistant.answers[MAYOR_QUESTION]
    for respelt in (answer, abstention_about(MAYOR_QUESTION)):
        assistant.answers["Who is mayr?"] = replace(
            respelt,
            question="Who is mayr?",
            standalone="Who is mayr?",
            filters=Filters(publisher="Springfield Gazette"),
            did_you_mean=MAYOR_QUESTION,
        )
        page = read(client, "/?q=Who is mayr?")

        assert texts(page, ".meant") == [f"Did you mean: {MAYOR_QUESTION}"]
        asked = {"q": MAYOR_QUESTION, "publisher": "Springfield Gazette"}
        assert fields(page, ".meant form") == asked


def test_an_answer_says_as_of_when_it_is(client: FlaskClient, assistant: FakeAssistant) -> None:
    answer = assistant.answers[MAYOR_QUESTION]
    assistant.answers[MAYOR_QUESTION] = replace(answer, as_of=date(2021, 9, 22))

    assert "as of 22 September 2021" in texts(read(client, ASKED), ".reading")


def test_question_that_was_understood_otherwise_is_shown_to_be_corrected(
    client: FlaskClient, assistant: FakeAssistant
) -> None:
    answer = assistant.answers[MAYOR_QUESTION]
    assistant.answers["And who?"] = replace(answer, question="And who?", standalone=MAYOR_QUESTION)
    page = read(client, "/?q=And who?")

    assert texts(page, ".question") == ["And who?"]
    assert texts(page, ".understood q") == [MAYOR_QUESTION]
    corrected = fields(page, ".understood form")
    assert (corrected["q"], corrected["as_asked"]) == (MAYOR_QUESTION, "1")
    link = parse_qs(urlsplit(attribute(page, "a.needs-no-js", "href")).query)
    assert link == {"q": [MAYOR_QUESTION], "as_asked": ["1"]}


def test_answer_links_to_itself_and_can_be_copied(client: FlaskClient, story: Story) -> None:
    page = read(client, f"{ASKED}&to=2022-01-01")

    link = parse_qs(urlsplit(attribute(page, "a.needs-no-js", "href")).query)
    assert link == {"q": [MAYOR_QUESTION]}
    assert attribute(page, "[data-copy]", "data-copy") == (
        f"Ada Quinn\n\n“{MAYOR_SENTENCE}”\n"
        f"{story.title}, {story.publisher}, 3 November 2021, {story.url}"
    )


def test_story_leads_back_to_the_same_question(client: FlaskClient) -> None:
    link = attribute(read(client, ASKED), ".links a", "href")
    back = attribute(read(client, link), ".back a", "href")

    assert parse_qs(urlsplit(back).query) == {"q": [MAYOR_QUESTION]}


def test_chat_says_why_it_is_not_ready(client: FlaskClient, assistant: FakeAssistant) -> None:
    assistant.reason = "There are no stories yet."

    assert texts(read(client, "/"), ".notice") == ["There are no stories yet."]


STORY = "/story/00aa11bb22cc33dd"
PATHS = ["/", ASKED, "/?q=Who", "/stories", "/about", "/docs", STORY, "/nothing"]


@pytest.mark.parametrize("path", PATHS)
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


@pytest.mark.parametrize("path", PATHS)
def test_every_page_leads_to_the_others_in_one_order(client: FlaskClient, path: str) -> None:
    page = LexborHTMLParser(client.get(path).text)

    assert texts(page, ".top nav a") == ["Ask", "Stories", "About"]
    assert texts(page, ".foot a") == ["Privacy", "API"]


def loaded_by(client: FlaskClient, path: str) -> Iterator[bytes]:
    """Yield the page and everything that it loads, modules that modules import included."""
    response = client.get(path)
    yield response.data
    page = LexborHTMLParser(response.text)
    paths = [node.attributes.get("src") or node.attributes["href"] for node in page.css("script")]
    paths += [node.attributes["href"] for node in page.css("link")]
    seen: set[str] = set()
    while paths:
        path = paths.pop() or ""
        if path in seen:
            continue
        seen.add(path)
        with client.get(path) as part:
            assert part.status_code == 200
            yield part.data
        folder = path.rsplit("/", 1)[0]
        if path.endswith(".js"):
            names = [
                line.split('"./')[1]
                for line in part.get_data(as_text=True).splitlines()
                if '"./' in line
            ]
            paths += [f"{folder}/{name.split(chr(34))[0]}" for name in names]


def test_chat_and_all_it_loads_weigh_little(client: FlaskClient) -> None:
    parts = list(loaded_by(client, ASKED))

    assert len(parts) > 9
    assert sum(map(len, parts)) <= 60 * 1024


def test_browsers_keep_styles_and_scripts_until_they_change(client: FlaskClient) -> None:
    path = attribute(read(client, "/"), "link[rel=stylesheet]", "href")

    with client.get(path) as style:
        assert style.headers["Cache-Control"] == "public, max-age=31536000"
        etag = style.headers["ETag"]
    with client.get(path, headers={"If-None-Match": etag}) as unchanged:
        assert unchanged.status_code == 304
