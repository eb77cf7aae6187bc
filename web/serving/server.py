"""Server: gunicorn with one worker, which has the models once and takes over without a gap."""

import time
from collections.abc import Sequence
from pathlib import Path
from signal import SIGTERM
from typing import Any

from flask import Flask
from gunicorn.app.base import Application
from gunicorn.arbiter import Arbiter
from gunicorn.errors import AppImportError, HaltServer

from corpus.errors import CorpusError
from embeddings.errors import SearchError
from qa.errors import QAError
from qa.settings import Settings, load_settings
from web.refusals import MOST_ADDRESS_CHARS
from web.serving.capacity import capacity_of

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 # nosec B108 - gunicorn's heartbeat file, which has no name
KEEP_ALIVE_S = 5
LOAD_FAILED = 1


def config_of(settings: Settings) -> dict[str, Any]:
    """Return how gunicorn is to serve; its own options and `GUNICORN_CMD_ARGS` win over this."""
    return {
        "workers": 1,
        "worker_class": "web.serving.worker.PatientWorker",
        "threads": capacity_of(settings.web).threads,
        "keepalive": KEEP_ALIVE_S,
        "graceful_timeout": settings.web.stop_seconds,
        "limit_request_line": MOST_ADDRESS_CHARS,
        "control_socket_disable": True,
        "worker_tmp_dir": str(SHARED_MEMORY) if SHARED_MEMORY.is_dir() else None,
        "proc_name": "dateline",
    }


class Server(Application):  # type: ignore[misc] # gunicorn has no types
    """The command line of gunicorn, over the app that the settings describe."""

    def init(self, parser: object, opts: object, args: Sequence[str]) -> dict[str, Any]:
        """Return the configuration; raise `InvalidSettings`."""
        return config_of(load_settings())

    def load(self) -> Flask:
        """Load the models in the worker, or have gunicorn end with one sentence."""
        from web.wsgi import build

        try:
            return build()
        except (CorpusError, SearchError, QAError) as error:
            raise AppImportError(f"Error: {error}") from error

    def run(self) -> None:
        """Serve until a signal ends it."""
        Relay(self).run()


class Relay(Arbiter):  # type: ignore[misc]
    """Gunicorn's master, which stops a worker only once another answers in its place."""

    def handle_hup(self) -> None:
        """Load the settings, models and stories anew, in a worker beside the one that answers."""
        self.log.info("A new worker loads; the old one answers until then.")
        self.log.reopen_files()
        self.spawn_worker()

    def manage_workers(self) -> None:
        """Begin workers that are missing, and stop old ones in whose place others answer."""
        if len(self.WORKERS) < self.num_workers:
            self.spawn_workers()
        now = time.monotonic()
        # Until its first beat a worker's heartbeat file has the time of its birth, since 1970.
        answering = {
            pid: worker for pid, worker in self.WORKERS.items() if worker.tmp.last_update() <= now
        }
        oldest_first = sorted(answering, key=lambda pid: answering[pid].age)
        for pid in oldest_first[: -self.num_workers]:
            self.kill_worker(pid, SIGTERM)

    def reap_workers(self) -> None:
        """Note which workers have ended; one that couldn't load ends the server if it is alone."""
        try:
            super().reap_workers()
        except HaltServer as halt:
            if not self.WORKERS:
                raise HaltServer(halt.reason, LOAD_FAILED) from halt
            self.log.error("The new worker couldn't load; the old one goes on.")
