"""An exported reader in Hugging Face form: the weights it was exported from, and the same spans."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from numpy.typing import NDArray
from safetensors.numpy import load_file

import corpus
from corpus.ingest import ingest
from corpus.passages import split_story
from corpus.store import StoryStore
from embeddings.retriever import Hit
from qa.onnx_reader import BUNDLED, GRAPH, OnnxReader
from qa.reading.hf_reader import HfReader
from tests.fakes import mayor_story
from tests.tiny_models import save_bert

pytest.importorskip("onnx", reason="the export group is not installed")
from qa.training.export import export
from qa.training.measure import open_reader
from qa.training.to_hugging_face import save

LAYERS = 2
RoundTrip = Callable[[bool], Path]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("original")
    save_bert(folder, layers=LAYERS)
    return folder


@pytest.fixture
def round_trip(original: Path, tmp_path: Path) -> RoundTrip:
    """Return the folder of what was exported, in 8 bits or not, and saved again."""

    def there_and_back(quantised: bool) -> Path:
        export(original, tmp_path / "onnx", name="tiny", quantised=quantised)
        save(tmp_path / "onnx", tmp_path / "back")
        return tmp_path / "back"

    return there_and_back


def weights_of(folder: Path) -> dict[str, NDArray[np.float32]]:
    return load_file(folder / "model.safetensors")


def test_weights_in_32_bits_come_back_as_they_were(original: Path, round_trip: RoundTrip) -> None:
    expected, weights = weights_of(original), weights_of(round_trip(False))

    assert weights.keys() == expected.keys()
    for name, array in weights.items():
        np.testing.assert_array_equal(array, expected[name])


def test_weights_in_8_bits_come_back_within_a_rounding_step(
    original: Path, round_trip: RoundTrip
) -> None:
    expected, weights = weights_of(original), weights_of(round_trip(True))

    assert weights.keys() == expected.keys()
    for name, array in weights.items():
        matrix = expected[name]
        step = np.abs(matrix).max(axis=-1, keepdims=True) / 64
        assert (np.abs(array - matrix) <= step * 1.0001).all(), name
    changed = {name for name, array in weights.items() if (array != expected[name]).any()}
    assert len(changed) == 6 * LAYERS + 1


@pytest.mark.parametrize("quantised", [False, True])
def test_a_graph_takes_texts_without_a_mask(
    original: Path, tmp_path: Path, quantised: bool
) -> None:
    export(original, tmp_path, name="tiny", quantised=quantised)

    session = onnxruntime.InferenceSession(tmp_path / GRAPH)

    assert [taken.name for taken in session.get_inputs()] == ["pieces", "types"]


def test_the_configuration_comes_back(original: Path, round_trip: RoundTrip) -> None:
    from transformers import AutoConfig

    expected, config = (
        AutoConfig.from_pretrained(folder) for folder in (original, round_trip(False))
    )

    for name in (
        "architectures", "model_type", "vocab_size", "hidden_size", "num_hidden_layers",
        "num_attention_heads", "intermediate_size", "hidden_act", "layer_norm_eps",
        "max_position_embeddings", "type_vocab_size", "pad_token_id",
    ):  # fmt: skip
        assert getattr(config, name) == getattr(expected, name), name


def test_both_forms_read_alike(round_trip: RoundTrip) -> None:
    back = round_trip(False)
    story = mayor_story()
    hits = [Hit(passage=passage, story=story, score=0.0) for passage in split_story(story)]

    here, there = (
        reader.read("Who won?", hits)[0]
        for reader in (open_reader(str(back.parent / "onnx")), open_reader(str(back)))
    )

    assert (here.text, there.text) == ("Ada Quinn", "Ada Quinn")
    assert np.isclose(here.score, there.score, atol=1e-3)


@pytest.mark.models
def test_the_bundled_reader_reads_stories_alike_in_either_form(tmp_path: Path) -> None:
    save(BUNDLED, tmp_path / "reader")
    store = StoryStore(tmp_path / "stories.sqlite")
    ingest(store, [Path(corpus.__file__).parent / "stories"])
    hits = [
        Hit(passage=passage, story=story, score=0.0)
        for story, passages in store.pending(100)
        for passage in passages
    ]
    store.close()
    onnx, torch = OnnxReader(), HfReader(str(tmp_path / "reader"))

    for question in (
        "When did DTRA start training Panama?",
        "Who runs the Cooperative Threat Reduction Program?",
    ):
        here, there = (reader.read(question, hits) for reader in (onnx, torch))
        assert (here[0].passage, here[0].text) == (there[0].passage, there[0].text)
        # ONNX Runtime rounds activations to 8 bits as well.
        assert np.isclose(here[0].score, there[0].score, atol=0.5)
        places = [
            {(s.passage.passage_id, s.start, s.end) for s in spans} for spans in (here, there)
        ]
        assert len(places[0] & places[1]) > 0.7 * len(places[0])
