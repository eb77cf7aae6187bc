"""`dateline serve` as a process: overload, signals, killed workers and changing stories."""

import http.client
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import pytest

from corpus.ingest import ingest
from corpus.passages import split_story
from qa.assemble import bring_up_to_date, open_store
from qa.commands.stories import BUNDLED
from qa.settings import Settings, load_settings
from tests.fakes import mayor_story

pytestmark = pytest.mark.models

STARTED_WITHIN_S = 90
ANSWERED_WITHIN_S = 60
ALL_ANSWERED = {"DATELINE_ANSWER__CACHE_MB": "0", "DATELINE_WEB__WAITING": "50"}


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server said, and after how long."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes
    seconds: float


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs, and what it logs."""

    process: subprocess.Popen[str]
    port: int
    log: Path

    def connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWERED_WITHIN_S)

    def get(self, path: str) -> Reply:
        with closing(self.connection()) as connection:
            return sent(connection, "GET", path)

    def ask(self, question: str) -> Reply:
        with closing(self.connection()) as connection:
            return sent(connection, "POST", "/v1/ask", {"question": question})

    def workers(self) -> set[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return {int(pid) for pid in children.read_text().split()}

    def in_flight(self) -> float:
        numbers = self.get("/metrics").body.decode()
        return float(numbers.partition("\ndateline_questions_in_flight ")[2].split("\n")[0])


@dataclass(slots=True)
class Asking:
    """Clients that ask a server one question after the other, each over its own connection."""

    replies: list[Reply] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)

    def statuses(self) -> set[int]:
        return {reply.status for reply in self.replies}


def sent(
    connection: http.client.HTTPConnection,
    method: str,
    path: str,
    body: Mapping[str, object] | None = None,
) -> Reply:
    """Send a request, and again over a new connection if this one was closed meanwhile.

    So do browsers and proxies: a server may close a connection that is kept alive at any time.
    """
    began, fresh = time.monotonic(), connection.sock is None
    text, headers = json.dumps(body) if body else None, {"Content-Type": "application/json"}
    try:
        connection.request(method, path, text, headers)
        response = connection.getresponse()
    except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
        connection.close()
        if fresh:
            raise
        return sent(connection, method, path, body)
    content = response.read()
    return Reply(response.status, response.headers, content, time.monotonic() - began)


@contextmanager
def asking(server: Server, clients: int) -> Iterator[Asking]:
    """Have so many *clients* ask for the length of the block."""
    asked, ended, numbers = Asking(), threading.Event(), itertools.count()

    def client() -> None:
        with closing(server.connection()) as connection:
            while not ended.is_set():
                asks = f"Who leads brigade number {next(numbers)}?"
                try:
                    asked.replies.append(sent(connection, "POST", "/v1/ask", {"question": asks}))
                except (OSError, http.client.HTTPException) as failure:
                    asked.failures.append(failure)
                    connection.close()

    with ThreadPoolExecutor(clients) as threads:
        for _ in range(clients):
            threads.submit(client)
        try:
            yield asked
        finally:
            ended.set()


def until(true: Callable[[], bool], within_s: float = STARTED_WITHIN_S) -> None:
    ends = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < ends
        time.sleep(0.05)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    settings = Settings(data=tmp_path_factory.mktemp("served"))
    with closing(open_store(settings)) as store:
        ingest(store, [BUNDLED])
        bring_up_to_date(settings, store)
    return settings.data


@contextmanager
def serving(data: Path, folder: Path, **environment: str) -> Iterator[Server]:
    """Serve *data* from *folder*, with these variables, and have it end with the block."""
    with ExitStack() as parts:
        probe = parts.enter_context(socket.create_server(("127.0.0.1", 0)))
        port = probe.getsockname()[1]
        probe.close()
        log = parts.enter_context((folder / "log").open("w"))
        line = [sys.executable, "-m", "qa.cli", "serve", "--data", str(data), "--port", str(port)]
        variables = os.environ | {"DATELINE_SUGGESTIONS__BACKGROUND": "false"} | environment
        process = subprocess.Popen(line, cwd=folder, env=variables, stderr=log, text=True)
        server = Server(process, port, folder / "log")
        try:
            yield server
        finally:
            process.terminate()
            process.wait(60)


def ready(server: Server) -> Server:
    """Return *server* once it is ready."""

    def is_ready() -> bool:
        assert server.process.poll() is None, server.log.read_text()
        try:
            return server.get("/readyz").status == 200
        except OSError:
            return False

    until(is_ready)
    return server


def test_overload_is_refused_early_and_everything_else_is_served(
    data: Path, tmp_path: Path
) -> None:
    variables = {"DATELINE_WEB__THREADS": "1", "DATELINE_WEB__WAITING": "1"}
    with serving(data, tmp_path, DATELINE_ANSWER__CACHE_MB="0", **variables) as started:
        server, probes = ready(started), list[Reply]()
        with asking(server, clients=10) as asked, ExitStack() as idle:
            for _ in range(40):  # as browsers connect ahead of need
                idle.enter_context(socket.create_connection(("127.0.0.1", server.port)))
            ends = time.monotonic() + 6
            while time.monotonic() < ends:
                probes += [server.get("/healthz"), server.get("/readyz"), server.get("/stories")]
        after = server.ask("Who is the chief?")

    assert asked.failures == []
    assert asked.statuses() == {200, 503}
    assert {probe.status for probe in probes} == {200}
    refused = [reply for reply in asked.replies if reply.status == 503]
    admitted = [reply.seconds for reply in asked.replies if reply.status == 200]
    assert all(int(reply.headers["Retry-After"]) > 0 for reply in refused)
    assert len(refused) > len(admitted)
    assert median(reply.seconds for reply in refused) < median(admitted) / 2
    assert median(probe.seconds for probe in probes) < median(admitted)
    assert after.status == 200


def test_a_reload_under_load_drops_nothing(data: Path, tmp_path: Path) -> None:
    with serving(data, tmp_path, **ALL_ANSWERED) as started:
        server = ready(started)
        [old] = server.workers()
        with asking(server, clients=3) as asked:
            server.process.send_signal(signal.SIGHUP)
            until(lambda: server.workers().isdisjoint({old}) and len(server.workers()) == 1)
            before = len(asked.replies)
            until(lambda: len(asked.replies) > before + 3)
    assert asked.failures == []
    assert asked.statuses() == {200}


def test_a_reload_that_fails_leaves_the_old_worker_at_work(data: Path, tmp_path: Path) -> None:
    with serving(data, tmp_path, **ALL_ANSWERED) as started:
        server = ready(started)
        workers = server.workers()
        (tmp_path / "dateline.toml").write_text('[reader]\nmodel = "nowhere"\n')
        with asking(server, clients=1) as asked:
            server.process.send_signal(signal.SIGHUP)
            until(lambda: "the old one goes on" in server.log.read_text())
        assert server.workers() == workers
        assert server.ask("Who is the chief?").status == 200
    assert asked.statuses() <= {200}
    assert "Error: nowhere/manifest.json can't be read" in server.log.read_text()


def test_a_server_that_cannot_load_says_so_and_ends(data: Path, tmp_path: Path) -> None:
    with serving(data, tmp_path, DATELINE_READER__MODEL="nowhere") as server:
        assert server.process.wait(STARTED_WITHIN_S) == 1
    log = server.log.read_text()
    assert log.count("Error: nowhere/manifest.json can't be read") == 1
    assert "Traceback" not in log


def test_a_server_that_stops_finishes_what_is_at_hand_and_is_not_ready(
    data: Path, tmp_path: Path
) -> None:
    with (
        serving(data, tmp_path, **ALL_ANSWERED) as started,
        ThreadPoolExecutor(6) as threads,
    ):
        server = ready(started)
        with closing(server.connection()) as kept:
            assert sent(kept, "GET", "/readyz").status == 200
            asked = [threads.submit(server.ask, f"Who is chief {n}?") for n in range(6)]
            until(lambda: server.in_flight() > 0)
            server.process.terminate()
            until(lambda: sent(kept, "GET", "/readyz").status == 503)
        until(lambda: not _connects(server.port))
        assert {reply.result().status for reply in asked} == {200}
        assert server.process.wait(60) == 0


def _connects(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


def test_a_killed_worker_is_replaced_and_who_asks_meanwhile_waits(
    data: Path, tmp_path: Path
) -> None:
    with serving(data, tmp_path, **ALL_ANSWERED) as started:
        server = ready(started)
        [worker] = server.workers()
        os.kill(worker, signal.SIGKILL)
        assert server.ask("Who is the chief?").status == 200
        [another] = server.workers()
    assert another != worker


def test_stories_come_and_go_without_a_failed_answer(data: Path, tmp_path: Path) -> None:
    changed = tmp_path / "changed"
    settings = load_settings(data=changed)
    with closing(open_store(settings)) as store:
        ingest(store, [BUNDLED])
        bring_up_to_date(settings, store)
        with serving(changed, tmp_path, **ALL_ANSWERED) as started:
            server = ready(started)
            with asking(server, clients=2) as asked:
                for swap in range(4):
                    found = _swapped(settings, server, swap)
                    assert found == (swap % 2 == 0)
    assert asked.failures == []
    assert asked.statuses() == {200}


def _swapped(settings: Settings, server: Server, swap: int) -> bool:
    """Add a story or remove it again, and say whether a search finds it then."""
    story = mayor_story()
    with closing(open_store(settings)) as store:
        if swap % 2 == 0:
            store.put([(story, split_story(story))])
        else:
            store.remove(story.story_id)
        bring_up_to_date(settings, store)
    ready(server)
    with closing(server.connection()) as connection:
        hits = json.loads(sent(connection, "GET", "/v1/search?q=mayor+of+Springfield").body)["hits"]
    return story.story_id in _ids(hits)


def _ids(hits: Sequence[dict[str, dict[str, str]]]) -> set[str]:
    return {hit["story"]["story_id"] for hit in hits}
