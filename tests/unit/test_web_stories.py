import pytest
from flask.testing import FlaskClient

from corpus.story import Story
from tests.fakes import FakeAssistant, FakeStore, mayor_story
from tests.markup import attribute, read, texts


def test_story_page_keeps_caption_and_boilerplate_apart(client: FlaskClient, story: Story) -> None:
    page = read(client, f"/story/{story.story_id}")

    assert texts(page, "h1") == [story.title]
    [byline] = texts(page, ".byline")
    assert byline.startswith("By Lee Park · Springfield Gazette · 3 November 2021 · ")
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


def test_stories_are_found_by_title_and_publisher_over_pages(
    client: FlaskClient, assistant: FakeAssistant
) -> None:
    stories = [mayor_story(story_id=str(n), title=f"Story {n}") for n in range(51)]
    assistant.store = FakeStore([*stories, mayor_story(story_id="x", title="Another")])
    page = read(client, "/stories?words=story&publisher=Springfield+Gazette&from=")

    assert texts(page, "main p.quiet") == ["51 stories, page 1 of 2."]
    assert attribute(page, "[name=words]", "value") == "story"
    following = read(client, attribute(page, "[rel=next]", "href"))
    assert texts(following, ".stories a") == ["Story 50"]


def test_search_without_a_result_leads_back_to_all(client: FlaskClient) -> None:
    page = read(client, "/stories?words=nothing")

    assert texts(page, "main p.quiet") == ["No story is like that. Show all stories"]
    assert page.css(".stories") == []


@pytest.mark.parametrize(
    ("query", "status"),
    [("page=0", 404), ("page=2", 404), (f"page={10**30}", 404), ("from=x", 422)],
)
def test_page_that_is_not_there_is_refused(client: FlaskClient, query: str, status: int) -> None:
    read(client, f"/stories?{query}", status)


def test_about_page_tells_what_the_stories_are(client: FlaskClient) -> None:
    page = read(client, "/about")

    facts = dict(zip(texts(page, ".facts dt"), texts(page, ".facts dd"), strict=True))
    assert facts["Stories"] == "1, in 3 passages"
    assert facts["Published"] == "3 November 2021 to 3 November 2021"
    assert facts["Last added"].startswith("4 November 2021, ")
    assert facts["Index"] == "up to date"
    assert (facts["Found by"], facts["Read by"]) == ("fake-encoder", "fake-reader")
    assert texts(page, ".publishers li") == ["Springfield Gazette 1"]
    assert "kept here for 90 days" in texts(page, "#privacy + p")[0]


def test_about_page_says_when_the_index_is_behind(
    client: FlaskClient, assistant: FakeAssistant
) -> None:
    assistant.reason = "The index is catching up."

    assert "The index is catching up." in texts(read(client, "/about"), ".facts dd")
