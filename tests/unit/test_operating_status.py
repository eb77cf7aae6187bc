"""The page for operators."""

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from corpus.errors import NotAStory
from corpus.ingest import IngestReport
from corpus.passages import split_story
from corpus.store import StoryStore
from qa.answer_cache import AnswerCache
from qa.conversations.sql_conversations import SqlConversations
from qa.operations.following import open_intake_log
from qa.settings import Settings
from qa.web_settings import WebSettings
from tests.fakes import assistant_of_words, mayor_story
from web import create_app
from web.operating.metrics import Metrics

ASKED = "Who was elected mayor of Springfield?"


@pytest.fixture
def watched(tmp_path: Path, conversations: SqlConversations) -> Iterator[FlaskClient]:
    metrics = Metrics()
    with closing(StoryStore(tmp_path / "stories.sqlite")) as store:
        store.put([(mayor_story(), split_story(mayor_story()))])
        cache = AnswerCache(1_000_000)
        assistant = replace(assistant_of_words(store), observe=metrics.answered, cache=cache)
        settings = Settings(data=tmp_path, web=WebSettings(metrics="private"))
        yield create_app(settings, assistant, conversations, metrics).test_client()


def rows_of(page: str, caption: str) -> dict[str, list[str]]:
    """Return the table under *caption*: each row by its head."""
    table = page[page.index(f'caption class="unseen">{caption}') :].partition("</table>")[0]
    rows = re.findall(r"<tr>(.*?)</tr>", table.partition("<tbody>")[2], re.DOTALL)
    return {
        re.sub("<.*?>", "", re.findall(r"<th.*?>(.*?)</th>", row)[0]): re.findall(
            r"<td>(.*?)</td>", row
        )
        for row in rows
    }


def test_the_page_shows_what_was_answered_and_how_fast(watched: FlaskClient) -> None:
    for question in (ASKED, ASKED, "Who discovered penicillin?"):
        watched.post("/v1/ask", json={"question": question})
    page = watched.get("/status").text

    answers = rows_of(page, "Answers by what became of them")
    assert answers["abstained"] == ["1", "1"]
    assert sum(int(day) for _, day in answers.values()) == 3
    assert len(rows_of(page, "Abstentions by reason")) == 1
    stages = rows_of(page, "Time of each stage in the last hour")
    assert (stages["total"][0], stages["read"][0], stages["recall"][0]) == ("3", "2", "1")
    assert rows_of(page, "What the caches did")["Answers"][:3] == ["1", "2", "33%"]
    assert rows_of(page, "Requests and answers")["0 to 5"][:3] == ["3", "0", "3"]
    assert page.count('<rect class="behind"') == 2


def test_the_page_tells_before_anything_happened(watched: FlaskClient) -> None:
    page = watched.get("/status").text
    assert "can be answered" in page
    assert "1, in " in page
    assert "up to date" in page
    assert "Nothing was asked in the last hour." in page
    assert "Nothing was refused and nothing failed." in page
    assert "<rect" not in page


def test_the_page_tells_what_lags_and_what_was_refused(
    watched: FlaskClient, tmp_path: Path
) -> None:
    with closing(StoryStore(tmp_path / "stories.sqlite")) as store:
        store.add([mayor_story(story_id="1111111111111111", url="https://news.example/2")])
    open_intake_log(Settings(data=tmp_path)).record(IngestReport(added=1), [NotAStory("secret")])
    page = watched.get("/status").text

    assert re.search(r"[0-9]+ passages wait for a vector", page)
    assert rows_of(page, "What was refused or failed") == {"NotAStory": ["1"]}
    assert "secret" not in page


def test_no_word_of_a_question_or_a_story_is_shown(watched: FlaskClient) -> None:
    watched.post("/v1/ask", json={"question": "Was Xanthippe elected in Springfield?"})
    watched.get("/Xanthippe?q=Xanthippe")
    page = watched.get("/status").text
    assert "Xanthippe" not in page
    assert "Springfield" not in page


def test_only_watchers_see_the_page(watched: FlaskClient) -> None:
    assert watched.get("/status", environ_base={"REMOTE_ADDR": "10.1.2.3"}).status_code == 200
    assert watched.get("/status", environ_base={"REMOTE_ADDR": "8.8.8.8"}).status_code == 404


def test_the_page_holds_no_script_or_style_of_its_own(watched: FlaskClient) -> None:
    watched.post("/v1/ask", json={"question": ASKED})
    page = watched.get("/status").text
    assert not re.search(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=", page)
