"""An app served on loopback, for what asks it as its users do."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask
from werkzeug.serving import make_server

from corpus.ingest import ingest
from qa.assemble import assemble, open_conversations, open_store
from qa.settings import load_settings
from web import create_app
from web.operating.metrics import Metrics


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve *app* for the length of the block, and give its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def stories_served(stories: Sequence[Path]) -> Iterator[str]:
    """Serve *stories* by the real app, from a data folder of their own, and give the address."""
    with TemporaryDirectory() as data:
        settings = load_settings(data=Path(data))
        with closing(open_store(settings)) as store:
            ingest(store, stories)
        metrics = Metrics()
        assistant = replace(assemble(settings), observe=metrics.answered)
        app = create_app(settings, assistant, open_conversations(settings), metrics)
        with served(app) as address:
            yield address
