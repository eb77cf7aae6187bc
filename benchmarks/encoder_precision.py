"""What 8-bit arithmetic would gain and cost the encoder, against 32-bit floats.

Run `python -m benchmarks.encoder_precision ROWS.jsonl.gz`, where each row of the gzipped JSON
lines has `title`, `context` and `question`; needs the dependency group `export`. Prints Markdown
for docs/model-cards/encoder.md.
"""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import helper, numpy_helper
from safetensors.numpy import load_file

from benchmarks.paragraphs import read_paragraphs
from embeddings.export import graph
from embeddings.minilm import WEIGHTS, model_folder
from embeddings.onnx_encoder import OnnxEncoder
from embeddings.onnx_session import session_options

BLOCK = 128
SAMPLE = 2000
RUNS = 12
SCHEMES = {
    "fp32": "32-bit floats (the default)",
    "blocks": "int8, blocks of 128 (MatMulNBits)",
    "tensor": "int8, a scale a batch (DynamicQuantizeMatMul)",
}


def quantized(scheme: str) -> bytes:
    """Return the encoder's graph with its weights inside, and its Gemms by *scheme*."""
    model = graph()
    weights = {
        name.replace(".", "_"): tensor
        for name, tensor in load_file(str(model_folder() / WEIGHTS)).items()
    }
    weights["embeddings_token_type_embeddings_weight"] = weights[
        "embeddings_token_type_embeddings_weight"
    ][:1]
    nodes = []
    for node in model.graph.node:
        if node.op_type == "Gemm" and scheme != "fp32":
            node = QUANTIZERS[scheme](node, weights)
        nodes.append(node)
    used = {name for node in nodes for name in node.input}
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    model.graph.initializer.extend(
        numpy_helper.from_array(np.ascontiguousarray(weights[name]), name)
        for name in sorted(used & weights.keys())
    )
    return bytes(model.SerializeToString())


def by_blocks(node: onnx.NodeProto, weights: dict[str, NDArray[np.generic]]) -> onnx.NodeProto:
    """Return a Gemm whose weights have a scale per row and 128 columns, activations likewise."""
    rows, name, bias = node.input
    weight = weights[name]
    width, depth = weight.shape
    blocks = weight.reshape(width, depth // BLOCK, BLOCK)
    scale = np.abs(blocks).max(axis=2) / 127
    weights[f"{name}_int8"] = (np.rint(blocks / scale[..., None]) + 128).astype(np.uint8)
    weights[f"{name}_scale"] = scale.astype(np.float32)
    return helper.make_node(
        "MatMulNBits",
        [rows, f"{name}_int8", f"{name}_scale", "", "", bias],
        node.output,
        domain="com.microsoft",
        K=depth,
        N=width,
        bits=8,
        block_size=BLOCK,
        accuracy_level=4,
    )


def by_tensor(node: onnx.NodeProto, weights: dict[str, NDArray[np.generic]]) -> onnx.NodeProto:
    """Return a Gemm whose weights have a scale per row; activations have one for the batch."""
    rows, name, bias = node.input
    scale = np.abs(weights[name]).max(axis=1) / 127
    weights[f"{name}_int8"] = np.rint(weights[name] / scale[:, None]).astype(np.int8).T
    weights[f"{name}_scale"] = scale.astype(np.float32)
    return helper.make_node(
        "DynamicQuantizeMatMul",
        [rows, f"{name}_int8", f"{name}_scale", "", bias],
        node.output,
        domain="com.microsoft",
    )


QUANTIZERS = {"blocks": by_blocks, "tensor": by_tensor}


class Variant(OnnxEncoder):
    """The default encoder on another graph."""

    def __init__(self, scheme: str) -> None:
        super().__init__(threads=1)
        self._session = onnxruntime.InferenceSession(
            quantized(scheme), session_options(1), providers=["CPUExecutionProvider"]
        )

    def speed(self) -> Iterator[float]:
        """Yield passages of 128 word pieces a second of one core's time, over and over."""
        pieces = np.random.default_rng(7).integers(1000, 20_000, (16, 128))
        while True:
            start = time.process_time()
            self._session.run(["vectors"], {"pieces": pieces, "mask": np.ones_like(pieces)})
            yield len(pieces) / (time.process_time() - start)


def main(path: Path) -> None:
    """Print the table."""
    titled, questions, relevant = read_paragraphs(path, SAMPLE)
    variants = {scheme: Variant(scheme) for scheme in SCHEMES}
    speeds = zip(*(variant.speed() for variant in variants.values()), strict=True)
    # Side by side, since other programs slow a shared machine down by turns.
    quickest = np.max([next(speeds) for _ in range(RUNS)], axis=0)
    titles = ["arithmetic", "passages/s/core", "cosine mean", "lowest", "recall@1", "@5", "@20"]
    print(f"| {' | '.join(titles)} | overlap@20 |\n|---{'|--:' * 7}|")
    for (scheme, variant), speed in zip(variants.items(), quickest, strict=True):
        passages = variant.encode_passages([f"{title}\n{context}" for title, context in titled])
        # One at a time, as they are asked: a scale a batch would differ.
        asked = np.vstack([variant.encode_queries([question]) for question in questions])
        top = np.argsort(-asked @ passages.T, axis=1)[:, :20]
        if scheme == "fp32":
            exact, best = passages, top
        cosine = (passages * exact).sum(axis=1)
        found = [
            100 * (top[:, :k] == np.array(relevant)[:, None]).any(axis=1).mean() for k in (1, 5, 20)
        ]
        overlap = np.mean([len({*a} & {*b}) / 20 for a, b in zip(top, best, strict=True)])
        recalls = " | ".join(f"{share:.2f}" for share in found)
        print(
            f"| {SCHEMES[scheme]} | {speed:.0f} | {cosine.mean():.4f} | {cosine.min():.4f} "
            f"| {recalls} | {overlap:.3f} |",
            flush=True,
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
