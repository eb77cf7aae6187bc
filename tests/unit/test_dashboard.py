"""The dashboard and the alerts name what `/metrics` tells, and leave out nothing that it tells."""

import json
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from corpus.errors import NotAStory
from corpus.ingest import IngestReport
from corpus.passages import split_story
from corpus.store import StoryStore
from qa.answer_cache import AnswerCache
from qa.conversations.sql_conversations import SqlConversations
from qa.operations.following import open_intake_log
from qa.settings import Settings
from tests.fakes import assistant_of_words, mayor_story
from web import create_app
from web.operating.metrics import Metrics

DEPLOY = Path(__file__).parents[2] / "deploy"
BOARD = json.loads((DEPLOY / "grafana" / "dateline.json").read_text("utf-8"))
ALERTS = [
    rule
    for group in yaml.safe_load((DEPLOY / "prometheus" / "dateline.rules.yaml").read_text())[
        "groups"
    ]
    for rule in group["rules"]
]
QUERIES = [target["expr"] for panel in BOARD["panels"] for target in panel["targets"]]
NAME = re.compile(r"\b(?:dateline|process)_[a-z_]+")
LABELS = re.compile(r"(\b[a-z_]+)\{([^}]*)\}")
# What stands in for Prometheus's own labels.
EVERYWHERE = {"instance", "job"}

Told = dict[str, set[str]]


@pytest.fixture
def told(tmp_path: Path, conversations: SqlConversations) -> Iterator[Told]:
    """The labels of every number that `/metrics` tells once everything has happened, by name."""
    metrics = Metrics()
    settings = Settings(data=tmp_path)
    open_intake_log(settings).record(IngestReport(added=1), [NotAStory("it is none")])
    with closing(StoryStore(tmp_path / "stories.sqlite")) as store:
        store.put([(mayor_story(), split_story(mayor_story()))])
        cache = AnswerCache(1_000_000)
        assistant = replace(assistant_of_words(store), observe=metrics.answered, cache=cache)
        client = create_app(settings, assistant, conversations, metrics).test_client()
        client.post("/v1/ask", json={"question": "Who was elected mayor of Springfield?"})
        client.post("/v1/ask", json={"question": "Who discovered penicillin?"})
        metrics.judged("up")
        families = text_string_to_metric_families(client.get("/metrics").text)
        labels: Told = {}
        for sample in (sample for family in families for sample in family.samples):
            labels.setdefault(sample.name, set()).update(sample.labels)
        yield labels


def test_every_query_asks_for_what_is_told(told: Told) -> None:
    for query in (*QUERIES, *(alert["expr"] for alert in ALERTS)):
        named = set(NAME.findall(query))
        assert named or "up{" in query
        assert named <= set(told), query


def test_every_label_that_a_query_names_is_one_of_its_number(told: Told) -> None:
    for query in (*QUERIES, *(alert["expr"] for alert in ALERTS)):
        known = EVERYWHERE.union(*(told[name] for name in NAME.findall(query)))
        grouped = re.findall(r"\bby \(([^)]*)\)", query)
        assert {label.strip() for group in grouped for label in group.split(",")} <= known, query
        for name, conditions in LABELS.findall(query):
            labels = set(re.findall(r"([a-z_]+)\s*(?:=~|!~|!=|=)", conditions))
            assert labels <= told.get(name, set()) | EVERYWHERE, query


def test_everything_that_is_told_of_dateline_is_shown(told: Told) -> None:
    shown = {name for query in QUERIES for name in NAME.findall(query)}
    # Of a histogram its buckets or its count; of a counter its total.
    told_names = {
        re.sub(r"_(bucket|count|sum)$", "", name)
        for name in told
        if name.startswith("dateline_") and not name.endswith("_created")
    }
    shown_names = {re.sub(r"_(bucket|count|sum)$", "", name) for name in shown}
    assert told_names - shown_names == {"dateline_index_passages", "dateline_vector_cache_vectors"}


def test_the_dashboard_is_one_that_grafana_takes() -> None:
    assert BOARD["schemaVersion"] >= 39
    assert [variable["type"] for variable in BOARD["templating"]["list"]] == ["datasource", "query"]
    ids = [panel["id"] for panel in BOARD["panels"]]
    assert len(ids) == len(set(ids))
    for panel in BOARD["panels"]:
        assert panel["type"] in ("stat", "timeseries")
        assert panel["title"]
        assert panel["description"].endswith(".")
        for target in panel["targets"]:
            assert target["datasource"] == {"type": "prometheus", "uid": "${datasource}"}


def test_no_panel_lies_on_another() -> None:
    taken: set[tuple[int, int]] = set()
    for place in (panel["gridPos"] for panel in BOARD["panels"]):
        cells = {
            (place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])
        }
        assert not cells & taken
        assert max(x for x, _ in cells) < 24
        taken |= cells


def test_every_alert_says_what_is_wrong_and_what_to_do() -> None:
    assert len({alert["alert"] for alert in ALERTS}) == len(ALERTS) >= 5
    for alert in ALERTS:
        assert alert["labels"]["severity"] in ("warning", "critical")
        assert alert["annotations"]["summary"].endswith((".", ")."))
        assert alert["annotations"]["description"].endswith(".")
