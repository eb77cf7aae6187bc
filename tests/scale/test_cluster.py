"""Two workers behind nginx that share a PostgreSQL, as `deploy/loopback.py` starts them."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest
from click import ClickException

from deploy.loopback import milvus as milvus_server
from deploy.postgres import postgres_binaries
from tests.milvus import lite_installed
from tests.ray_cluster import ROOT

STORIES = ROOT / "tests" / "gold" / "stories"
LATE = "2024-06-18-steady-levee.txt"
ARCHITECT = "Who is the architect of the Carrow Library repair?"
LAMP = "What does he want to put back over the reading room?"
FOUND = {**os.environ, "PYTHONPATH": str(ROOT)}
pytestmark = pytest.mark.models


@dataclass(frozen=True, slots=True)
class Running:
    """What the script has started, and where."""

    script: subprocess.Popen[str]
    data: Path
    front: str
    workers: tuple[str, str]
    shared: dict[str, str]


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with _started() as started:
        yield started


@contextmanager
def _started(*options: str) -> Iterator[Running]:
    """Run the script with *options* over the stories, but the late one."""
    if postgres_binaries() is None or shutil.which("nginx", path="/usr/sbin:/usr/bin") is None:
        pytest.skip("PostgreSQL or nginx is not installed")
    with tempfile.TemporaryDirectory(prefix="cluster-") as name:
        folder, ports = Path(name), _ports(4)
        folder.chmod(0o711)  # PostgreSQL runs as another user
        _dateline("add", *(str(file) for file in STORIES.iterdir() if file.name != LATE), at=folder)
        line = [sys.executable, "-m", "deploy.loopback", "--data", str(folder / "data")]
        line += ["--state", str(folder / "state"), "--port", str(ports[3])]
        line += ["--first-port", str(ports[0]), *options]
        with (folder / "log").open("w") as log:
            script = subprocess.Popen(
                line, env=FOUND, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=log
            )
        assert script.stdout
        with script.stdout as told:
            try:
                front = told.readline().strip()
                assert front == f"http://127.0.0.1:{ports[3]}", (folder / "log").read_text()
                variable, _, url = told.readline().strip().partition("=")
                first, second = (f"http://127.0.0.1:{port}" for port in ports[:2])
                yield Running(script, folder / "data", front, (first, second), {variable: url})
            finally:
                script.terminate()
                status = script.wait(60)
        assert status == 0


def test_a_conversation_goes_on_at_another_worker(running: Running) -> None:
    first, second = running.workers
    conversation = _sent(f"{first}/v1/conversations")["id"]
    asked = {"question": ARCHITECT, "conversation_id": conversation}
    assert _sent(f"{first}/v1/ask", asked)["answer"]["text"] == "Mikael Strand"
    followed = _sent(f"{second}/v1/ask", asked | {"question": LAMP})
    assert "glass dome" in followed["answer"]["text"]
    turns = _read(f"{running.front}/v1/conversations/{conversation}")["turns"]
    assert len(turns) == 2


def test_feedback_to_one_worker_is_told_by_the_command(running: Running) -> None:
    conversation = _sent(f"{running.front}/v1/conversations")["id"]
    asked = {"question": ARCHITECT, "conversation_id": conversation}
    _sent(f"{running.workers[0]}/v1/ask", asked)
    verdict = {"conversation_id": conversation, "turn": 1, "verdict": "up"}
    _sent(f"{running.workers[1]}/v1/feedback", verdict)
    told = _dateline("feedback", "--json", at=running.data.parent, **running.shared)
    assert json.loads(told)["answers"]["up"] == 1


def test_a_story_that_is_added_is_found_by_both_workers(running: Running) -> None:
    before = [_story_ids(worker) for worker in running.workers]
    _dateline("add", str(STORIES / LATE), at=running.data.parent)
    for worker, known in zip(running.workers, before, strict=True):
        hits = _sent(f"{worker}/v1/search", {"question": "How steady is the levee?"})["hits"]
        [added] = _story_ids(worker) - known
        assert added in {hit["story"]["story_id"] for hit in hits}


def test_questions_are_answered_though_a_worker_is_killed(running: Running) -> None:
    _kill(running.workers[1])
    for _ in range(6):
        answer = _sent(f"{running.front}/v1/ask", {"question": ARCHITECT})["answer"]
        assert answer["text"] == "Mikael Strand"


def test_workers_search_one_milvus_that_a_story_is_added_to() -> None:
    if not lite_installed():
        pytest.skip("neither pymilvus nor milvus-lite is installed: the group `scale`")
    with _started("--engine", "milvus") as started:
        collections = started.data.parent / "state" / "milvus" / "collections"
        assert any(collections.glob("dateline_*"))
        answer = _sent(f"{started.front}/v1/ask", {"question": ARCHITECT})["answer"]
        assert answer["text"] == "Mikael Strand"
        milvus = f"http://127.0.0.1:{int(started.workers[1].rpartition(':')[2]) + 1}"
        engine = {"DATELINE_INDEX_ENGINE": "milvus", "DATELINE_MILVUS_URI": milvus}
        _dateline("add", str(STORIES / LATE), at=started.data.parent, **engine)
        for worker in started.workers:
            hits = _sent(f"{worker}/v1/search", {"question": "How steady is the levee?"})["hits"]
            assert any("engineers" in hit["story"]["title"] for hit in hits)


def test_a_milvus_that_cannot_start_is_told_of(tmp_path: Path) -> None:
    if not lite_installed():
        pytest.skip("neither pymilvus nor milvus-lite is installed: the group `scale`")
    [port] = _ports(1)
    (tmp_path / "collections").write_text("no folder", "utf-8")
    with (
        pytest.raises(ClickException, match=f"milvus-lite does not listen on port {port}"),
        milvus_server(tmp_path, port),
    ):
        pass
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        with pytest.raises(ClickException, match="in use"), milvus_server(tmp_path / "b", taken):
            pass


def _kill(worker: str) -> None:
    """Kill gunicorn, then what it started, so that nothing listens any more."""
    bind = worker.removeprefix("http://")
    processes = _pids("-f", f"web.serving.*{bind}")
    assert processes
    master = min(processes)
    for pid in (master, *(pid for pid in processes if pid != master)):
        os.kill(pid, signal.SIGKILL)
    for _ in range(50):
        try:
            _read(f"{worker}/healthz")
        except URLError:
            return
        except OSError:  # cut off while it ends
            continue
    raise AssertionError(f"{worker} still answers")


def _pids(*arguments: str) -> list[int]:
    found = subprocess.run(["pgrep", *arguments], check=False, capture_output=True, text=True)
    return [int(pid) for pid in found.stdout.split()]


def _sent(url: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    data = json.dumps(body or {}).encode()
    with urlopen(Request(url, data, {"Content-Type": "application/json"}), timeout=60) as reply:
        fields: dict[str, Any] = json.loads(reply.read() or b"{}")
    return fields


def _read(url: str) -> dict[str, Any]:
    with urlopen(url, timeout=60) as reply:
        fields: dict[str, Any] = json.loads(reply.read() or b"{}")
    return fields


def _story_ids(worker: str) -> set[str]:
    return {story["story_id"] for story in _read(f"{worker}/v1/stories")["stories"]}


def _dateline(*arguments: str, at: Path, **variables: str) -> str:
    line = [sys.executable, "-m", "qa.cli", *arguments, "--data", str(at / "data")]
    found = {**FOUND, **variables}
    done = subprocess.run(line, env=found, cwd=at, check=True, capture_output=True, text=True)
    return done.stdout


def _ports(count: int) -> list[int]:
    """Return ports that follow each other and that nothing listens on.

    They are below those that the system gives out, and another process looks for others.
    """
    for first in range(20_100 + 97 * (os.getpid() % 60), 32_000, 97):
        try:
            for port in range(first, first + count):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
        except OSError:
            continue
        return list(range(first, first + count))
    raise AssertionError("no port is free")
