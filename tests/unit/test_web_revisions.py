"""What has become of a story since it was cited, and where else it stands."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from corpus.store import StoryStore
from corpus.story import Story
from qa.conversations.sql_conversations import SqlConversations
from qa.settings import Settings
from tests.fakes import MAYOR_QUESTION, assistant_of_words
from tests.markup import attribute, read, texts
from web import create_app


@pytest.fixture
def store(tmp_path: Path, story: Story) -> Iterator[StoryStore]:
    store = StoryStore(tmp_path / "stories.sqlite")
    store.add([story])
    yield store
    store.close()


@pytest.fixture
def app(store: StoryStore, conversations: SqlConversations) -> Flask:
    return create_app(Settings(), assistant_of_words(store), conversations)


def changed(story: Story) -> Story:
    return replace(story, body=f"Corrected.\n\n{story.body}")


def asked(client: FlaskClient) -> str:
    """Ask, and return the address of the conversation's page."""
    return client.post("/ask", data={"q": MAYOR_QUESTION}).headers["Location"].split("#")[0]


def test_a_citation_of_an_earlier_version_says_so_and_leads_to_it(
    client: FlaskClient, store: StoryStore, story: Story
) -> None:
    conversation = asked(client)
    cited = attribute(read(client, conversation), ".source .links a", "href")
    marked = texts(read(client, cited.split("#")[0]), "mark")
    assert marked
    store.add([changed(story)])

    page = read(client, conversation)

    stale = "The story has changed since; these words stand in an earlier version of it."
    assert stale in texts(page, ".source .stale")
    link = attribute(page, ".source .links a", "href")
    assert f"revision={story.sha256}" in link
    earlier = read(client, link.split("#")[0])
    assert texts(earlier, ".body p") == story.body.split("\n\n")
    assert texts(earlier, "mark") == marked
    [note] = texts(earlier, ".story > .stale")
    assert note.startswith("This is an earlier version of the story")
    present = read(client, attribute(earlier, ".story > .stale a", "href"))
    assert texts(present, ".body p")[0] == "Corrected."
    assert texts(present, ".story > .stale") == []


def test_a_citation_that_no_version_holds_is_only_changed(
    client: FlaskClient, store: StoryStore, story: Story
) -> None:
    conversation = asked(client)
    store.remove(story.story_id)
    gone = "This story is no longer among the stories."
    assert gone in texts(read(client, conversation), ".stale")

    store.add([changed(story)])

    stale = "The story has changed since; these words are no longer where they were."
    assert stale in texts(read(client, conversation), ".stale")


def test_the_versions_of_a_story_are_listed(
    client: FlaskClient, store: StoryStore, story: Story
) -> None:
    assert texts(read(client, f"/story/{story.story_id}"), "#versions") == []
    store.add([replace(changed(story), title="Springfield has a mayor")])

    page = read(client, f"/story/{story.story_id}")

    present, earlier = texts(page, "[aria-labelledby=versions] li")
    assert present.startswith("Springfield has a mayor · stored ")
    assert earlier.startswith(f"{story.title} · stored ")
    link = attribute(page, "[aria-labelledby=versions] a", "href")
    assert texts(read(client, link), "h1") == [story.title]


@pytest.mark.parametrize("address", ["/story/{}?revision={}", "/v1/stories/{}?revision={}"])
def test_a_version_that_never_was_is_not_found(
    client: FlaskClient, story: Story, address: str
) -> None:
    assert client.get(address.format(story.story_id, story.sha256)).status_code == 200
    assert client.get(address.format(story.story_id, "0" * 64)).status_code == 404
    assert client.get(address.format("nothing", story.sha256)).status_code == 404


def test_a_hash_that_is_none_is_refused_by_the_endpoint(client: FlaskClient, story: Story) -> None:
    assert client.get(f"/v1/stories/{story.story_id}?revision=first").status_code == 422


def test_reprints_are_listed_on_the_page_and_in_json(
    client: FlaskClient, store: StoryStore, story: Story
) -> None:
    reprint = replace(
        story,
        story_id="reprint",
        publisher="Ogdenville News",
        published_at=date(2021, 11, 4),
        syndicated_from="Associated Press",
    )
    store.add([reprint])

    [listed] = texts(read(client, f"/story/{story.story_id}"), "[aria-labelledby=reprints] li")
    page = read(client, "/story/reprint")
    told = client.get("/v1/stories/reprint").get_json()

    assert listed == f"{reprint.title} · Ogdenville News · 4 November 2021"
    assert "Copy of Associated Press, published by Ogdenville News" in texts(page, ".quiet")
    assert [head["story_id"] for head in told["reprints"]] == [story.story_id]
    assert told["syndicated_from"] == "Associated Press"
    assert told["ingested"]
    assert (told["superseded"], len(told["revisions"])) == (False, 1)


def test_json_tells_versions_apart(client: FlaskClient, store: StoryStore, story: Story) -> None:
    store.add([changed(story)])

    present = client.get(f"/v1/stories/{story.story_id}").get_json()
    earlier = client.get(f"/v1/stories/{story.story_id}?revision={story.sha256}").get_json()

    assert (present["superseded"], present["body"]) == (False, changed(story).body)
    assert (earlier["superseded"], earlier["body"]) == (True, story.body)
    assert present["revisions"] == earlier["revisions"]
    assert [one["sha256"] for one in present["revisions"]] == [present["sha256"], story.sha256]
    assert [bool(one["replaced"]) for one in present["revisions"]] == [False, True]


def test_a_quote_from_an_earlier_version_is_verified(
    client: FlaskClient, store: StoryStore, story: Story
) -> None:
    claim = {
        "story_id": story.story_id,
        "start": 0,
        "end": 6,
        "quote": "Voters",
        "snapshot_sha256": story.sha256,
    }
    store.add([changed(story)])

    told = client.post("/v1/verify", json=claim).get_json()
    wrong = client.post("/v1/verify", json=claim | {"quote": "Nobody"}).get_json()

    assert told == {"verified": True, "reason": None, "found": None, "superseded": True}
    assert (wrong["verified"], wrong["reason"], wrong["found"]) == (False, "words_differ", "Voters")
