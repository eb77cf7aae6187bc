"""A PostgreSQL server for the tests: its files in a folder of its own, a Unix socket, no TCP."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg

STARTS_WITHIN_S = 60
_numbers = count(1)


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
def postgres(binaries: Path) -> Iterator[Path]:
    """Run a server and yield the folder of its socket."""
    # The path of a socket has at most 107 bytes: pytest's own folders may be too deep.
    with tempfile.TemporaryDirectory(prefix="pg-") as name:
        folder, owner = Path(name), _owner()
        if owner is not None:
            os.chown(folder, owner, -1)
        files = str(folder / "files")
        make = [str(binaries / "initdb"), "--auth=trust", "--username=dateline", "--no-sync"]
        make += ["--encoding=UTF8", "--no-locale", files]
        done = subprocess.run(
            make, cwd=folder, capture_output=True, text=True, check=False, user=owner
        )
        assert done.returncode == 0, done.stdout + done.stderr
        line = [str(binaries / "postgres"), "-D", files, "-k", name]
        line += ["-c", "listen_addresses=", "-c", "fsync=off", "-c", "timezone=Asia/Tokyo"]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(line, cwd=folder, stdout=log, stderr=log, user=owner)
        try:
            _wait(folder, server)
            yield folder
        finally:
            server.send_signal(signal.SIGINT)  # "fast": it waits for no client
            server.wait(STARTS_WITHIN_S)


def new_database(folder: Path) -> str:
    """Make an empty database on the server whose socket is in *folder*; return its URL."""
    name = f"test_{next(_numbers)}"
    with psycopg.connect(_place(folder), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return f"postgresql+psycopg://dateline@/{name}?host={folder}"


def _place(folder: Path) -> str:
    return f"host={folder} user=dateline dbname=postgres"


def _owner() -> int | None:
    """Return the id of the user that the server runs as; None for whoever runs the tests.

    PostgreSQL refuses to run as root.
    """
    if os.geteuid() != 0:
        return None
    id_of = {entry.pw_name: entry.pw_uid for entry in pwd.getpwall()}
    return id_of.get("postgres", id_of["nobody"])


def _wait(folder: Path, server: subprocess.Popen[bytes]) -> None:
    """Return once the server takes connections."""
    until = time.monotonic() + STARTS_WITHIN_S
    while True:
        try:
            psycopg.connect(_place(folder)).close()
        except psycopg.OperationalError:
            assert server.poll() is None, (folder / "log").read_text("utf-8")
            assert time.monotonic() < until, (folder / "log").read_text("utf-8")
            time.sleep(0.1)
        else:
            return
