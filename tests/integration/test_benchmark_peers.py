"""The benchmark beside other libraries, with Dateline alone: the peers are not installed here."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks.peers import __main__ as benchmark
from qa.onnx_reader import BUNDLED as READER

pytest.importorskip("onnx", reason="the reader is saved in another form with onnx")

pytestmark = pytest.mark.models


def test_dateline_is_measured_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from qa.training.to_hugging_face import save

    monkeypatch.setattr(benchmark, "two_cores", lambda: None)
    save(READER, tmp_path / "reader")
    measured = tmp_path / "measured.json"
    options = {
        "--reader": tmp_path / "reader",
        "--environments": tmp_path,
        "--leg": "Dateline",
        "--questions": 4,
        "--rounds": 1,
        "--starts": 1,
        "--to": measured,
    }
    arguments = [str(part) for pair in options.items() for part in pair]
    result = CliRunner().invoke(benchmark.main, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    [leg] = json.loads(measured.read_text("utf-8"))["legs"]
    assert leg["passages"] > 50
    assert len(leg["replies"]) == 4
    assert any(reply["text"] for reply in leg["replies"])
    assert all(reply["passage"] for reply in leg["replies"] if reply["text"])
    assert result.output.count("| Dateline |") == 4


def test_a_leg_that_there_is_not_is_refused(tmp_path: Path) -> None:
    result = CliRunner().invoke(benchmark.main, ["--reader", str(tmp_path), "--leg", "Hayrick"])
    assert result.exit_code == 2
    assert "no leg is called Hayrick" in result.output
