from errno import ENOSPC
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from corpus.passages import split_story
from embeddings.build import catch_up
from embeddings.errors import IndexUnwritable
from qa.assistant import Assistant
from qa.deadline import Deadline
from tests.fakes import DictIndex, FakeAssistant, HashingEncoder, mayor_story
from web.serving.gate import Gate
from web.serving.standing import STUCK_AFTER_DEADLINES, Standing

DEADLINE_S = 30.0
STUCK_S = STUCK_AFTER_DEADLINES * DEADLINE_S


class Hand:
    """A clock that is set by hand."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Hand:
    return Hand()


@pytest.fixture
def gate(clock: Hand) -> Gate:
    return Gate(2, 0, 10, clock=clock)


@pytest.fixture
def standing(app: Flask, gate: Gate) -> Standing:
    """How the app stands that `client` asks."""
    standing = Standing(gate, DEADLINE_S)
    app.extensions["standing"] = standing
    return standing


def statuses(client: FlaskClient) -> tuple[int, int]:
    return client.get("/healthz").status_code, client.get("/readyz").status_code


def test_a_server_that_does_nothing_is_well_for_ever(
    client: FlaskClient, standing: Standing, clock: Hand
) -> None:
    clock.now += 1_000_000
    assert statuses(client) == (200, 200)


def test_a_server_whose_answers_hang_is_not_alive(
    client: FlaskClient, standing: Standing, gate: Gate, clock: Hand
) -> None:
    place = gate.enter(Deadline(DEADLINE_S, clock=clock))
    clock.now += STUCK_S - 1
    assert statuses(client) == (200, 200)
    clock.now += 1
    assert statuses(client) == (503, 503)
    assert "no progress for 60 seconds" in client.get("/healthz").get_json()["detail"]
    gate.leave(place)
    assert statuses(client) == (200, 200)


def test_a_long_answer_that_goes_on_is_alive(
    client: FlaskClient, standing: Standing, gate: Gate, clock: Hand
) -> None:
    deadline = Deadline(1000, clock=clock)
    gate.enter(deadline)
    for _ in range(5):
        clock.now += STUCK_S - 1
        deadline.check()
    assert statuses(client) == (200, 200)


def test_a_server_that_stops_is_alive_and_not_ready(
    client: FlaskClient, standing: Standing
) -> None:
    standing.stop()
    assert statuses(client) == (200, 503)
    response = client.get("/readyz")
    assert response.get_json()["detail"] == "The server is stopping."
    assert response.headers["Retry-After"] == "5"


def test_an_index_that_lags_is_not_ready(
    client: FlaskClient, standing: Standing, assistant: FakeAssistant
) -> None:
    assistant.reason = "The index is catching up with the stories; try again in a moment."
    assert statuses(client) == (200, 503)
    assert assistant.reason == client.get("/readyz").get_json()["detail"]


def test_a_server_is_not_ready_while_its_index_lacks_stories(
    app_of_words: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = app_of_words.test_client()
    assert statuses(client) == (200, 200)
    assistant: Assistant = app_of_words.extensions["assistant"]
    store, index = assistant.store, assistant.retriever.index

    def fail(change: int) -> None:
        raise IndexUnwritable(Path("index"), OSError(ENOSPC, "the disk is full"))

    story = mayor_story(story_id="fire", title="Fire", body="Lee Park leads the brigade.")
    store.put([(story, split_story(story))])
    with monkeypatch.context() as patch:
        patch.setattr(index, "commit", fail)
        catch_up(store, DictIndex(), HashingEncoder())
        assert statuses(client) == (200, 503)
    assert statuses(client) == (200, 200)
