"""What `dateline serve` writes and sends while people ask: gunicorn, the app and its traces."""

import http.client
import json
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from benchmarks.load import running_server
from qa.commands.stories import BUNDLED, add_stories
from qa.settings import Settings
from tests.otlp import Received, attributes_of, receiver

pytestmark = pytest.mark.models

WORD = "Xanthippe"
TRACE = "0af7651916cd43dd8448eb211c80319c"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("served")
    add_stories(Settings(data=data), [str(BUNDLED)], publisher=None, if_empty=False)
    return data


@contextmanager
def served(data: Path, log: Path, **environment: str) -> Iterator[int]:
    """Serve *data* with an access log of gunicorn's too; everything is written to *log*."""
    gunicorn = {"GUNICORN_CMD_ARGS": "--access-logfile -"}
    with running_server(data, gunicorn | environment, log) as server:
        yield server.port


def ask(port: int, path: str, body: object = None, **headers: str) -> int:
    with closing(http.client.HTTPConnection("127.0.0.1", port, 60)) as connection:
        sent = None if body is None else json.dumps(body)
        kind = {"Content-Type": "application/json"} if sent else {}
        connection.request("POST" if sent else "GET", path, sent, kind | headers)
        response = connection.getresponse()
        response.read()
        return response.status


def send(port: int, line: bytes) -> None:
    """Send what is no request."""
    with closing(socket.create_connection(("127.0.0.1", port), 10)) as connection:
        connection.sendall(line)
        connection.recv(1000)


def test_nobodys_words_are_written_and_requests_are_traced(data: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with receiver() as received:
        settings = {
            "DATELINE_TELEMETRY__LOG_FORMAT": "json",
            "DATELINE_TELEMETRY__TRACES": received.url,
        }
        with served(data, log, **settings) as port:
            caller = {"traceparent": f"00-{TRACE}-b7ad6b7169203331-01", "X-Request-ID": "id-9"}
            assert ask(port, "/v1/ask", {"question": f"Who is {WORD}?"}, **caller) == 200
            assert ask(port, f"/?q=Who+is+{WORD}%3F&publisher={WORD}") == 200
            assert ask(port, "/", Referer=f"http://127.0.0.1/?q={WORD}") == 200
            assert ask(port, "/v1/ask", {"question": [WORD]}) == 422
            send(port, f"GET /?q={WORD} is no request\r\n\r\n".encode())
            send(port, f"{WORD}\r\n\r\n".encode())
        _check_traces(received)
    written = log.read_text("utf-8")

    assert WORD not in written
    assert "Invalid request from ip=127.0.0.1" in written
    lines = [json.loads(line) for line in written.splitlines() if line.startswith("{")]
    [asked] = [line for line in lines if line.get("request_id") == "id-9" and "view" in line]
    assert (asked["view"], asked["status"], asked["trace_id"]) == ("v1_ask.ask", 200, TRACE)
    assert {"gunicorn.access", "gunicorn.error", "web.operating.requests"} <= {
        line["logger"] for line in lines
    }


def _check_traces(received: Received) -> None:
    """All spans have come by the time that the server has ended."""
    assert TRACE in {span.trace_id.hex() for span in received.named("answer")}
    assert attributes_of(received.named("POST /v1/ask")[0])["http.response.status_code"] == 200
    assert WORD.encode() not in b"".join(received.raw)
