"""What clients that ask all at once wait for: `make bench-load`, or `python -m benchmarks.load`.

The server is started as users start it, by `dateline serve`, over an existing data folder. Each
client asks its next question as soon as the last is answered, over one connection. The questions
are turned out of the stories, as suggestions are, or read from gold files; none is answered out of
the cache, unless `--same` asks one question again and again to measure just that.
"""

import http.client
import itertools
import json
import os
import platform
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from qa.assemble import open_store
from qa.scoring.gold import read_gold
from qa.scoring.metrics import percentile
from qa.settings import load_settings
from qa.suggesting.next_questions import next_questions

STARTED_WITHIN_S = 120
ANSWERED_WITHIN_S = 60
WARM_UP = 8
STORIES_TURNED = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question of *client*: how long it waited, and what was wrong, if anything was."""

    client: int
    milliseconds: float
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What became of all questions that were asked in so many *seconds*."""

    asked: Sequence[Asked]
    seconds: float

    @property
    def errors(self) -> Counter[str]:
        """What was wrong, and how often."""
        return Counter(each.error for each in self.asked if each.error)

    @property
    def of_client(self) -> Counter[int]:
        """How many questions of each client were answered."""
        return Counter(each.client for each in self.asked if not each.error)

    def percentile(self, q: float) -> float:
        """Return the *q*-th percentile of the milliseconds that answers took."""
        return percentile([each.milliseconds for each in self.asked if not each.error], q)

    def lines(self) -> Iterator[str]:
        """Yield what there is to tell."""
        answered = self.of_client.total()
        yield f"{answered} answers in {self.seconds:.0f} s, {answered / self.seconds:.1f}/s"
        if answered:
            p50, p95, p99 = (self.percentile(q) for q in (50, 95, 99))
            yield f"p50 {p50:.1f} ms, p95 {p95:.1f} ms, p99 {p99:.1f} ms = {p99 / p50:.2f} x p50"
            fewest, most = min(self.of_client.values()), max(self.of_client.values())
            yield f"answers of one client: {fewest} to {most}"
        yield f"errors: {self.errors.total()}"
        yield from (f"  {count} x {error}" for error, count in self.errors.most_common())


def put_under_load(port: int, questions: Sequence[str], clients: int, seconds: float) -> Load:
    """Ask *questions* from so many *clients* for so many *seconds*, over again where they end."""
    coming, lock, asked = itertools.cycle(questions), threading.Lock(), list[Asked]()
    began = time.perf_counter()

    def client(number: int) -> None:
        with closing(
            http.client.HTTPConnection("127.0.0.1", port, ANSWERED_WITHIN_S)
        ) as connection:
            while time.perf_counter() < began + seconds:
                with lock:
                    question = next(coming)
                asked.append(_asked(connection, number, question))

    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Load(asked=asked, seconds=time.perf_counter() - began)


def _asked(connection: http.client.HTTPConnection, client: int, question: str) -> Asked:
    body, headers = json.dumps({"question": question}), {"Content-Type": "application/json"}
    began, error = time.perf_counter(), None
    try:
        connection.request("POST", "/v1/ask", body, headers)
        response = connection.getresponse()
        answer = json.loads(response.read())
        if response.status != 200:
            error = f"{response.status} {answer.get('title')}"
    except (OSError, http.client.HTTPException, ValueError) as failure:
        connection.close()
        error = f"{type(failure).__name__}: {failure}"
    milliseconds = (time.perf_counter() - began) * 1000
    return Asked(client=client, milliseconds=milliseconds, error=error)


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server that `dateline serve` became: its *port*, and the *pid* of gunicorn's master."""

    port: int
    pid: int


@contextmanager
def dateline_served(data: Path, **environment: str) -> Iterator[int]:
    """Serve *data* by `dateline serve`, with these variables, for the length of the block."""
    with running_server(data, environment) as server:
        yield server.port


@contextmanager
def running_server(
    data: Path, environment: Mapping[str, str], log: Path = Path(os.devnull)
) -> Iterator[Server]:
    """Run `dateline serve` over *data*, with these variables, for the length of the block.

    What it says goes to the end of *log*.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "qa.cli", "serve", "--data", str(data), "--port", str(port)]
    with log.open("ab") as written:
        server = subprocess.Popen(  # noqa: S603 - our own command
            command, env={**os.environ, **environment}, stdout=written, stderr=written
        )
    try:
        wait_until_ready(port, server)
        yield Server(port=port, pid=server.pid)
    finally:
        server.terminate()
        server.wait()


def wait_until_ready(port: int, server: subprocess.Popen[bytes]) -> None:
    """Return once the server on *port* answers; raise `ClickException` if it never does."""
    until = time.monotonic() + STARTED_WITHIN_S
    while time.monotonic() < until and server.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, ANSWERED_WITHIN_S)
        with closing(connection):
            try:
                connection.request("GET", "/readyz")
                if connection.getresponse().status == 200:
                    return
            except OSError:
                time.sleep(0.1)
    raise click.ClickException("The server didn't become ready.")


def questions_of(data: Path, gold: Sequence[Path]) -> list[str]:
    """Return the questions of *gold* files, or, without any, what the stories of *data* answer."""
    if gold:
        return [question.alone for question in read_gold(gold)]
    with closing(open_store(load_settings(data=data))) as store:
        stories = store.stories_page(STORIES_TURNED)
    return [*dict.fromkeys(asked.text for story in stories for asked in next_questions(story))]


@click.command()
@click.option("--data", type=click.Path(path_type=Path), default="data", show_default=True)
@click.option("--gold", type=click.Path(path_type=Path), multiple=True, metavar="GOLD.jsonl")
@click.option("--clients", type=click.IntRange(1), default=8, show_default=True)
@click.option("--minutes", type=float, default=10.0, show_default=True)
@click.option("--same", is_flag=True, help="Ask one question, whose answer is kept.")
def main(data: Path, gold: tuple[Path, ...], clients: int, minutes: float, same: bool) -> None:
    """Put a server under load, and print what its clients waited for."""
    questions = questions_of(data, gold)[: 1 if same else None]
    if not questions:
        raise click.ClickException("There is nothing to ask: add stories, or give --gold.")
    environment = {} if same else {"DATELINE_ANSWER__CACHE_MB": "0"}
    with dateline_served(data, **environment) as port:
        put_under_load(port, questions[-WARM_UP:], clients=1, seconds=2)
        load = put_under_load(port, questions, clients, minutes * 60)
    click.echo(f"{platform.platform()}, {os.cpu_count()} CPUs, Python {platform.python_version()}")
    click.echo(f"{clients} clients, {len(questions)} questions")
    for line in load.lines():
        click.echo(line)


if __name__ == "__main__":
    main()
