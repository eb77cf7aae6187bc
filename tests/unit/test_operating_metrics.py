import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from corpus.ingest import IngestReport
from corpus.passages import split_story
from corpus.store import StoryStore
from embeddings.errors import IndexDamaged
from qa.answer_cache import AnswerCache
from qa.assistant import Assistant
from qa.conversations.sql_conversations import SqlConversations
from qa.operations.following import open_intake_log
from qa.settings import Settings
from qa.web_settings import Watchers, WebSettings
from tests.fakes import FakeAssistant, assistant_of_words, mayor_story
from web import create_app
from web.operating.metrics import Metrics


@pytest.fixture
def counted(tmp_path: Path, conversations: SqlConversations) -> Iterator[FlaskClient]:
    """The whole app over one story, whose answers are counted."""
    store, metrics = StoryStore(tmp_path / "stories.sqlite"), Metrics()
    store.put([(mayor_story(), split_story(mayor_story()))])
    cache = AnswerCache(1_000_000)
    assistant = replace(assistant_of_words(store), observe=metrics.answered, cache=cache)
    settings = Settings(data=tmp_path)
    yield create_app(settings, assistant, conversations, metrics).test_client()
    store.close()


def numbers_of(client: FlaskClient) -> dict[str, float]:
    """Return every number by its name and labels, as Prometheus reads them."""
    response = client.get("/metrics")
    assert response.status_code == 200
    return {
        " ".join(
            [sample.name, *(value for _, value in sorted(sample.labels.items()))]
        ): sample.value
        for family in text_string_to_metric_families(response.text)
        for sample in family.samples
    }


def test_answers_are_counted_by_what_became_of_them(counted: FlaskClient) -> None:
    counted.post("/v1/ask", json={"question": "Who was elected mayor of Springfield?"})
    counted.post("/v1/ask", json={"question": "Who discovered penicillin?"})
    numbers = numbers_of(counted)

    answered = {name: n for name, n in numbers.items() if name.startswith("dateline_answers_total")}
    assert sum(answered.values()) == 2
    assert answered["dateline_answers_total none abstained"] == 1
    assert sum(n for name, n in numbers.items() if name.startswith("dateline_abstentions_t")) == 1
    assert numbers["dateline_stage_seconds_count read"] == 2
    assert 0 < numbers["dateline_stage_seconds_sum total"] < 60


def test_requests_are_counted_by_view_and_status_and_never_by_address(
    counted: FlaskClient,
) -> None:
    counted.get("/stories/no-such-story")
    counted.get("/nothing/at/all")
    counted.post("/v1/ask", json={"question": ""})
    numbers = numbers_of(counted)

    assert numbers["dateline_request_seconds_count GET 404 none"] == 2
    assert numbers["dateline_request_seconds_count POST 422 v1_ask.ask"] == 1
    assert numbers["dateline_requests_in_flight"] == 1  # the one that asks for the numbers


def test_a_view_that_breaks_is_counted_as_500(
    assistant: FakeAssistant, conversations: SqlConversations
) -> None:
    app = create_app(Settings(), cast(Assistant, assistant), conversations)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    assistant.failure = ZeroDivisionError("whoever reads this")
    client = app.test_client()

    client.post("/v1/ask", json={"question": "Who?"})
    metrics: Metrics = app.extensions["metrics"]

    count = "dateline_request_seconds_count"
    labels = {"view": "v1_ask.ask", "method": "POST", "status": "500"}
    assert metrics.registry.get_sample_value(count, labels) == 1
    assert metrics.registry.get_sample_value("dateline_requests_in_flight") == 0


def test_store_and_index_are_told(counted: FlaskClient) -> None:
    numbers = numbers_of(counted)

    assert numbers["dateline_stories"] == 1
    assert numbers["dateline_passages"] == numbers["dateline_index_passages"] > 0
    assert numbers["dateline_passages_pending"] == 0
    assert numbers["dateline_index_lag_changes"] == 0
    assert any(name.startswith("dateline_info hashing") for name in numbers)
    assert numbers["process_open_fds"] > 0


def test_what_was_kept_and_what_had_to_be_made_is_told(counted: FlaskClient) -> None:
    for question in ("Who was elected mayor?", "Who was elected mayor?", "When did voters go?"):
        counted.post("/v1/ask", json={"question": question})
    numbers = numbers_of(counted)

    assert numbers["dateline_answer_cache_hits_total"] == 1
    assert numbers["dateline_answer_cache_misses_total"] == 2
    assert numbers["dateline_answer_cache_evictions_total room"] == 0
    assert numbers["dateline_answer_cache_answers"] == 2
    assert numbers["dateline_answer_cache_bytes"] > 0
    assert numbers["dateline_vector_cache_misses_total"] >= 2
    assert numbers["dateline_stage_seconds_count recall"] == 1


def test_what_another_process_could_not_read_is_told(counted: FlaskClient, tmp_path: Path) -> None:
    assert "dateline_last_intake_timestamp_seconds" not in numbers_of(counted)
    (tmp_path / "empty.html").write_text("", "utf-8")
    settings = Settings(data=tmp_path)
    add = [sys.executable, "-m", "qa.cli", "add", "--data", str(tmp_path)]
    subprocess.run([*add, str(tmp_path / "empty.html")], capture_output=True, check=False)
    open_intake_log(settings).record(IngestReport(added=2), [IndexDamaged("damaged")])
    numbers = numbers_of(counted)

    refused = {n: v for n, v in numbers.items() if n.startswith("dateline_ingest_failures_total")}
    assert sum(refused.values()) == 2
    assert refused["dateline_ingest_failures_total IndexDamaged"] == 1
    assert numbers["dateline_intake_stories_total added"] == 2
    assert time.time() - 60 < numbers["dateline_last_ingest_failure_timestamp_seconds"]
    assert numbers["dateline_last_intake_timestamp_seconds"] <= time.time()


def test_verdicts_are_counted(counted: FlaskClient) -> None:
    begun = counted.post("/v1/conversations").get_json()["id"]
    question = {"question": "Who was elected mayor?", "conversation_id": begun}
    counted.post("/v1/ask", json=question)
    told = {"conversation_id": begun, "turn": 1, "verdict": "down"}
    assert counted.post("/v1/feedback", json=told).status_code == 204

    assert numbers_of(counted)["dateline_feedback_total down"] == 1


def test_no_word_of_a_question_or_story_is_told(counted: FlaskClient) -> None:
    counted.post("/v1/ask", json={"question": "Was Xanthippe elected in Springfield?"})
    counted.get("/?q=Xanthippe")
    counted.get("/Xanthippe")

    text = counted.get("/metrics").text
    assert "Xanthippe" not in text
    assert "Springfield" not in text


@pytest.mark.parametrize(
    ("watchers", "address", "status"),
    [
        ("loopback", "127.0.0.1", 200),
        ("loopback", "::1", 200),
        ("loopback", "10.0.0.7", 404),
        ("private", "10.0.0.7", 200),
        ("private", "fe80::1%eth0", 200),
        ("private", "8.8.8.8", 404),
        ("private", "2001:4860:4860::8888", 404),
        ("private", "no address", 404),
        ("everyone", "8.8.8.8", 200),
        ("nobody", "127.0.0.1", 404),
    ],
)
def test_only_watchers_see_the_numbers(
    watchers: Watchers, address: str, status: int, tmp_path: Path, conversations: SqlConversations
) -> None:
    settings = Settings(data=tmp_path, web=WebSettings(metrics=watchers))
    with closing(StoryStore(tmp_path / "stories.sqlite")) as store:
        client = create_app(settings, assistant_of_words(store), conversations).test_client()
        response = client.get("/metrics", environ_base={"REMOTE_ADDR": address})

    assert response.status_code == status
