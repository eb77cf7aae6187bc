"""Dateline as it runs on several machines, on one: workers, nginx, PostgreSQL, and Milvus.

`python -m deploy.loopback --data DIR` starts all of it on loopback, tells where, and stops it when
it is stopped itself. docs/deployment.md tells what the parts are for.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from urllib.error import URLError
from urllib.request import urlopen

import click

from deploy.nginx import nginx_config
from deploy.postgres import create_database, postgres_binaries, postgres_server
from qa.commands.serve import check_port

STARTS_WITHIN_S = 180
STOPS_WITHIN_S = 30
DATELINE = (sys.executable, "-m", "qa.cli")

CONVERSATIONS = "DATELINE_CONVERSATIONS__URL"

Server = subprocess.Popen[bytes]


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--data", type=click.Path(path_type=Path), default="data", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=8080, show_default=True)
@click.option(
    "--first-port", type=click.IntRange(1, 65000), default=8081, show_default=True,
    help="Port of the first worker; the others, and Milvus after them, have those that follow.",
)  # fmt: skip
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True)
@click.option(
    "--engine", type=click.Choice(["embedded", "milvus"]), default="embedded", show_default=True,
    help="What searches: each worker itself, or a server of milvus-lite.",
)  # fmt: skip
@click.option(
    "--state", type=click.Path(path_type=Path),
    help="Folder of the conversations and of Milvus (default: a folder `loopback` in the data).",
)  # fmt: skip
def main(
    *, data: Path, port: int, first_port: int, workers: int, engine: str, state: Path | None
) -> None:
    """Serve the stories in DATA by several workers behind nginx, until this is stopped."""
    binaries, nginx = postgres_binaries(), shutil.which("nginx", path=_paths())
    if binaries is None or nginx is None:
        raise click.ClickException("PostgreSQL and nginx are needed (apt install postgresql nginx)")
    signal.signal(signal.SIGTERM, _stop)
    ports = range(first_port, first_port + workers)
    state = (state or data / "loopback").resolve()
    with ExitStack() as parts:
        folder = Path(parts.enter_context(tempfile.TemporaryDirectory(prefix="dateline-")))
        folder.chmod(0o711)  # PostgreSQL runs as another user where this runs as root
        (folder / "socket").mkdir()
        postgres = parts.enter_context(
            postgres_server(binaries, state / "postgres", folder / "socket")
        )
        shared = {"DATELINE_DATA": str(data.resolve()), "DATELINE_WEB__PROXIES": "1"}
        shared[CONVERSATIONS] = create_database(postgres, "dateline")
        if engine == "milvus":
            shared |= parts.enter_context(milvus(state / "milvus", first_port + workers))
        servers = [parts.enter_context(worker(number, shared)) for number in ports]
        config = folder / "nginx.conf"
        config.write_text(nginx_config(folder, port, ports), "utf-8")
        line = [nginx, "-p", str(folder), "-c", str(config), "-e", "stderr"]
        front = parts.enter_context(running(line, {}))
        _until_ready(f"http://127.0.0.1:{port}/readyz", front)
        click.echo(f"http://127.0.0.1:{port}")
        click.echo(f"{CONVERSATIONS}={shared[CONVERSATIONS]}")  # for `dateline feedback`
        _watch(front, dict(zip(ports, servers, strict=True)))


@contextmanager
def worker(port: int, shared: Mapping[str, str]) -> Iterator[Server]:
    """Serve on *port*, and yield once questions are answered."""
    line = [*DATELINE, "serve", "--host", "127.0.0.1", "--port", str(port)]
    with running(line, shared) as server:
        # One after the other: the first brings the index up to date, the next find it so.
        _until_ready(f"http://127.0.0.1:{port}/readyz", server)
        yield server


@contextmanager
def milvus(files: Path, port: int) -> Iterator[dict[str, str]]:
    """Run milvus-lite and, once it takes connections, yield the settings that have it searched."""
    files.mkdir(parents=True, exist_ok=True)
    program = Path(sys.executable).with_name("milvus-lite")
    if not program.exists():
        raise click.ClickException("milvus-lite is needed: make .venv/scale")
    check_port("127.0.0.1", port)  # what another program listens on is not taken for it
    line = [str(program), "server"]
    line += ["--data-dir", str(files), "--host", "127.0.0.1", "--port", str(port)]
    with running(line, {}) as server:
        _until_listening(port, server)
        yield {
            "DATELINE_INDEX_ENGINE": "milvus",
            "DATELINE_MILVUS_URI": f"http://127.0.0.1:{port}",
        }


@contextmanager
def running(line: Sequence[str], variables: Mapping[str, str]) -> Iterator[Server]:
    """Run a program for the block, and stop it."""
    server = subprocess.Popen(line, env={**os.environ, **variables}, stdout=sys.stderr)
    try:
        yield server
    finally:
        server.terminate()
        try:
            server.wait(STOPS_WITHIN_S)
        except subprocess.TimeoutExpired:
            server.kill()


def _until_ready(url: str, server: Server) -> None:
    until = time.monotonic() + STARTS_WITHIN_S
    while True:
        try:
            urlopen(url, timeout=5).close()  # noqa: S310 # nosec B310 - an address on loopback
        except (URLError, OSError) as error:
            if server.poll() is not None or time.monotonic() > until:
                raise click.ClickException(f"{url} does not answer: {error}") from error
            time.sleep(0.2)
        else:
            return


def _until_listening(port: int, server: Server) -> None:
    until = time.monotonic() + STARTS_WITHIN_S
    while True:
        if server.poll() is not None or time.monotonic() > until:
            raise click.ClickException(f"milvus-lite does not listen on port {port}.")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return


def _watch(front: Server, workers: dict[int, Server]) -> None:
    """Return once nginx or the last worker has ended; tell of each that has."""
    while front.poll() is None and workers:
        for port, server in list(workers.items()):
            if server.poll() is not None:
                click.echo(f"The worker on port {port} has ended.", err=True)
                del workers[port]
        time.sleep(0.5)
    raise click.ClickException("nginx or the last worker has ended.")


def _stop(signum: int, frame: FrameType | None) -> None:
    raise SystemExit(0)


def _paths() -> str:
    """Return PATH with the folder in which Debian has nginx."""
    return f"{os.environ.get('PATH', '')}:/usr/sbin"


if __name__ == "__main__":
    main()
