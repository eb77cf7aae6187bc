"""The learning curve: losses and scores on development rows, one JSON object a line."""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from transformers import BertForQuestionAnswering

from qa.onnx_reader import OnnxReader
from qa.training.export import export
from qa.training.measure import measure
from qa.training.model import save_model
from qa.training.rows import Row, read_rows, sample_of


class Curve:
    """Appends to the curve in *file*; scores are over a fixed sample of each of *sets*."""

    def __init__(self, file: Path, sets: dict[str, Sequence[Row]], start: Path) -> None:
        self._file = file
        self._sets = sets
        self._start = start

    def loss(self, examples: int, *, loss: float, rate: float, per_second: float) -> None:
        """Write the mean loss since the last line, and how fast examples are learned from."""
        self._write({
            "examples": examples, "loss": round(loss, 4), "rate": rate,
            "per_second": round(per_second, 1),
        })  # fmt: skip

    def scores(self, examples: int, model: BertForQuestionAnswering) -> None:
        """Read the development rows as Dateline would, in 32 bits, and write the scores."""
        if not self._sets:
            return
        with tempfile.TemporaryDirectory() as folder:
            saved, exported = Path(folder) / "saved", Path(folder) / "exported"
            save_model(model, self._start, saved)
            export(saved, exported, name="training", quantised=False)
            reader = OnnxReader(exported)
            scores = {name: asdict(measure(reader, rows)) for name, rows in self._sets.items()}
        self._write({"examples": examples, "scores": scores})

    def _write(self, line: dict[str, object]) -> None:
        with self._file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


def sampled(folder: Path, count: int) -> dict[str, Sequence[Row]]:
    """Return at most *count* rows of each set in *folder*, always the same ones."""
    return {
        path.name.removesuffix(".jsonl.gz"): sample_of(read_rows(path), count)
        for path in sorted(folder.glob("*.jsonl.gz"))
    }
