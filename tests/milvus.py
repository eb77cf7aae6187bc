"""Milvus servers for the tests, on this machine's own address, and a line to them that breaks."""

import importlib.util
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

STARTS_WITHIN_S = 60
_numbers = count(1)
_PARTS = "proxy rootCoord queryCoord queryNode dataCoord dataNode indexCoord indexNode".split()


def lite_installed() -> bool:
    """Say whether pymilvus and milvus-lite are there: the dependency group `scale`."""
    return all(importlib.util.find_spec(name) for name in ("pymilvus", "milvus_lite"))


def full_server() -> Path | None:
    """Return the program of the PyPI package `milvus`, which carries the engine itself.

    DATELINE_TEST_MILVUS names it, or the environment that has it; else it is looked for on PATH.
    """
    named = os.environ.get("DATELINE_TEST_MILVUS")
    if not named:
        found = shutil.which("milvus-server")
        return Path(found) if found else None
    path = Path(named)
    return path / "bin" / "milvus-server" if path.is_dir() else path


def new_store() -> str:
    """Return an identity that no store had before: collections of its own."""
    return f"test-{os.getpid()}-{next(_numbers)}-{time.time_ns()}"


def free_port() -> int:
    """Return a port of the loopback address that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(slots=True)
class Server:
    """A server that can be killed and started again over the same files."""

    line: list[str]
    port: int
    folder: Path
    process: "subprocess.Popen[bytes] | None" = field(default=None)

    @property
    def uri(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, and return once it takes connections."""
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                self.line, cwd=self.folder, stdout=log, stderr=log, start_new_session=True
            )
        until = time.monotonic() + STARTS_WITHIN_S
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > until:
                self.kill()
                raise TimeoutError((self.folder / "log").read_text("utf-8", "replace")[-2000:])
            time.sleep(0.1)

    def kill(self) -> None:
        """End it and what it started at once, as `kill -9` does."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def _answers(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            return True
        return False


@contextmanager
def lite_server(folder: Path) -> Iterator[Server]:
    """Run `milvus-lite server`, which speaks Milvus's protocol, with its files in *folder*."""
    port = free_port()
    program = str(Path(sys.executable).with_name("milvus-lite"))
    line = [program, "server", "--data-dir", str(folder / "files")]
    line += ["--host", "127.0.0.1", "--port", str(port)]
    yield from _running(Server(line, port, folder))


@contextmanager
def real_server(program: Path, folder: Path) -> Iterator[Server]:
    """Run the engine that the PyPI package `milvus` carries, with its files in *folder*."""
    port = free_port()
    line = [str(program), "--data", str(folder / "files"), "--proxy-port", str(port)]
    for part in _PARTS:
        line += ["--extra-config", f"{part}.ip=127.0.0.1"]
    yield from _running(Server(line, port, folder))


def _running(server: Server) -> Iterator[Server]:
    server.start()
    try:
        yield server
    finally:
        server.kill()


class Cable:
    """A TCP port that passes everything on to another one, until it is cut."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open = True
        self._ends: list[socket.socket] = []
        self._lock = threading.Lock()
        self.cuts = 0
        self.cut_after: int | None = None
        """Bytes towards the server after which the connection is cut, once."""
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def uri(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def cut(self) -> None:
        """End all connections, and refuse new ones until `mend`."""
        self._open = False
        self._drop()

    def mend(self) -> None:
        """Take connections again."""
        self._open = True

    def close(self) -> None:
        """End for good."""
        self._listener.close()
        self._drop()

    def _drop(self) -> None:
        with self._lock:
            ends, self._ends = self._ends, []
        self.cuts += bool(ends)
        for end in ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
                far = socket.create_connection(("127.0.0.1", self._to)) if self._open else None
            except OSError:
                if self._listener.fileno() < 0:
                    return
                near.close()
                continue
            if far is None:
                near.close()
                continue
            with self._lock:
                self._ends += [near, far]
            threading.Thread(target=self._pass_on, args=(near, far), daemon=True).start()

    def _pass_on(self, near: socket.socket, far: socket.socket) -> None:
        with near, far, suppress(OSError):
            while True:
                for source in select.select([near, far], [], [], 30)[0]:
                    sent = source.recv(65_536)
                    if not sent:
                        return
                    if source is near and self.cut_after is not None:
                        self.cut_after -= len(sent)
                        if self.cut_after < 0:
                            self.cut_after = None
                            self.cuts += 1
                            return
                    (far if source is near else near).sendall(sent)
