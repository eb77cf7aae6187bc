"""Milvus servers that tests share, or may kill, and a Ray cluster."""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from corpus.store import StoryStore
from tests.milvus import Server, lite_installed, lite_server
from tests.ray_cluster import TwoMachines
from tests.ray_cluster import two_machines as started


@pytest.fixture(scope="session")
def milvus_uri(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that no test stops."""
    _skip_without_lite()
    with lite_server(tmp_path_factory.mktemp("milvus")) as server:
        yield server.uri


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[Server]:
    """A server of the test's own, to be killed."""
    _skip_without_lite()
    (tmp_path / "milvus").mkdir()
    with lite_server(tmp_path / "milvus") as server:
        yield server


@pytest.fixture
def store(tmp_path: Path) -> Iterator[StoryStore]:
    store = StoryStore(tmp_path / "stories.sqlite")
    yield store
    store.close()


def _skip_without_lite() -> None:
    if not lite_installed():
        pytest.skip("neither pymilvus nor milvus-lite is installed: the group `scale`")


@pytest.fixture(scope="module")
def two_machines() -> Iterator[TwoMachines]:
    """A cluster of two machines on loopback."""
    if find_spec("ray") is None:
        pytest.skip("the extra 'ray' is not installed: make .venv/scale")
    with started() as cluster:
        yield cluster
