"""Where a model in Hugging Face form is found, and what of it is refused."""

from pathlib import Path

import huggingface_hub
import huggingface_hub.constants
import pytest

from qa.errors import ReaderNotFound, ReaderUnsuitable
from qa.reading.hf_folder import find_folder, fingerprint


def model(folder: Path, *names: str) -> Path:
    folder.mkdir()
    for name in names:
        (folder / name).write_bytes(name.encode())
    return folder


@pytest.mark.parametrize("tokenizer", ["tokenizer.json", "vocab.txt", "spiece.model"])
def test_a_folder_with_weights_and_a_tokenizer_is_taken(tmp_path: Path, tokenizer: str) -> None:
    folder = model(tmp_path / "reader", "model.safetensors", tokenizer)
    assert find_folder(str(folder)) == folder


def test_weights_that_can_run_code_are_refused(tmp_path: Path) -> None:
    folder = model(tmp_path / "reader", "pytorch_model.bin", "tokenizer.json")
    with pytest.raises(ReaderUnsuitable, match="Weights in other files can run code"):
        find_folder(str(folder))


def test_a_model_without_a_tokenizer_is_refused(tmp_path: Path) -> None:
    folder = model(tmp_path / "reader", "model.safetensors", "config.json")
    with pytest.raises(ReaderUnsuitable, match=r"tokenizer\.json"):
        find_folder(str(folder))


def test_a_model_that_is_nowhere_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(ReaderNotFound, match="hf download nobody/no-reader"):
        find_folder("nobody/no-reader")


def test_a_model_is_fetched_only_if_it_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = model(tmp_path / "empty")
    kept = model(tmp_path / "kept", "model.safetensors", "tokenizer.json")
    asked: list[bool] = []

    def snapshot(name: str, *, local_files_only: bool = False, **_: object) -> str:
        asked.append(local_files_only)
        return str(empty if local_files_only and name == "here/part" else kept)

    monkeypatch.setattr(huggingface_hub, "snapshot_download", snapshot)
    assert find_folder("here/whole") == kept
    assert asked == [True]
    assert find_folder("here/part") == kept  # without weights it is not kept
    assert asked == [True, True, False]


def test_a_fingerprint_tells_what_is_read_and_its_names_apart(tmp_path: Path) -> None:
    one = model(tmp_path / "one", "model.safetensors", "config.json")
    before = fingerprint(one)
    (one / "README.md").write_text("not read", "utf-8")
    assert fingerprint(one) == before
    (one / "config.json").rename(one / "other.json")
    assert fingerprint(one) != before
