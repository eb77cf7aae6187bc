"""A PostgreSQL server that answers on a Unix socket alone: Debian's, or what PATH finds."""

import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg

USER = "dateline"
STARTS_WITHIN_S = 60


def postgres_binaries() -> Path | None:
    """Return the folder of initdb and postgres: Debian's newest, or where PATH finds them."""
    versions = Path("/usr/lib/postgresql").glob("*/bin")
    folders = sorted(versions, key=lambda folder: float(folder.parent.name), reverse=True)
    found = shutil.which("initdb")
    for folder in [*folders, *([Path(found).resolve().parent] if found else [])]:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    return None


@contextmanager
def postgres_server(
    binaries: Path, files: Path, socket: Path, options: Sequence[str] = ()
) -> Iterator[Path]:
    """Run a server over the folder *files*, made if missing, and yield the folder of its *socket*.

    The user that it runs as must be able to reach both folders. The path of a socket has at most
    107 bytes.
    """
    owner = _owner()
    if owner is not None:
        os.chown(socket, owner, -1)
    if not (files / "PG_VERSION").exists():
        files.mkdir(parents=True, exist_ok=True)
        if owner is not None:
            os.chown(files, owner, -1)
        make = [str(binaries / "initdb"), "--auth=trust", f"--username={USER}", "--no-sync"]
        make += ["--encoding=UTF8", "--no-locale", str(files)]
        done = subprocess.run(
            make, cwd=socket, capture_output=True, text=True, check=False, user=owner
        )
        if done.returncode:
            raise RuntimeError(done.stdout + done.stderr)
    line = [str(binaries / "postgres"), "-D", str(files), "-k", str(socket)]
    line += ["-c", "listen_addresses=", *options]
    log = socket / "postgres.log"
    with log.open("wb") as output:
        server = subprocess.Popen(line, cwd=socket, stdout=output, stderr=output, user=owner)
    try:
        _wait(socket, server, log)
        yield socket
    finally:
        server.send_signal(signal.SIGINT)  # "fast": it waits for no client
        server.wait(STARTS_WITHIN_S)


def create_database(socket: Path, name: str) -> str:
    """Make a database on the server whose socket is in *socket*, if missing; return its URL."""
    with psycopg.connect(_place(socket), autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,))
        if known.fetchone() is None:
            connection.execute(f"CREATE DATABASE {name}".encode())
    return f"postgresql+psycopg://{USER}@/{name}?host={socket}"


def _place(socket: Path) -> str:
    return f"host={socket} user={USER} dbname=postgres"


def _owner() -> int | None:
    """Return the id of the user that the server runs as; None for whoever runs this.

    PostgreSQL refuses to run as root.
    """
    if os.geteuid() != 0:
        return None
    id_of = {entry.pw_name: entry.pw_uid for entry in pwd.getpwall()}
    return id_of.get("postgres", id_of["nobody"])


def _wait(socket: Path, server: subprocess.Popen[bytes], log: Path) -> None:
    """Return once the server takes connections."""
    until = time.monotonic() + STARTS_WITHIN_S
    while True:
        try:
            psycopg.connect(_place(socket)).close()
        except psycopg.OperationalError as error:
            if server.poll() is not None or time.monotonic() > until:
                raise RuntimeError(log.read_text("utf-8")) from error
            time.sleep(0.1)
        else:
            return
