import json
from collections.abc import Iterator

from flask.testing import FlaskClient

from corpus.errors import StoreBusy
from qa.conversations.sql_conversations import SqlConversations
from qa.steps import OnStep, Step
from tests.fakes import MAYOR_QUESTION, FakeAssistant
from web.stream import events


def read(text: str) -> list[tuple[str, dict[str, object]]]:
    frames = [frame.split("\n") for frame in text.strip().split("\n\n")]
    return [(name.removeprefix("event: "), json.loads(data[6:])) for name, data in frames]


def ask(client: FlaskClient, **body: object) -> list[tuple[str, dict[str, object]]]:
    response = client.post("/v1/ask", json=body, headers={"Accept": "text/event-stream"})
    assert response.mimetype == "text/event-stream"
    return read(response.text)


def test_steps_and_citations_come_before_the_answer(client: FlaskClient) -> None:
    told = ask(client, question=MAYOR_QUESTION)

    assert [name for name, _ in told] == ["status", "citation", "answer", "done"]
    answer = dict(told)["answer"]
    assert answer["citations"] == [dict(told)["citation"]]
    whole = client.post("/v1/ask", json={"question": MAYOR_QUESTION}).get_json()
    assert answer == whole


def test_turn_is_kept_and_named_at_the_end(
    client: FlaskClient, conversations: SqlConversations
) -> None:
    conversation_id = conversations.begin()
    told = ask(client, question=MAYOR_QUESTION, conversation_id=conversation_id)

    assert told[-1] == ("done", {"conversation": {"id": conversation_id, "turn": 1}})
    [turn] = conversations.conversation(conversation_id).turns
    assert turn.answer["id"] == dict(told)["answer"]["id"]


def test_what_goes_wrong_ends_the_stream_as_a_problem(
    client: FlaskClient, assistant: FakeAssistant
) -> None:
    assistant.failure = StoreBusy("/srv/secret is busy")
    name, problem = ask(client, question=MAYOR_QUESTION)[-1]

    assert name == "error"
    assert problem["status"] == 503
    assert "secret" not in str(problem)


def test_stream_ends_even_after_a_fault_in_the_code() -> None:
    def broken(on_step: OnStep) -> dict[str, object]:
        on_step(Step("search", "Searching"))
        raise ZeroDivisionError

    stream: Iterator[str] = events(broken)
    [(first, _), (last, problem)] = read("".join(stream))
    assert (first, last, problem["status"]) == ("status", "error", 500)
