"""What a user would write by hand: sentence-transformers, FAISS and a transformers pipeline.

transformers 5 has no question-answering pipeline any more, so that this environment has the
newest 4.x, and the newest sentence-transformers that takes it.
"""

import json
from collections.abc import Sequence
from typing import Any

import faiss
import torch
from sentence_transformers import SentenceTransformer
from transformers import pipeline

from benchmarks.peers.protocol import Options, Reply, StoryRecord, encoder_folder, serve
from benchmarks.peers.windows import full_text, windows

K = 5
"""Passages read unless told otherwise; none of the libraries has a default."""
BATCH = 32
TASK: Any = "question-answering"
"""The types that are checked are those of transformers 5, which doesn't know it."""


class ByHandPeer:
    """A flat FAISS index, a list of passages, and a pipeline that reads the nearest of them."""

    _index: Any
    _passages: list[list[str]]
    _read: Any

    def __init__(self, options: Options) -> None:
        torch.set_num_threads(options.threads)
        faiss.omp_set_num_threads(options.threads)
        self._options = options
        self._vectors = options.folder / "vectors.faiss"
        self._texts = options.folder / "passages.json"
        self._encoder = SentenceTransformer(encoder_folder(), device="cpu")

    def index(self, stories: Sequence[StoryRecord]) -> int:
        """Cut, encode and keep *stories*."""
        passages = [
            [story["source"], text]
            for story in stories
            for text in windows(full_text(story["title"], story["body"]))
        ]
        vectors = self._encoder.encode(
            [text for _, text in passages], batch_size=BATCH, normalize_embeddings=True
        )
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(vectors)
        faiss.write_index(index, str(self._vectors))
        self._texts.write_text(json.dumps(passages), "utf-8")
        return len(passages)

    def open(self) -> None:
        """Read the index, and load the reader."""
        self._index = faiss.read_index(str(self._vectors))
        self._passages = json.loads(self._texts.read_text("utf-8"))
        self._read = pipeline(TASK, model=str(self._options.reader), device="cpu")

    def ask(self, question: str) -> Reply:
        """Answer with the likeliest words of the nearest passages that have any."""
        vector = self._encoder.encode([question], normalize_embeddings=True)
        _, [found] = self._index.search(vector, self._options.k or K)
        passages = [self._passages[row] for row in found if row >= 0]
        with torch.inference_mode():
            answers = self._read(
                [{"question": question, "context": text} for _, text in passages],
                handle_impossible_answer=True,
            )
        answers = answers if isinstance(answers, list) else [answers]
        given = [
            (answer["score"], answer["answer"], passage)
            for answer, passage in zip(answers, passages, strict=True)
            if answer["answer"]
        ]
        if not given:
            return Reply(text=None)
        _, words, [source, text] = max(given, key=lambda each: float(each[0]))
        return Reply(text=words, source=source, passage=text)


if __name__ == "__main__":
    serve(ByHandPeer)
