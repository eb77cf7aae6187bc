"""Writes the encoder's graph, embeddings/models/all-minilm-l6-v2.onnx, without its weights.

Run `python -m embeddings.export` (dependency group `export`). The graph is BERT (Devlin et al.
2019) with 6 layers of width 384, mean pooling and normalisation, written down by hand in ONNX's
text form; neither torch nor transformers is needed. Its initializers are not in the file: each
names its bytes in the published `model.safetensors`, which `OnnxEncoder` hands to ONNX Runtime.
"""

import json
import struct
from collections.abc import Iterator
from pathlib import Path

import onnx
from onnx import TensorProto, parser

from embeddings.minilm import GRAPH, WEIGHTS, model_folder

LAYERS = 6
OPSETS = '<ir_version: 10, opset_import: ["" : 20, "com.microsoft" : 1]>'
SIGNATURE = (
    "encoder (int64[texts, length] pieces, int64[texts, length] mask)"
    " => (float[texts, 384] vectors)"
)

EMBED = """
  words = Gather (embeddings_word_embeddings_weight, pieces)
  length = Shape <start = 1, end = 2> (pieces)
  first = Constant <value_ints = [0]> ()
  positions = Slice (embeddings_position_embeddings_weight, first, length)
  placed = Add (words, positions)
  typed = Add (placed, embeddings_token_type_embeddings_weight)
  embedded = LayerNormalization <epsilon = 1e-12> (
    typed, embeddings_LayerNorm_weight, embeddings_LayerNorm_bias)
  batch = Shape (embedded)
  flat = Constant <value_ints = [-1, 384]> ()
  padding = Cast <to = 6> (mask)
  hidden0 = Reshape (embedded, flat)
"""

# Rows are (texts * length, 384) but for attention: Gemm reads the weights as torch wrote them.
LAYER = """
  query{n} = Gemm <transB = 1> (
    hidden{n}, {layer}_attention_self_query_weight, {layer}_attention_self_query_bias)
  key{n} = Gemm <transB = 1> (
    hidden{n}, {layer}_attention_self_key_weight, {layer}_attention_self_key_bias)
  value{n} = Gemm <transB = 1> (
    hidden{n}, {layer}_attention_self_value_weight, {layer}_attention_self_value_bias)
  queries{n} = Reshape (query{n}, batch)
  keys{n} = Reshape (key{n}, batch)
  values{n} = Reshape (value{n}, batch)
  heads{n} = com.microsoft.MultiHeadAttention <num_heads = 12> (
    queries{n}, keys{n}, values{n}, , padding)
  attended{n} = Reshape (heads{n}, flat)
  mixed{n} = Gemm <transB = 1> (
    attended{n}, {layer}_attention_output_dense_weight, {layer}_attention_output_dense_bias)
  residual{n} = Add (mixed{n}, hidden{n})
  normed{n} = LayerNormalization <epsilon = 1e-12> (residual{n},
    {layer}_attention_output_LayerNorm_weight, {layer}_attention_output_LayerNorm_bias)
  wide{n} = Gemm <transB = 1> (
    normed{n}, {layer}_intermediate_dense_weight, {layer}_intermediate_dense_bias)
  active{n} = Gelu (wide{n})
  narrow{n} = Gemm <transB = 1> (
    active{n}, {layer}_output_dense_weight, {layer}_output_dense_bias)
  summed{n} = Add (narrow{n}, normed{n})
  hidden{next} = LayerNormalization <epsilon = 1e-12> (
    summed{n}, {layer}_output_LayerNorm_weight, {layer}_output_LayerNorm_bias)
"""

# A sum in place of a mean: normalising makes them the same.
POOL = f"""
  states = Reshape (hidden{LAYERS}, batch)
  real = Cast <to = 1> (mask)
  axis = Constant <value_ints = [1]> ()
  weights = Unsqueeze (real, axis)
  sums = MatMul (weights, states)
  sum = Squeeze (sums, axis)
  vectors = LpNormalization <axis = -1, p = 2> (sum)
"""


def graph() -> onnx.ModelProto:
    """Return the graph, with no initializers yet."""
    layers = [LAYER.format(n=n, next=n + 1, layer=f"encoder_layer_{n}") for n in range(LAYERS)]
    body = "".join([EMBED, *layers, POOL])
    return parser.parse_model(f"{OPSETS} {SIGNATURE} {{{body}}}")


def initializers(weights: Path) -> Iterator[TensorProto]:
    """Yield an initializer for each tensor that the graph uses, naming its bytes in *weights*.

    A safetensors file is the length of a JSON header (64 bits, little-endian), the header, and
    the tensors.
    """
    with weights.open("rb") as file:
        (header_size,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(header_size))
    tensors = {name.replace(".", "_"): tensor for name, tensor in header.items()}
    used = {name for node in graph().graph.node for name in node.input}
    for name in sorted(used & tensors.keys()):
        rows, *width = tensors[name]["shape"]
        if name == "embeddings_token_type_embeddings_weight":
            # Every piece is of type 0.
            rows = 1
        yield external(name, [rows, *width], 8 + header_size + tensors[name]["data_offsets"][0])


def external(name: str, shape: list[int], offset: int) -> TensorProto:
    """Return an initializer of 32-bit floats that stand in the weights' file at *offset*."""
    tensor = TensorProto(
        name=name,
        dims=shape,
        data_type=TensorProto.FLOAT,
        data_location=TensorProto.EXTERNAL,
    )
    tensor.external_data.add(key="location", value=WEIGHTS)
    tensor.external_data.add(key="offset", value=str(offset))
    return tensor


def main() -> None:
    """Write the graph."""
    model = graph()
    model.graph.initializer.extend(initializers(model_folder() / WEIGHTS))
    GRAPH.parent.mkdir(exist_ok=True)
    GRAPH.write_bytes(model.SerializeToString())


if __name__ == "__main__":
    main()
