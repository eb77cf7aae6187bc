"""Passages encoded by the machines of a Ray cluster; the last test kills one of them."""

import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest

import corpus
from corpus.ingest import ingest
from corpus.store import StoryStore
from embeddings.build import encode_pending
from embeddings.encoder import Encoder
from embeddings.errors import ClusterFailed, EncodersDiffer
from embeddings.onnx_encoder import OnnxEncoder
from embeddings.ray_encoding import RayEncoding
from tests.fakes import HashingEncoder
from tests.ray_cluster import OTHER, ROOT, TwoMachines

STORIES = [Path(corpus.__file__).parent / "stories", ROOT / "tests" / "gold" / "stories"]
pytestmark = [
    pytest.mark.models,
    pytest.mark.filterwarnings("ignore::DeprecationWarning:ray"),
    pytest.mark.filterwarnings("ignore::FutureWarning:ray"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # Ray's, when its machines end
]


@pytest.fixture(scope="module")
def encoder() -> OnnxEncoder:
    return OnnxEncoder(threads=1)


def test_vectors_of_another_encoder_are_an_error_and_not_stored(
    two_machines: TwoMachines, encoder: OnnxEncoder, tmp_path: Path
) -> None:
    store = _store(tmp_path / "stories.sqlite", encoder)
    with pytest.raises(EncodersDiffer, match="encodes with hashing, but this machine with all-"):
        _encoding(two_machines, HashingEncoder)(store, encoder)
    assert store.change == 0


def test_machines_that_cannot_open_the_encoder_end_the_run_with_the_reason(
    two_machines: TwoMachines, encoder: OnnxEncoder, tmp_path: Path
) -> None:
    store = _store(tmp_path / "stories.sqlite", encoder)
    missing = partial(OnnxEncoder, folder=tmp_path / "nowhere")
    with pytest.raises(ClusterFailed, match=r"nowhere.*every machine needs the same version"):
        _encoding(two_machines, missing)(store, encoder)
    assert store.change == 0


def test_each_passage_is_stored_once_though_a_machine_is_killed(
    two_machines: TwoMachines,
    encoder: OnnxEncoder,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "embeddings.ray_encoding")
    store, alone = _store(tmp_path / "ray.sqlite", encoder), _store(tmp_path / "alone", encoder)
    heard: list[tuple[int, int]] = []
    killed_after: list[int] = []

    def kill_once_it_has_worked(done: int, total: int) -> None:
        heard.append((done, total))
        if not killed_after and f"{OTHER} encoded" in caplog.text:
            killed_after.append(done)
            two_machines.kill_the_other()

    _encoding(two_machines, partial(OnnxEncoder, threads=1))(
        store, encoder, kill_once_it_has_worked
    )
    encode_pending(alone, encoder)

    expected, found = _vectors(alone), _vectors(store)
    assert killed_after[0] < len(expected)
    assert heard[-1] == (len(expected), len(expected))
    assert found.keys() == expected.keys()
    np.testing.assert_allclose(
        [found[passage_id] for passage_id in expected], list(expected.values()), atol=1e-5
    )
    assert _stories_added(store) == _stories_added(alone)


def _encoding(machines: TwoMachines, open_encoder: Callable[[], Encoder]) -> RayEncoding:
    return RayEncoding(address=machines.address, open_encoder=open_encoder, block_passages=4)


def _store(path: Path, encoder: OnnxEncoder) -> StoryStore:
    store = StoryStore(path)
    ingest(store, STORIES)
    store.set_encoder(encoder.name)
    return store


def _vectors(store: StoryStore) -> dict[int, list[float]]:
    stories = [story.story_id for story in store.stories_page(1000)]
    return {passage.passage_id: vector.tolist() for _, passage, vector in store.entries(stories)}


def _stories_added(store: StoryStore) -> list[str]:
    return sorted(step.story_id for step in store.changes_since(0) if step.kind == "add")
