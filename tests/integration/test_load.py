"""A server that `dateline serve` starts answers clients that ask all at once."""

from pathlib import Path

import pytest

from benchmarks.load import dateline_served, put_under_load, questions_of
from qa.commands.stories import BUNDLED, add_stories
from qa.settings import Settings

pytestmark = pytest.mark.models

CLIENTS = 8
SECONDS = 6


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("load")
    add_stories(Settings(data=data), [str(BUNDLED)], publisher=None, if_empty=False)
    return data


@pytest.mark.parametrize("cache_mb", ["0", "16"])
def test_clients_that_ask_all_at_once_are_all_answered(data: Path, cache_mb: str) -> None:
    """Nobody is refused or forgotten; how long they wait is for `make bench-load` to measure."""
    questions = questions_of(data, ())
    with dateline_served(data, DATELINE_ANSWER__CACHE_MB=cache_mb) as port:
        load = put_under_load(port, questions, CLIENTS, SECONDS)

    assert load.errors == {}
    assert set(load.of_client) == set(range(CLIENTS))
    fewest, most = min(load.of_client.values()), max(load.of_client.values())
    assert most <= 4 * fewest + 4
    assert load.percentile(99) >= load.percentile(50) > 0
