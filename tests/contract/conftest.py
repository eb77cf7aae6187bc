"""Databases that the contracts run over."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.postgres import postgres_binaries
from tests.postgres import new_database, postgres


@pytest.fixture(scope="session")
def postgres_folder() -> Iterator[Path]:
    """The folder of a running server's socket."""
    binaries = postgres_binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL on this machine")
    with postgres(binaries) as folder:
        yield folder


@pytest.fixture
def database_url(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database of *engine*."""
    if engine == "sqlite":
        return f"sqlite:///{tmp_path}/conversations.sqlite"
    return new_database(request.getfixturevalue("postgres_folder"))
