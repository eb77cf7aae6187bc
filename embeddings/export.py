"""Writes the encoder's ONNX graph: all-MiniLM-L6-v2 without its weights.

Run `python -m embeddings.export` (dependency group `export`); neither torch nor transformers is
needed. The graph's initializers are not in the file: each names its byte range in the official
`model.safetensors`, which `OnnxEncoder` hands to ONNX Runtime when it loads the graph.
"""

import json
import struct
from collections.abc import Iterator
from pathlib import Path

import onnx
from onnx import TensorProto, parser

from embeddings.minilm import GRAPHS, WEIGHTS, model_folder

LAYERS = 6

EMBED = """
  words = Gather (embeddings_word_embeddings_weight, pieces)
  length = Shape <start = 1, end = 2> (pieces)
  zero = Constant <value_ints = [0]> ()
  positions = Slice (embeddings_position_embeddings_weight, zero, length)
  placed = Add (words, positions)
  typed = Add (placed, embeddings_token_type_embeddings_weight)
  normed = LayerNormalization <epsilon = 1e-12> (
    typed, embeddings_LayerNorm_weight, embeddings_LayerNorm_bias)
  flat = Constant <value_ints = [-1, 384]> ()
  shape = Shape (normed)
  mask32 = Cast <to = 6> (mask)
  hidden0 = Reshape (normed, flat)
"""

LAYER = """
  q{n} = Gemm <transB = 1> (hidden{n},
    encoder_layer_{n}_attention_self_query_weight, encoder_layer_{n}_attention_self_query_bias)
  k{n} = Gemm <transB = 1> (hidden{n},
    encoder_layer_{n}_attention_self_key_weight, encoder_layer_{n}_attention_self_key_bias)
  v{n} = Gemm <transB = 1> (hidden{n},
    encoder_layer_{n}_attention_self_value_weight, encoder_layer_{n}_attention_self_value_bias)
  qr{n} = Reshape (q{n}, shape)
  kr{n} = Reshape (k{n}, shape)
  vr{n} = Reshape (v{n}, shape)
  heads{n} = com.microsoft.MultiHeadAttention <num_heads = 12> (
    qr{n}, kr{n}, vr{n}, , mask32)
  attended{n} = Reshape (heads{n}, flat)
  mixed{n} = Gemm <transB = 1> (attended{n},
    encoder_layer_{n}_attention_output_dense_weight,
    encoder_layer_{n}_attention_output_dense_bias)
  added{n} = Add (mixed{n}, hidden{n})
  middle{n} = LayerNormalization <epsilon = 1e-12> (added{n},
    encoder_layer_{n}_attention_output_LayerNorm_weight,
    encoder_layer_{n}_attention_output_LayerNorm_bias)
  wide{n} = Gemm <transB = 1> (middle{n},
    encoder_layer_{n}_intermediate_dense_weight, encoder_layer_{n}_intermediate_dense_bias)
  bent{n} = Gelu (wide{n})
  narrow{n} = Gemm <transB = 1> (bent{n},
    encoder_layer_{n}_output_dense_weight, encoder_layer_{n}_output_dense_bias)
  summed{n} = Add (narrow{n}, middle{n})
  hidden{m} = LayerNormalization <epsilon = 1e-12> (summed{n},
    encoder_layer_{n}_output_LayerNorm_weight, encoder_layer_{n}_output_LayerNorm_bias)
"""

POOL = """
  last = Reshape (hidden6, shape)
  weights2 = Cast <to = 1> (mask)
  axis1 = Constant <value_ints = [1]> ()
  weights1 = Unsqueeze (weights2, axis1)
  sums = MatMul (weights1, last)
  sum = Squeeze (sums, axis1)
  vectors = LpNormalization <axis = -1, p = 2> (sum)
"""


def graph() -> onnx.ModelProto:
    layers = "".join(LAYER.format(n=n, m=n + 1) for n in range(LAYERS))
    return parser.parse_model(
        '<ir_version: 10, opset_import: ["" : 20, "com.microsoft": 1]>\n'
        "encoder (int64[texts, length] pieces, int64[texts, length] mask)"
        " => (float[texts, 384] vectors) {" + EMBED + layers + POOL + "}"
    )


def initializers(weights: Path) -> Iterator[TensorProto]:
    with weights.open("rb") as file:
        (size,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(size))
    for name, tensor in header.items():
        if name in {"__metadata__", "embeddings.position_ids"} or name.startswith("pooler"):
            continue
        start, end = tensor["data_offsets"]
        shape = tensor["shape"]
        if "token_type" in name:
            shape, end = [1, 384], start + 4 * 384
        proto = TensorProto(
            name=name.replace(".", "_"),
            data_type=TensorProto.FLOAT,
            dims=shape,
            data_location=TensorProto.EXTERNAL,
        )
        for key, value in (
            ("location", WEIGHTS),
            ("offset", 8 + size + start),
            ("length", end - start),
        ):
            proto.external_data.add(key=key, value=str(value))
        yield proto


def main() -> None:
    model = graph()
    model.graph.initializer.extend(initializers(model_folder() / WEIGHTS))
    GRAPHS.mkdir(exist_ok=True)
    (GRAPHS / "all-minilm-l6-v2.onnx").write_bytes(model.SerializeToString())


if __name__ == "__main__":
    main()
