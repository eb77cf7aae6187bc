"""Writes an exported reader in Hugging Face form, so that other libraries can load it.

`python -m qa.training.to_hugging_face TO [--reader FOLDER]` (dependency group `export`) undoes
`qa.training.export`: weights in 8 bits are multiplied by their scales, weights in 32 bits are
copied. The folder TO then holds a `BertForQuestionAnswering`: config, safetensors and tokenizer.
Needs neither torch nor transformers.
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper
from safetensors.numpy import save as safetensors

from qa.onnx_reader import BUNDLED, TOKENIZER, read_files
from qa.training.hf_files import CONFIG, TOKENIZER_CONFIG, WEIGHTS

Weights = NDArray[np.float32]
Config = dict[str, object]

PRODUCTS = (
    "attention.self.query",
    "attention.self.key",
    "attention.self.value",
    "attention.output.dense",
    "intermediate.dense",
    "output.dense",
)
NORMS = ("attention.output.LayerNorm", "output.LayerNorm")


class ReaderWeights:
    """The weights of an exported graph, under the names that transformers gives them."""

    def __init__(self, model: onnx.ModelProto) -> None:
        self._kept: dict[str, NDArray[np.generic]] = {
            kept.name: numpy_helper.to_array(kept) for kept in model.graph.initializer
        }
        self.heads: list[int] = [
            helper.get_node_attr_value(node, "num_heads")
            for node in model.graph.node
            if node.op_type == "MultiHeadAttention"
        ]

    def named(self) -> dict[str, Weights]:
        """Return all weights, matrices in the shape (outputs, inputs)."""
        pairs = [*self._embeddings(), *self._product("qa_outputs")]
        for layer in range(len(self.heads)):
            for part in PRODUCTS:
                pairs += self._product(f"bert.encoder.layer.{layer}.{part}")
            for part in NORMS:
                pairs += self._norm(f"bert.encoder.layer.{layer}.{part}")
        return {name: np.ascontiguousarray(array) for name, array in pairs}

    def _embeddings(self) -> Iterator[tuple[str, Weights]]:
        words = self._exact("words")
        if "words_scale" in self._kept:
            words = words * self._exact("words_scale")
        yield "bert.embeddings.word_embeddings.weight", words
        yield "bert.embeddings.position_embeddings.weight", self._exact("positions")
        yield "bert.embeddings.token_type_embeddings.weight", self._exact("segments")
        yield from self._norm("bert.embeddings.LayerNorm")

    def _product(self, name: str) -> Iterator[tuple[str, Weights]]:
        weight = self._exact(f"{name}.weight")
        if _kept_as(f"{name}.scale") in self._kept:
            weight = weight * self._exact(f"{name}.scale")
        yield f"{name}.weight", weight.T
        yield f"{name}.bias", self._exact(f"{name}.bias")

    def _norm(self, name: str) -> Iterator[tuple[str, Weights]]:
        yield f"{name}.weight", self._exact(f"{name}.weight")
        yield f"{name}.bias", self._exact(f"{name}.bias")

    def _exact(self, name: str) -> Weights:
        return self._kept[_kept_as(name)].astype(np.float32)


def _kept_as(name: str) -> str:
    return name.removeprefix("bert.").replace(".", "_")


def config_of(weights: dict[str, Weights], heads: list[int]) -> Config:
    """Return the configuration of the model that *weights* make up."""
    words = weights["bert.embeddings.word_embeddings.weight"]
    return {
        "architectures": ["BertForQuestionAnswering"],
        "model_type": "bert",
        "vocab_size": len(words),
        "hidden_size": words.shape[1],
        "num_hidden_layers": len(heads),
        "num_attention_heads": heads[0],
        "intermediate_size": len(weights["bert.encoder.layer.0.intermediate.dense.bias"]),
        "hidden_act": "gelu",
        "layer_norm_eps": 1e-12,
        "max_position_embeddings": len(weights["bert.embeddings.position_embeddings.weight"]),
        "type_vocab_size": len(weights["bert.embeddings.token_type_embeddings.weight"]),
        "pad_token_id": 0,
        "torch_dtype": "float32",
    }


def tokenizer_config_of(tokenizer: bytes, positions: int) -> Config:
    """Return what transformers must know beside the tokenizer's own file."""
    normalizer = json.loads(tokenizer)["normalizer"]
    return {
        "tokenizer_class": "BertTokenizer",
        "do_lower_case": normalizer["lowercase"],
        "strip_accents": normalizer["strip_accents"],
        "tokenize_chinese_chars": normalizer["handle_chinese_chars"],
        "model_max_length": positions,
        "unk_token": "[UNK]",
        "sep_token": "[SEP]",
        "pad_token": "[PAD]",
        "cls_token": "[CLS]",
        "mask_token": "[MASK]",
    }


def save(folder: Path, to: Path) -> None:
    """Write the exported reader in *folder* to the folder *to*, which is made if missing.

    Raises `ReaderNotFound` or `ReaderDamaged`.
    """
    files = read_files(folder)
    reader = ReaderWeights(onnx.load_model_from_string(files.graph))
    weights = reader.named()
    config = config_of(weights, reader.heads) | {"_name_or_path": files.name}
    positions = len(weights["bert.embeddings.position_embeddings.weight"])
    to.mkdir(parents=True, exist_ok=True)
    (to / WEIGHTS).write_bytes(safetensors(weights, metadata={"format": "pt"}))
    (to / TOKENIZER).write_bytes(files.tokenizer)
    _write(to / CONFIG, config)
    _write(to / TOKENIZER_CONFIG, tokenizer_config_of(files.tokenizer, positions))


def _write(path: Path, config: Config) -> None:
    path.write_text(json.dumps(config, indent=2) + "\n", "utf-8")


def main() -> None:
    """Write the reader from the command line."""
    parse = argparse.ArgumentParser(description="Write a reader in Hugging Face form.")
    parse.add_argument("to", type=Path)
    parse.add_argument("--reader", type=Path, default=BUNDLED, help="folder of an exported reader")
    options = parse.parse_args()
    save(options.reader, options.to)


if __name__ == "__main__":
    main()
