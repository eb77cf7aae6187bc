"""Each request: its id, its line in the log, and how long it took to its last byte."""

import logging
import re
from typing import cast

import pytest
from flask import Flask
from flask.testing import FlaskClient

from qa.assistant import Assistant
from qa.conversations.sql_conversations import SqlConversations
from qa.settings import Settings
from tests.fakes import MAYOR_QUESTION, FakeAssistant
from web import create_app
from web.operating.metrics import Metrics
from web.operating.requests import REQUEST_ID

LOGGER = "web.operating.requests"


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, LOGGER)
    return caplog


def test_each_request_has_one_line(client: FlaskClient, lines: pytest.LogCaptureFixture) -> None:
    client.get("/healthz")
    client.get("/stories?words=Xanthippe")
    client.post("/v1/ask", json={"question": ""})

    told = [record.getMessage() for record in lines.records if record.name == LOGGER]
    assert [re.sub(r"[0-9.]+ ms", "N ms", line) for line in told] == [
        "GET v1_health.alive 200 in N ms",
        "GET stories.stories 200 in N ms",
        "POST v1_ask.ask 422 in N ms",
    ]


def test_an_answer_names_its_request(client: FlaskClient, lines: pytest.LogCaptureFixture) -> None:
    given = client.get("/", headers={REQUEST_ID: "proxy-1.a_B"}).headers[REQUEST_ID]
    made = {client.get("/nothing").headers[REQUEST_ID] for _ in range(3)}

    assert given == "proxy-1.a_B"
    assert len(made) == 3
    ids = [vars(record)["request_id"] for record in lines.records if record.name == LOGGER]
    assert set(ids) == {given, *made}


@pytest.mark.parametrize("given", ["", "a b", "x" * 65, "é", 'a"b', "a\tb", "<script>"])
def test_an_id_that_is_not_safe_to_write_down_is_replaced(client: FlaskClient, given: str) -> None:
    told = client.get("/healthz", headers={REQUEST_ID: given}).headers[REQUEST_ID]
    assert re.fullmatch("[0-9a-f]{16}", told)


def test_methods_that_nobody_uses_are_one(app: Flask, client: FlaskClient) -> None:
    client.open("/", method="XANTHIPPE")
    metrics: Metrics = app.extensions["metrics"]
    labels = {"view": "none", "method": "other", "status": "405"}
    assert metrics.registry.get_sample_value("dateline_request_seconds_count", labels) == 1


def test_a_stream_lasts_until_its_last_byte(
    assistant: FakeAssistant, conversations: SqlConversations, lines: pytest.LogCaptureFixture
) -> None:
    app = create_app(Settings(), cast(Assistant, assistant), conversations)
    metrics: Metrics = app.extensions["metrics"]
    response = app.test_client().post(
        "/v1/ask", json={"question": MAYOR_QUESTION}, headers={"Accept": "text/event-stream"}
    )
    assert metrics.registry.get_sample_value("dateline_requests_in_flight") == 1
    assert "event: answer" in response.text
    response.close()
    assert metrics.registry.get_sample_value("dateline_requests_in_flight") == 0
    assert len([record for record in lines.records if record.name == LOGGER]) == 1
