"""Databases that the contracts run over."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.postgres import postgres_binaries
from tests.milvus import full_server, lite_installed, lite_server, real_server
from tests.postgres import new_database, postgres


@pytest.fixture(scope="session")
def postgres_folder() -> Iterator[Path]:
    """The folder of a running server's socket."""
    binaries = postgres_binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL on this machine")
    with postgres(binaries) as folder:
        yield folder


@pytest.fixture(scope="session")
def milvus_lite_uri(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running `milvus-lite server`."""
    if not lite_installed():
        pytest.skip("neither pymilvus nor milvus-lite is installed: the group `scale`")
    with lite_server(tmp_path_factory.mktemp("milvus-lite")) as server:
        yield server.uri


@pytest.fixture(scope="session")
def milvus_engine_uri(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running Milvus 2.3.5, the newest that a Python package carries."""
    program = full_server()
    if program is None or not lite_installed():
        pytest.skip("no engine: DATELINE_TEST_MILVUS names no environment with milvus==2.3.5")
    try:
        with real_server(program, tmp_path_factory.mktemp("milvus")) as server:
            yield server.uri
    except TimeoutError as error:
        pytest.skip(f"the engine does not start: {error}")


@pytest.fixture(scope="session")
def milvus_named_uri() -> str:
    """The address of the server that DATELINE_MILVUS_URI names."""
    uri = os.environ.get("DATELINE_MILVUS_URI")
    if not uri:
        pytest.skip("DATELINE_MILVUS_URI names no server")
    return uri


@pytest.fixture
def database_url(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database of *engine*."""
    if engine == "sqlite":
        return f"sqlite:///{tmp_path}/conversations.sqlite"
    return new_database(request.getfixturevalue("postgres_folder"))
