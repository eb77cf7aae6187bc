"""Weights to few bits so that products change least: OPTQ (Frantar et al. 2022, arXiv 2210.17323).

Inputs are rounded one after the other, and what rounding one did to the product is made good in
those that are still to come, as far as inputs are alike on real text.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from embeddings.onnx_session import session_options
from qa.reading.windows import MAX_PIECES, padded
from qa.training.examples import title_of
from qa.training.rows import Row

Weights = NDArray[np.float32]
Gram = NDArray[np.float64]
"""Shape (inputs, inputs): the sum over word pieces of a product's inputs times themselves."""

DAMPING = 0.01
"""Added to the diagonal, as a share of its mean (the paper's section 3.3)."""


def rounded(weight: Weights, scale: Weights, limit: int, gram: Gram | None) -> NDArray[np.int8]:
    """Return *weight*, shape (outputs, inputs), in whole multiples of *scale*, shape (outputs,).

    The multiples lie within -*limit* and *limit* - 1. Without *gram* each is the nearest.
    """
    if gram is None:
        return _nearest(weight / scale[:, None], limit)
    # The rows of this factor tell what rounding an input asks of those after it.
    damped = gram + np.eye(len(gram)) * DAMPING * np.mean(np.diag(gram))
    factor = np.linalg.cholesky(np.linalg.inv(damped)).T
    left = weight.astype(np.float64)
    kept = np.empty(weight.shape, np.int8)
    for n in range(weight.shape[1]):
        kept[:, n] = _nearest(left[:, n] / scale, limit)
        wrong = (left[:, n] - kept[:, n] * scale) / factor[n, n]
        left[:, n:] -= np.outer(wrong, factor[n, n:])
    return kept


def grams(
    model: onnx.ModelProto, names: Sequence[str], tokenizer: Path, rows: Sequence[Row]
) -> dict[str, Gram]:
    """Return the gram of each of the values called *names* of *model*, over the texts of *rows*."""
    shown = onnx.ModelProto()
    shown.CopyFrom(model)
    shown.graph.output.extend(
        onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None) for name in names
    )
    session = onnxruntime.InferenceSession(
        shown.SerializeToString(), session_options(0), providers=["CPUExecutionProvider"]
    )
    pieces_of = Tokenizer.from_file(str(tokenizer))
    pieces_of.enable_truncation(MAX_PIECES, strategy="only_second")
    pieces_of.no_padding()
    pairs = [(str(row["question"]), f"{title_of(row)}\n{row['context']}") for row in rows]
    sums: dict[str, Gram] = {}
    for encoding in pieces_of.encode_batch(pairs):
        pieces, types, _ = padded([encoding])
        inputs = {"pieces": pieces, "types": types}
        for name, [values] in zip(names, session.run(list(names), inputs), strict=True):
            held = values.astype(np.float64)
            sums[name] = sums.get(name, 0) + held.T @ held
    return sums


def _nearest(multiples: NDArray[np.floating], limit: int) -> NDArray[np.int8]:
    return np.clip(np.round(multiples), -limit, limit - 1).astype(np.int8)
