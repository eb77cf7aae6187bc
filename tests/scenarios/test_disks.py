"""What users see where the disk is full or slow: the whole app, whose models are stand-ins."""

import errno
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from flask.testing import FlaskClient

from corpus.store import StoryStore
from qa.assistant import Assistant
from qa.conversations.sql_conversations import SqlConversations
from qa.settings import Settings
from tests.fakes import assistant_of_words
from tests.faults.newsroom import Step, name_of, open_index, perform, question_of
from tests.faults.processes import Tell, returned
from tests.faults.system_calls import Action, Fault, SystemCalls, compiled, lacking

pytestmark = pytest.mark.skipif(lacking() is not None, reason=str(lacking()))

FULL = Fault(action=Action.FAIL_ON, error=errno.ENOSPC)
SLOW_MS = 5000
SLOW = Fault(action=Action.SLOW, error=SLOW_MS)
WELL = Fault(action=Action.COUNT)
Told = dict[str, Any]
Visit = Callable[[FlaskClient, Callable[[Fault], None]], Told]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return compiled(tmp_path_factory.mktemp("library"))


def add(tell: Tell, folder: Path, put: Sequence[tuple[int, int]]) -> None:
    perform(folder, Step(put=tuple(put)))


def visited(tell: Tell, library: Path, folder: Path, visit: Visit) -> Told:
    """Return what *visit* sees of the app over the stories in *folder*."""
    from web import create_app

    calls = SystemCalls(library, folder)
    store = StoryStore(folder / "stories.sqlite")
    assistant: Assistant = assistant_of_words(store, open_index(folder))
    conversations = SqlConversations(f"sqlite:///{folder}/conversations.sqlite")
    app = create_app(Settings(data=folder), assistant, conversations)
    return visit(app.test_client(), lambda fault: calls.aim(fault, 1 if fault != WELL else 0))


@pytest.fixture
def seen(library: Path, tmp_path: Path) -> Callable[[Visit], Told]:
    from tests.faults.processes import run

    assert run(add, tmp_path, [(1, 0), (2, 0)]).raised is None
    return lambda visit: returned(dict, visited, library, tmp_path, visit)


def full_while_asking(client: FlaskClient, aim: Callable[[Fault], None]) -> Told:
    begun = client.post("/v1/conversations").json["id"]  # type: ignore[index]
    in_it = {"question": question_of(1), "conversation_id": begun}
    aim(FULL)
    alone = client.post("/v1/ask", json={"question": question_of(1)})
    kept = client.post("/v1/ask", json=in_it)
    page = client.post("/ask", data={"q": question_of(2), "conversation": begun})
    landed = client.get(page.headers.get("Location", "/nowhere"))
    begin = client.post("/v1/conversations")
    feedback = {"question": question_of(1), "answer_id": alone.json["id"], "verdict": "up"}  # type: ignore[index]
    judged = client.post("/v1/feedback", json=feedback)
    ready = client.get("/readyz").status_code
    aim(WELL)
    again = client.post("/v1/ask", json=in_it)
    return {
        "alone": (alone.status_code, alone.json),
        "kept": (kept.status_code, kept.json),
        "page": (page.status_code, landed.status_code, landed.text),
        "begin": (begin.status_code, begin.json),
        "judged": (judged.status_code, judged.json),
        "ready": ready,
        "again": (again.status_code, again.json),
    }


def test_where_the_disk_is_full_questions_are_answered_and_what_is_not_kept_is_said(
    seen: Callable[[Visit], Told],
) -> None:
    told = seen(full_while_asking)

    for status, answer in (told["alone"], told["kept"], told["again"]):
        assert (status, answer["answer"]["text"]) == (200, name_of(1, 0)), answer
    assert told["kept"][1]["conversation"] is None
    assert told["again"][1]["conversation"]["turn"] == 1
    assert told["page"][:2] == (303, 200)
    assert name_of(2, 0) in told["page"][2]
    assert "couldn’t be kept" in told["page"][2]
    for status, problem in (told["begin"], told["judged"]):
        assert status == 503
        assert "kept" in problem["detail"]
    assert told["ready"] == 200


def slow_while_asking(client: FlaskClient, aim: Callable[[Fault], None]) -> Told:
    app = client.application
    begun = client.post("/v1/conversations").json["id"]  # type: ignore[index]

    def ask(number: int) -> int:
        of = {"conversation_id": begun} if number % 2 else {}
        body = {"question": question_of(1 + number % 2), **of}
        return app.test_client().post("/v1/ask", json=body).status_code

    ask(0), ask(1)
    aim(SLOW)
    began = perf_counter()
    with ThreadPoolExecutor(8) as visitors:
        statuses = set(visitors.map(ask, range(16)))
    asking_s = perf_counter() - began
    kept = client.get(f"/v1/conversations/{begun}").json
    began = perf_counter()
    deleted = client.delete(f"/v1/conversations/{begun}").status_code
    return {
        "statuses": statuses,
        "asking_s": asking_s,
        "turns": len(kept["turns"]),  # type: ignore[index]
        "deleted": (deleted, perf_counter() - began),
    }


def test_where_the_disk_is_slow_only_who_deletes_waits_for_it(
    seen: Callable[[Visit], Told],
) -> None:
    """Eight turns that each waited for it would take eight times as long as it takes."""
    told = seen(slow_while_asking)

    assert told["statuses"] == {200}
    assert told["turns"] == 9
    assert told["asking_s"] < SLOW_MS / 1000
    status, seconds = told["deleted"]
    assert (status, seconds > SLOW_MS / 1000) == (204, True)
