import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import cast

import pytest
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser
from werkzeug.test import TestResponse

from corpus.story import Story
from embeddings.index import Filters
from qa.answer import Resolution
from qa.assistant import Assistant
from qa.conversations.sql_conversations import SqlConversations
from qa.serialize import answer_json
from qa.settings import Settings
from tests.fakes import (
    MAYOR_QUESTION,
    MAYOR_SENTENCE,
    FakeAssistant,
    FakeStore,
    abstention_about,
    mayor_story,
)
from tests.markup import attribute, fields, read, texts
from web import create_app

UNKNOWN = "0" * 32


def ask(client: FlaskClient, question: str = MAYOR_QUESTION, **fields: str) -> str:
    """Ask as a form does, and return where that leads."""
    response = client.post("/ask", data={"q": question, **fields})
    assert response.status_code == 303
    return response.headers["Location"]


def conversation_of(location: str) -> str:
    return location.split("#")[0].removeprefix("/c/")


def say(client: FlaskClient, conversation: str, **fields: object) -> TestResponse:
    data = {"conversation": conversation, "turn": 1, "verdict": "down"} | fields
    return client.post("/feedback", data=data)


def test_first_question_begins_a_conversation(client: FlaskClient) -> None:
    location = ask(client)
    page = read(client, location)

    assert location.endswith("#turn-1")
    assert texts(page, "#turn-1 .answer") == ["Ada Quinn"]
    assert texts(page, "title") == [f"{MAYOR_QUESTION} – Dateline"]


def test_next_question_joins_its_conversation(client: FlaskClient) -> None:
    page = read(client, ask(client))
    location = ask(client, "Who lost?", conversation=fields(page, "#ask")["conversation"])
    page = read(client, location)

    assert location.endswith("#turn-2")
    assert texts(page, ".question") == [MAYOR_QUESTION, "Who lost?"]


def test_full_conversation_asks_for_a_new_one(assistant: FakeAssistant, tmp_path: Path) -> None:
    store = SqlConversations(f"sqlite:///{tmp_path}/short.sqlite", max_turns=1)
    client = create_app(Settings(), cast(Assistant, assistant), store).test_client()
    conversation = conversation_of(ask(client))

    page = client.post("/ask", data={"q": MAYOR_QUESTION, "conversation": conversation})
    asked = {"question": MAYOR_QUESTION, "conversation_id": conversation}
    problem = client.post("/v1/ask", json=asked)
    store.close()
    assert (page.status_code, problem.status_code) == (409, 409)
    assert "start a new conversation" in page.text
    assert "start a new conversation" in problem.get_data(as_text=True)


def test_turn_has_a_page_of_its_own(client: FlaskClient) -> None:
    conversation = conversation_of(ask(client))
    ask(client, "Who lost?", conversation=conversation)
    page = read(client, f"/c/{conversation}/2")

    assert texts(page, ".question") == ["Who lost?"]
    assert attribute(page, ".part a", "href") == f"/c/{conversation}"
    assert client.get(f"/c/{conversation}/3").status_code == 404


def test_search_engines_keep_no_conversation(client: FlaskClient) -> None:
    page = read(client, ask(client))

    assert attribute(page, "meta[name=robots]", "content") == "noindex"
    assert read(client, "/").css("meta[name=robots]") == []


def test_filters_of_a_question_stay_set_for_the_next(
    client: FlaskClient, assistant: FakeAssistant
) -> None:
    location = ask(client, publisher="Springfield Gazette", **{"from": "2021-01-31"})
    filters = Filters(from_date=date(2021, 1, 31), publisher="Springfield Gazette")

    assert assistant.asked[-1] == (MAYOR_QUESTION, filters)
    assert client.get(location).status_code == 200


def test_question_that_cannot_be_asked_begins_nothing_and_is_given_back(
    client: FlaskClient, conversations: SqlConversations, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversations, "begin", None)
    response = client.post("/ask", data={"q": "a" * 1001, "to": "2022-01-01"})
    page = LexborHTMLParser(response.text)

    assert response.status_code == 422
    assert texts(page, "#q") == ["a" * 1001]
    assert attribute(page, ".composer [name=to]", "value") == "2022-01-01"


def test_script_is_told_each_step_and_then_the_turn(client: FlaskClient) -> None:
    headers = {"Accept": "text/event-stream"}
    with client.post("/ask", data={"q": MAYOR_QUESTION}, headers=headers) as response:
        events = [
            event.split("\ndata: ")
            for event in response.get_data(as_text=True).strip().split("\n\n")
        ]

    names = [name.removeprefix("event: ") for name, _ in events]
    assert names == ["status", "citation", "answer", "done"]
    turn = json.loads(events[-1][1])["conversation"]
    assert texts(read(client, f"/c/{turn['id']}/{turn['turn']}"), ".answer") == ["Ada Quinn"]


@pytest.mark.parametrize(
    ("form", "status"), [({"q": "Who?", "from": "x"}, 422), ({"q": "?", "conversation": "no"}, 200)]
)
def test_script_is_told_what_went_wrong(
    client: FlaskClient, form: dict[str, str], status: int
) -> None:
    headers = {"Accept": "text/event-stream"}
    with client.post("/ask", data=form, headers=headers) as response:
        assert response.status_code == status
        told = response.get_data(as_text=True).split("data: ")[-1]

    assert json.loads(told)["detail"]


@pytest.mark.parametrize(
    "path", ["/c/x", f"/c/{UNKNOWN}", f"/c/{UNKNOWN}/1", f"/c/{UNKNOWN}/delete"]
)
def test_unknown_conversation_was_deleted_or_is_too_old(client: FlaskClient, path: str) -> None:
    page = read(client, path, 404)

    assert "was deleted, or it is older than" in texts(page, ".problem")[0]
    assert fields(page, "#ask")["conversation"] == ""


def test_conversation_is_deleted_once_that_is_confirmed(client: FlaskClient) -> None:
    location = ask(client)
    page = read(client, location)
    confirm = read(client, attribute(page, "#tools a:last-child", "href"))
    assert MAYOR_QUESTION in texts(confirm, ".lead")[0]
    deleted = client.post(attribute(confirm, "form", "action"))

    assert texts(read(client, deleted.headers["Location"]), ".notice") == [
        "The conversation is deleted."
    ]
    assert client.get(location).status_code == 404


def test_kept_answer_says_when_its_story_has_changed(
    client: FlaskClient, assistant: FakeAssistant, story: Story
) -> None:
    location = ask(client)
    assistant.store = FakeStore([mayor_story(body=f"Corrected. {story.body}")])
    page = read(client, location)

    assert texts(page, ".stale") == [
        "The story has changed since; these words are no longer where they were."
    ]
    assert page.css("mark") == []
    assert attribute(page, ".links a", "href").startswith(f"/story/{story.story_id}?c=")


def test_kept_answer_says_when_its_story_is_gone(
    client: FlaskClient, assistant: FakeAssistant, story: Story
) -> None:
    location = ask(client)
    assistant.store = FakeStore([])
    page = read(client, location)

    assert texts(page, ".stale") == ["This story is no longer among the stories."]
    assert texts(page, ".links a") == [f"Open original: {story.title}"]


def test_story_leads_back_to_the_turn(client: FlaskClient) -> None:
    location = ask(client)
    story = read(client, attribute(read(client, location), ".links a", "href"))

    assert attribute(story, ".back a", "href") == location


def test_thumb_is_kept_and_thanked_for(
    client: FlaskClient, conversations: SqlConversations
) -> None:
    conversation = conversation_of(ask(client))
    form = {"complaint": "outdated", "comment": " Long ago. ", "citation": ""}
    response = say(client, conversation, **form)

    [kept] = conversations.feedback()
    assert (kept.verdict, kept.complaint, kept.comment) == ("down", "outdated", " Long ago. ")
    assert (kept.conversation_id, kept.answer["id"]) == (conversation, "ans_1")
    page = read(client, response.headers["Location"])
    assert texts(page, "#turn-1 .thanks") == ["Thank you for telling."]


def test_source_can_be_called_wrong(client: FlaskClient, conversations: SqlConversations) -> None:
    conversation = conversation_of(ask(client))
    page = read(client, f"/c/{conversation}")
    form = fields(page, ".source form") | {"citation": attribute(page, ".source button", "value")}
    client.post("/feedback", data=form)

    [kept] = conversations.feedback()
    assert (kept.verdict, kept.complaint, kept.citation) == ("down", "wrong_source", 1)


def test_script_gets_no_page_for_feedback(client: FlaskClient) -> None:
    data = {"conversation": conversation_of(ask(client)), "turn": 1, "verdict": "up"}
    headers = {"Accept": "application/json"}

    assert client.post("/feedback", data=data, headers=headers).status_code == 204


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"turn": 2}, 404),
        ({"conversation": UNKNOWN}, 404),
        ({"citation": 2}, 422),
        ({"complaint": "ugly"}, 422),
        ({"verdict": "meh"}, 422),
        ({"comment": "a" * 2001}, 422),
        ({"more": "x"}, 422),
    ],
)
def test_feedback_on_nothing_is_refused(
    client: FlaskClient, conversations: SqlConversations, form: dict[str, object], status: int
) -> None:
    conversation = conversation_of(ask(client))
    response = say(client, **{"conversation": conversation, **form})  # type: ignore[arg-type]

    assert response.status_code == status
    assert conversations.feedback() == []


def test_complaints_suit_the_answer(client: FlaskClient) -> None:
    answered = read(client, ask(client))
    abstained = read(client, ask(client, "Who lost?"))

    assert len(texts(answered, "fieldset input[name=complaint]")) == 6
    assert texts(abstained, ".feedback fieldset label") == ["The stories do say", "Something else"]


def test_conversation_is_exported_in_the_shape_of_its_answers(client: FlaskClient) -> None:
    conversation = conversation_of(ask(client))
    response = client.get(f"/c/{conversation}/export.json")
    exported = json.loads(response.text)

    assert response.headers["Content-Disposition"] == "attachment; filename=conversation.json"
    assert exported["id"] == conversation
    [turn] = exported["turns"]
    assert turn["answer"]["answer"]["text"] == "Ada Quinn"
    assert turn["answer"]["citations"][0]["quote"] == "Ada Quinn"


def test_conversation_is_exported_to_be_read(
    client: FlaskClient, assistant: FakeAssistant, story: Story
) -> None:
    conversation = conversation_of(ask(client))
    assistant.answers["Who lost?"] = abstention_about("Who lost?")
    ask(client, "Who lost?", conversation=conversation)
    response = client.get(f"/c/{conversation}/export.md")
    _, *blocks = response.text.strip().split("\n\n")

    assert response.mimetype == "text/markdown"
    assert blocks == [
        f"## 1\\. {MAYOR_QUESTION}",
        "**Ada Quinn**",
        "High confidence, 93%",
        f"1. “{MAYOR_SENTENCE}” {story.title}, {story.publisher}, 3 November 2021, <{story.url}>",
        "## 2\\. Who lost?",
        "**The stories don’t say.**",
        "No story mentions everything that the question asks about.",
    ]


def test_export_tells_the_time_that_words_come_to(
    client: FlaskClient, assistant: FakeAssistant
) -> None:
    told = Resolution(value="2022-01", words="January", relative_to=date(2021, 11, 3))
    answer = assistant.answers[MAYOR_QUESTION]
    assistant.answers[MAYOR_QUESTION] = replace(answer, text="January", resolution=told)
    exported = client.get(f"/c/{conversation_of(ask(client))}/export.md").text.split("\n\n")

    assert exported[2:4] == [
        "**January**",
        "That is January 2022, counted from the story’s date of publication, 3 November 2021",
    ]


def test_answer_that_stands_alone_can_become_a_conversation(client: FlaskClient) -> None:
    page = read(client, f"/?q={MAYOR_QUESTION}")
    [form] = [form for form in page.css(".actions form") if form.attributes["method"] == "post"]
    data = {node.attributes["name"]: node.attributes["value"] for node in form.css("input")}
    response = client.post("/ask", data=data)

    assert response.headers["Location"].endswith("#turn-1")
    assert page.css(".feedback") == []


def test_form_that_is_too_large_is_refused(client: FlaskClient) -> None:
    response = client.post("/ask", data={"q": "a" * 70_000})

    assert response.status_code == 413
    assert "The request is larger than a question can be." in response.text


def test_answers_that_an_older_dateline_kept_are_shown_and_exported(
    client: FlaskClient, assistant: FakeAssistant, conversations: SqlConversations
) -> None:
    kept = answer_json(assistant.answers[MAYOR_QUESTION])
    since = {"did_you_mean", "prefers", "resolution", "members", "speaker", "as_of", "normalized"}
    for part in ("question", "answer"):
        told = cast(dict[str, object], kept[part])
        absent = since - ({"normalized"} if part == "answer" else set())
        kept[part] = {name: value for name, value in told.items() if name not in absent}
    del kept["suggestions"]
    conversation = conversations.begin()
    conversations.append(conversation, kept)

    page = read(client, f"/c/{conversation}")
    export = client.get(f"/c/{conversation}/export.md")
    assert texts(page, "#turn-1 .answer") == ["Ada Quinn"]
    assert export.status_code == 200
    assert "**Ada Quinn**" in export.text
