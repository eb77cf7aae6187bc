"""Writes a reader's ONNX graph with 8-bit weights from a Hugging Face folder.

`python -m qa.training.export FOLDER --name NAME [--rows ROWS] [--to FOLDER]` (dependency group
`export`); FOLDER holds the config, safetensors and tokenizer of a `BertForQuestionAnswering`.
Needs neither torch nor transformers.

Weights are rounded per output channel and activations per text (dynamic quantisation). Two
choices keep the answers: quantised weights use 7 bits, so that the 16-bit sums of AVX2 without
VNNI can't saturate and every machine reads alike; and in the feed-forward part the first word
piece, whose values are several times those of any other, has a scale of its own. With
--rows weights are rounded so that the products of their texts change least. What that
costs in F1 stands in docs/model-cards/reader.md.

The graph takes texts of one length and has no mask: padding is work, and so is masking it.
"""

import argparse
import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper, parser
from safetensors.numpy import load_file

from qa.onnx_reader import BUNDLED, GRAPH, MANIFEST, TOKENIZER
from qa.training.hf_files import CONFIG, WEIGHTS
from qa.training.rounding import Gram, grams, rounded
from qa.training.rows import Row, read_rows, sample_of

Weights = NDArray[np.float32]

LIMIT = 64
"""Quantised weights lie within -64 and 63, which are 7 bits."""

SIGNATURE = (
    "reader (int64[texts, length] pieces, int64[texts, length] types)"
    " => (float[texts, length, 2] logits)"
)


class ReaderGraph:
    """The text of a BERT span reader's graph, and its initializers."""

    def __init__(
        self,
        weights: dict[str, Weights],
        heads: int,
        *,
        quantised: bool,
        grams: Mapping[str, Gram] | None = None,
    ) -> None:
        """Take what products are rounded by: the gram of each value that is multiplied."""
        self._grams = grams or {}
        self.multiplied: dict[str, None] = {}
        self._weights = {name.removeprefix("bert."): array for name, array in weights.items()}
        self._heads = heads
        self._quantised = quantised
        self._kept: dict[str, tuple[str, str, str]] = {}
        self.initializers: dict[str, NDArray[np.generic]] = {}
        self.lines: list[str] = []

    def build(self, layers: int) -> onnx.ModelProto:
        """Return the whole model."""
        self._embed()
        for layer in range(layers):
            self._layer(layer)
        self._exact("logits", f"hidden{layers}", "qa_outputs")
        model = parser.parse_model(
            '<ir_version: 10, opset_import: ["" : 20, "com.microsoft": 1]>\n'
            f"{SIGNATURE} {{\n" + "\n".join(self.lines) + "\n}"
        )
        model.graph.initializer.extend(
            numpy_helper.from_array(array, name) for name, array in self.initializers.items()
        )
        return model

    def _embed(self) -> None:
        self._words()
        positions = self._keep("positions", self._weights["embeddings.position_embeddings.weight"])
        types = self._keep("segments", self._weights["embeddings.token_type_embeddings.weight"])
        self.lines += [
            "length = Shape <start = 1, end = 2> (pieces)",
            "zero = Constant <value_ints = [0]> ()",
            f"placed = Slice ({positions}, zero, length)",
            f"typed = Gather ({types}, types)",
            "worded_placed = Add (worded, placed)",
            "embedded = Add (worded_placed, typed)",
        ]
        if self._quantised:
            self.lines.append("one = Constant <value_ints = [1]> ()")
        self._normalise("hidden0", "embedded", "embeddings.LayerNorm")

    def _words(self) -> None:
        words = self._weights["embeddings.word_embeddings.weight"]
        if not self._quantised:
            self.lines.append(f"worded = Gather ({self._keep('words', words)}, pieces)")
            return
        scale = np.maximum(np.abs(words).max(axis=1, keepdims=True), 1e-9) / 127
        self._keep("words", np.round(words / scale).astype(np.int8))
        self._keep("words_scale", scale)
        self.lines += [
            "worded8 = Gather (words, pieces)",
            "worded32 = Cast <to = 1> (worded8)",
            "worded_scale = Gather (words_scale, pieces)",
            "worded = Mul (worded32, worded_scale)",
        ]

    def _layer(self, n: int) -> None:
        name = f"encoder.layer.{n}"
        for part in ("query", "key", "value"):
            self._product(f"{part}{n}", f"hidden{n}", f"{name}.attention.self.{part}")
        self.lines.append(
            f"heads{n} = com.microsoft.MultiHeadAttention <num_heads = {self._heads}> "
            f"(query{n}, key{n}, value{n})"
        )
        self._product(f"mixed{n}", f"heads{n}", f"{name}.attention.output.dense")
        self.lines.append(f"attended{n} = Add (mixed{n}, hidden{n})")
        self._normalise(f"middle{n}", f"attended{n}", f"{name}.attention.output.LayerNorm")
        if self._quantised:
            self._feed_forward_apart(n)
        else:
            self._feed_forward(n)
        self.lines.append(f"summed{n} = Add (narrow{n}, middle{n})")
        self._normalise(f"hidden{n + 1}", f"summed{n}", f"{name}.output.LayerNorm")

    def _feed_forward_apart(self, n: int) -> None:
        """Scale the first word piece by itself, lest the others lose their low bits to it."""
        self.lines += [
            f"first_middle{n} = Slice (middle{n}, zero, one, one)",
            f"rest_middle{n} = Slice (middle{n}, one, length, one)",
        ]
        self._feed_forward(n, "first_")
        self._feed_forward(n, "rest_")
        self.lines.append(f"narrow{n} = Concat <axis = 1> (first_narrow{n}, rest_narrow{n})")

    def _feed_forward(self, n: int, part: str = "") -> None:
        name = f"encoder.layer.{n}"
        self._product(f"{part}wide{n}", f"{part}middle{n}", f"{name}.intermediate.dense")
        self.lines.append(f"{part}bent{n} = Gelu ({part}wide{n})")
        self._product(f"{part}narrow{n}", f"{part}bent{n}", f"{name}.output.dense")

    def _product(self, out: str, x: str, name: str) -> None:
        """Multiply by a weight matrix, in 8 bits if the graph is quantised."""
        self.multiplied[x] = None
        if not self._quantised:
            self._exact(out, x, name)
            return
        weight, scale, bias = self._keep_quantised(name, x)
        self.lines.append(
            f"{out} = com.microsoft.DynamicQuantizeMatMul ({x}, {weight}, {scale}, , {bias})"
        )

    def _exact(self, out: str, x: str, name: str) -> None:
        weight = self._keep(f"{name}.weight", self._weights[f"{name}.weight"].T)
        bias = self._keep(f"{name}.bias", self._weights[f"{name}.bias"])
        self.lines += [
            f"{out}_product = MatMul ({x}, {weight})",
            f"{out} = Add ({out}_product, {bias})",
        ]

    def _normalise(self, out: str, x: str, name: str) -> None:
        gain = self._keep(f"{name}.weight", self._weights[f"{name}.weight"])
        bias = self._keep(f"{name}.bias", self._weights[f"{name}.bias"])
        self.lines.append(
            f"{out} = LayerNormalization <axis = -1, epsilon = 1e-12> ({x}, {gain}, {bias})"
        )

    def _keep_quantised(self, name: str, x: str) -> tuple[str, str, str]:
        if name not in self._kept:
            weight = self._weights[f"{name}.weight"]
            scale = np.abs(weight).max(axis=1) / LIMIT
            gram = self._grams.get(x.removeprefix("first_"))
            self._kept[name] = (
                self._keep(f"{name}.weight", rounded(weight, scale, LIMIT, gram).T),
                self._keep(f"{name}.scale", scale),
                self._keep(f"{name}.bias", self._weights[f"{name}.bias"]),
            )
        return self._kept[name]

    def _keep(self, name: str, array: NDArray[np.generic]) -> str:
        name = name.replace(".", "_")
        self.initializers[name] = np.ascontiguousarray(array)
        return name


def export(folder: Path, to: Path, *, name: str, quantised: bool, rows: Sequence[Row] = ()) -> None:
    """Write the graph, the tokenizer and the manifest of the reader in *folder*.

    With *rows* its products are rounded for texts like theirs.
    """
    config = json.loads((folder / CONFIG).read_text("utf-8"))
    weights = {key: array.astype(np.float32) for key, array in load_file(folder / WEIGHTS).items()}
    heads, layers = config["num_attention_heads"], config["num_hidden_layers"]
    exact = ReaderGraph(weights, heads, quantised=False)
    model = exact.build(layers)
    if quantised:
        known = grams(model, [*exact.multiplied], folder / TOKENIZER, rows) if rows else None
        model = ReaderGraph(weights, heads, quantised=True, grams=known).build(layers)
    to.mkdir(parents=True, exist_ok=True)
    (to / GRAPH).write_bytes(model.SerializeToString())
    shutil.copyfile(folder / TOKENIZER, to / TOKENIZER)
    sha256 = {
        file: hashlib.sha256((to / file).read_bytes()).hexdigest() for file in (GRAPH, TOKENIZER)
    }
    manifest = {"name": f"{name}@{sha256[GRAPH][:8]}", "sha256": sha256}
    (to / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", "utf-8")


def main() -> None:
    """Run the export from the command line."""
    parse = argparse.ArgumentParser(description="Export a reader to ONNX.")
    parse.add_argument("folder", type=Path)
    parse.add_argument("--name", required=True, help="what answers' receipts call the reader")
    parse.add_argument("--fp32", action="store_true", help="keep weights and products in fp32")
    parse.add_argument("--rows", type=Path, help="rows whose texts products are rounded for")
    parse.add_argument("--sample", type=int, default=256, help="how many of the rows are read")
    parse.add_argument("--to", type=Path, default=BUNDLED)
    options = parse.parse_args()
    rows = sample_of(read_rows(options.rows), options.sample) if options.rows else []
    export(options.folder, options.to, name=options.name, quantised=not options.fp32, rows=rows)


if __name__ == "__main__":
    main()
