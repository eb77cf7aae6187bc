"""A PostgreSQL server for the tests: its files in a folder of its own, a Unix socket, no TCP."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from deploy.postgres import create_database, postgres_server

_numbers = count(1)


@contextmanager
def postgres(binaries: Path) -> Iterator[Path]:
    """Run a server and yield the folder of its socket."""
    # The path of a socket has at most 107 bytes: pytest's own folders may be too deep.
    with tempfile.TemporaryDirectory(prefix="pg-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        (folder / "socket").mkdir()
        options = ["-c", "fsync=off", "-c", "timezone=Asia/Tokyo"]
        with postgres_server(binaries, folder / "files", folder / "socket", options) as socket:
            yield socket


def new_database(folder: Path) -> str:
    """Make an empty database on the server whose socket is in *folder*; return its URL."""
    return create_database(folder, f"test_{next(_numbers)}")
