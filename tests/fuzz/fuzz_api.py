"""Asks every address of the app what strangers may ask, and fails where one is answered with 5xx.

`make fuzz-api CASES=50000`: a third of the cases are made by Schemathesis from `/openapi.json`, the
others are hostile requests to every address there is. 503 is an honest answer: "not now".
"""

import argparse
import json
import logging
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.engine import from_schema
from schemathesis.engine.events import FatalError, NonFatalError, ScenarioFinished
from werkzeug.test import run_wsgi_app

from corpus.ingest import ingest
from qa.assemble import assemble, open_conversations, open_store
from qa.settings import Settings, load_settings
from tests.fuzz.api_requests import HostileRequest, addresses, requests
from web import create_app

logger = logging.getLogger("fuzz")

ROUND = 1000
"""Cases of one seed."""


@dataclass(slots=True)
class Tally:
    """What was asked, how it was answered, and what must not be."""

    asked: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def count(self, name: str, status: int, request: object) -> None:
        """Count one answer."""
        self.asked[name] += 1
        self.statuses[status] += 1
        if status >= 500 and status != 503:
            self.failures.append(f"{status} {request}")


def fuzz(apps: list[Flask], known: tuple[str, ...], cases: int) -> Tally:
    """Make at least *cases* requests to *apps* and return how they were answered."""
    tally = Tally()
    number = 0
    while tally.asked.total() < cases and not tally.failures:
        app = apps[number % len(apps)]
        for asked in (from_description(app, number), from_strangers(app, known, number)):
            for name, status, request in asked:
                tally.count(name, status, request)
        number += 1
        logger.info("%d cases", tally.asked.total())
    return tally


def from_description(app: Flask, number: int) -> Iterator[tuple[str, int, object]]:
    """Make about a round of requests from what *app* says of itself."""
    config = schemathesis.Config.from_dict(
        {
            "seed": number,
            "generation": {"max-examples": 60, "database": "none"},
            "phases": {"coverage": {"enabled": number % 8 == 0}},
            "checks": {"enabled": False},
        }
    )
    schema = schemathesis.openapi.from_wsgi("/openapi.json", app, config=config)
    for event in from_schema(schema).execute():
        assert not isinstance(event, FatalError), event.exception
        assert not isinstance(event, NonFatalError), event.value
        if isinstance(event, ScenarioFinished):
            for interaction in event.recorder.interactions.values():
                if interaction.response is not None:
                    request = interaction.request
                    told = f"{request.method} {request.uri} {request.body!r}"
                    yield event.recorder.label, interaction.response.status_code, told


def from_strangers(
    app: Flask, known: tuple[str, ...], number: int, cases: int = 2 * ROUND
) -> list[tuple[str, int, object]]:
    """Make *cases* hostile requests to every address of *app*."""
    answered: list[tuple[str, int, object]] = []

    @seed(number)
    @settings(
        max_examples=cases,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(request=requests(addresses(app), known))
    def ask(request: HostileRequest) -> None:
        answered.append((request.method, status_of(app, request), request))

    ask()
    return answered


def status_of(app: Flask, request: HostileRequest) -> int:
    """Return the status that *app* answers *request* with, its body read to the end."""
    body, status, _headers = run_wsgi_app(app.wsgi_app, environ_of(request), buffered=True)
    b"".join(body)
    return int(status.split()[0])


def environ_of(request: HostileRequest) -> dict[str, object]:
    """Return *request* as gunicorn gives it to an app: bytes as latin-1, nothing checked."""
    path = request.path.encode("utf-8", "surrogatepass")
    environ: dict[str, object] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path.decode("latin-1"),
        "RAW_URI": quote(path) + f"?{request.query}",
        "QUERY_STRING": request.query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "203.0.113.7",
        "HTTP_HOST": "localhost:8000",
        "CONTENT_LENGTH": str(len(request.body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(request.body),
        "wsgi.input_terminated": True,
        "wsgi.errors": BytesIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in request.headers:
        key = name.upper().replace("-", "_")
        environ[
            key if key.startswith("CONTENT_") and key != "CONTENT_ENCODING" else f"HTTP_{key}"
        ] = value
    return environ


@contextmanager
def bundled_apps() -> Iterator[tuple[list[Flask], tuple[str, ...]]]:
    """Give apps over the stories that ship with Dateline, and ids of a story and a conversation.

    One is as on a laptop; the other believes a proxy, knows its names and asks for keys.
    """
    with TemporaryDirectory() as folder:
        plain = load_settings(data=Path(folder))
        with closing(open_store(plain)) as store:
            ingest(store, [Path(__file__).parents[2] / "corpus/stories"])
        assistant = assemble(plain)
        conversations = open_conversations(plain)
        guarded = Settings(
            data=plain.data,
            web={  # type: ignore[arg-type] # pydantic makes it
                "proxies": 1,
                "trusted_hosts": "localhost,.example",
                "limits": {
                    "enabled": True,
                    "pages": "9999999/second",
                    "asking": "9999999/second",
                    "feedback": "9999999/second",
                },
            },
        )
        apps = [create_app(settings, assistant, conversations) for settings in (plain, guarded)]
        client = apps[0].test_client()
        story = json.loads(client.get("/v1/stories").text)["stories"][0]["story_id"]
        begun = json.loads(client.post("/v1/conversations").text)["id"]
        client.post("/v1/ask", json={"question": "Who spoke?", "conversation_id": begun})
        yield apps, (story, begun)
        conversations.close()


def main() -> int:
    """Fuzz, and tell what was asked and how it was answered."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=50_000)
    cases = parser.parse_args().cases
    logging.basicConfig(format="%(message)s")
    logging.getLogger().setLevel(logging.CRITICAL)
    logger.setLevel(logging.INFO)
    began = time.monotonic()
    with bundled_apps() as (apps, known):
        tally = fuzz(apps, known, cases)
    took = time.monotonic() - began
    logger.info("%d cases in %.0f s", tally.asked.total(), took)
    logger.info("answered: %s", dict(sorted(tally.statuses.items())))
    logger.info("asked: %s", dict(tally.asked.most_common()))
    for failure in tally.failures[:20]:
        logger.error("%s", failure)
    return 1 if tally.failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
