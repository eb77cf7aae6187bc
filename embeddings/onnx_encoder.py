"""OnnxEncoder: all-MiniLM-L6-v2 on ONNX Runtime, the default encoder."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from embeddings.encoder import Vectors
from embeddings.minilm import GRAPH, SHA256, TOKENIZER, WEIGHTS, model_folder, read_verified
from embeddings.onnx_session import session_options
from embeddings.passage_text import encodable

MAX_PIECES = 256
"""Word pieces that are read of a text, as in the model's sentence_bert_config.json."""

BATCH_PIECES = 2048
"""Word pieces in a batch, padding included."""


class OnnxEncoder:
    """Mean-pooled, normalised all-MiniLM-L6-v2 (Reimers and Gurevych 2019) without torch.

    Questions and passages are encoded alike. Safe to use from several threads.
    """

    dim = 384

    def __init__(self, *, folder: Path | None = None, threads: int = 0) -> None:
        """Load the weights from *folder*, by default the installed ones.

        Raises `ModelNotFound` or `ModelDamaged`, which say what to do.
        """
        folder = folder or model_folder()
        self.name = f"all-MiniLM-L6-v2@{SHA256[WEIGHTS][:8]} fp32"
        self._tokenizer = Tokenizer.from_buffer(read_verified(folder / TOKENIZER)[:])
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_PIECES)
        weights = read_verified(folder / WEIGHTS)
        options = session_options(threads)
        options.add_external_initializers_from_files_in_memory([WEIGHTS], [weights], [len(weights)])
        self._session = onnxruntime.InferenceSession(
            str(GRAPH), options, providers=["CPUExecutionProvider"]
        )

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of *texts* that are asked, shape (len(texts), 384)."""
        return self._encode(texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of *texts* that are searched, shape (len(texts), 384)."""
        return self._encode(texts)

    def _encode(self, texts: Sequence[str]) -> Vectors:
        pieces = self._tokenizer.encode_batch_fast([encodable(text) for text in texts])
        vectors = np.zeros((len(texts), self.dim), np.float32)
        for rows in batches([len(encoding) for encoding in pieces]):
            vectors[rows] = self._run([pieces[row] for row in rows])
        return vectors

    def _run(self, pieces: list[Encoding]) -> Vectors:
        ids, mask = padded(pieces)
        (vectors,) = self._session.run(["vectors"], {"pieces": ids, "mask": mask})
        return np.asarray(vectors, np.float32)


def batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Yield row numbers in batches of like length, so that little padding is computed."""
    rows = sorted(range(len(lengths)), key=lengths.__getitem__, reverse=True)
    while rows:
        size = max(1, BATCH_PIECES // lengths[rows[0]])
        yield rows[:size]
        rows = rows[size:]


def padded(pieces: Sequence[Encoding]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return ids and mask, both of shape (len(pieces), longest)."""
    ids = np.zeros((len(pieces), max(map(len, pieces))), np.int64)
    mask = np.zeros_like(ids)
    for row, encoding in enumerate(pieces):
        ids[row, : len(encoding)] = encoding.ids
        mask[row, : len(encoding)] = 1
    return ids, mask
