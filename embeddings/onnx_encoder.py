"""OnnxEncoder: all-MiniLM-L6-v2 on ONNX Runtime, the default encoder."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from embeddings.encoder import Vectors
from embeddings.minilm import GRAPH, SHA256, TOKENIZER, WEIGHTS, model_folder, read_verified
from embeddings.onnx_session import physical_cores, session_options
from embeddings.passage_text import encodable

MAX_PIECES = 256
"""Word pieces that are read of a text, as in the model's sentence_bert_config.json."""

BATCH_PIECES = 512
"""Word pieces in a batch, padding included.

What a layer makes of so many stays near a core: batches of 2,048 took 1.18 times the processor time
over 40 passages of news (AMD EPYC with 1 MiB of second-level cache a core).
"""


class OnnxEncoder:
    """Mean-pooled, normalised all-MiniLM-L6-v2 (Reimers and Gurevych 2019) without torch.

    Questions and passages are encoded alike. Batches run side by side on a thread each, which took
    0.75 of the time of one after the other on two threads each. Safe to use from several threads.
    """

    dim = 384

    def __init__(self, *, folder: Path | None = None, threads: int = 0) -> None:
        """Load the weights from *folder*, by default the installed ones.

        At most *threads* batches run at once, 0 for one per physical core. Raises `ModelNotFound`
        or `ModelDamaged`, which say what to do.
        """
        folder = folder or model_folder()
        self.name = f"all-MiniLM-L6-v2@{SHA256[WEIGHTS][:8]} fp32"
        self._tokenizer = Tokenizer.from_buffer(read_verified(folder / TOKENIZER)[:])
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_PIECES)
        weights = read_verified(folder / WEIGHTS)
        self._threads = threads or physical_cores()
        options = session_options(threads=1)
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

        def run(rows: list[int]) -> None:
            vectors[rows] = self._run([pieces[row] for row in rows])

        together = list(batches([len(encoding) for encoding in pieces], self._threads))
        if len(together) < 2 or self._threads < 2:
            for rows in together:
                run(rows)
        else:
            # Made anew each time: its threads would not survive the fork of a server's workers.
            with ThreadPoolExecutor(self._threads) as pool:
                list(pool.map(run, together))
        return vectors

    def _run(self, pieces: list[Encoding]) -> Vectors:
        ids, mask = padded(pieces)
        (vectors,) = self._session.run(["vectors"], {"pieces": ids, "mask": mask})
        return np.asarray(vectors, np.float32)


def batches(lengths: Sequence[int], threads: int = 1) -> Iterator[list[int]]:
    """Yield row numbers in batches of like length, so that little padding is computed.

    There are about as many for each of *threads*, of about as many word pieces.
    """
    rows = sorted(range(len(lengths)), key=lengths.__getitem__, reverse=True)
    total = sum(lengths)
    count = threads * -(-total // (threads * BATCH_PIECES))
    batch: list[int] = []
    pieces = done = 0
    for row in rows:
        full = batch and (len(batch) + 1) * lengths[batch[0]] > BATCH_PIECES
        if full or (batch and pieces * count >= total * (done + 1)):
            yield batch
            batch, done = [], done + 1
        batch.append(row)
        pieces += lengths[row]
    if batch:
        yield batch


def padded(pieces: Sequence[Encoding]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return ids and mask, both of shape (len(pieces), longest)."""
    ids = np.zeros((len(pieces), max(map(len, pieces))), np.int64)
    mask = np.zeros_like(ids)
    for row, encoding in enumerate(pieces):
        ids[row, : len(encoding)] = encoding.ids
        mask[row, : len(encoding)] = 1
    return ids, mask
