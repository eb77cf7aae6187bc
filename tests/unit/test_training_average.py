"""Averaged weights lie between those of the two readers."""

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from qa.training.average import average, main
from qa.training.hf_files import WEIGHTS


def reader(folder: Path, **weights: float) -> Path:
    folder.mkdir()
    save_file({name: np.full(3, value, np.float32) for name, value in weights.items()},
              folder / WEIGHTS)  # fmt: skip
    (folder / "config.json").write_text("{}", "utf-8")
    return folder


@pytest.mark.parametrize(("share", "expected"), [(0.0, 1.0), (0.25, 2.0), (1.0, 5.0)])
def test_weights_lie_between_the_two(tmp_path: Path, share: float, expected: float) -> None:
    before, after = reader(tmp_path / "before", w=1.0), reader(tmp_path / "after", w=5.0)

    average(before, after, tmp_path / "to", share=share)

    assert load_file(tmp_path / "to" / WEIGHTS)["w"].tolist() == [expected] * 3
    assert (tmp_path / "to" / "config.json").exists()


def test_readers_of_two_shapes_are_refused(tmp_path: Path) -> None:
    before, after = reader(tmp_path / "before", w=1.0), reader(tmp_path / "after", v=5.0)

    with pytest.raises(SystemExit, match="not readers of one shape"):
        average(before, after, tmp_path / "to", share=0.5)


def test_the_command_averages_two_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, after = reader(tmp_path / "before", w=1.0), reader(tmp_path / "after", w=5.0)
    line = ["average", before, after, "--share", 0.5, "--to", tmp_path / "to"]
    monkeypatch.setattr("sys.argv", [str(word) for word in line])

    main()

    assert load_file(tmp_path / "to" / WEIGHTS)["w"].tolist() == [3.0] * 3
