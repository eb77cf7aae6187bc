"""txtai: an embeddings database, and its Extractor (RAG, as it is called now) with a QA model."""

import json
from collections.abc import Sequence
from threading import local
from typing import Any

import torch
from txtai import Embeddings
from txtai.pipeline import RAG

from benchmarks.peers.protocol import Options, Reply, StoryRecord, encoder_folder, serve
from benchmarks.peers.windows import full_text, windows

Found = list[dict[str, Any]]


class TxtaiPeer:
    """The ways to search are `dense` and `hybrid`: by vectors, and by them and BM25."""

    _sources: list[str]
    _extract: Any

    def __init__(self, options: Options) -> None:
        torch.set_num_threads(options.threads)
        self._options = options
        self._folder = str(options.folder / "embeddings")
        self._file = options.folder / "sources.json"
        self._embeddings: Any = Embeddings(
            path=encoder_folder(), content=True, hybrid=options.retrieval == "hybrid", gpu=False
        )
        self._found = local()

    def index(self, stories: Sequence[StoryRecord]) -> int:
        """Cut, encode and keep *stories*."""
        passages = [
            (story["source"], text)
            for story in stories
            for text in windows(full_text(story["title"], story["body"]))
        ]
        self._embeddings.index((number, text, None) for number, (_, text) in enumerate(passages))
        self._embeddings.save(self._folder)
        self._file.write_text(json.dumps([source for source, _ in passages]), "utf-8")
        return len(passages)

    def open(self) -> None:
        """Load the database and the reader."""
        self._embeddings.load(self._folder)
        self._sources = json.loads(self._file.read_text("utf-8"))
        self._extract = RAG(
            self._search,
            str(self._options.reader),
            gpu=False,
            context=self._options.k,
            task="question-answering",
            output="flatten",
        )

    def ask(self, question: str) -> Reply:
        """Answer; what is cited is the first passage that was found and holds the answer.

        The pipeline's own reference costs another encoding of every passage.
        """
        try:
            words = self._extract([question])[0]
        except TypeError:
            # Its reader can't say that there is no answer: the null span has no place in the text.
            return Reply(text=None)
        if not words:
            return Reply(text=None)
        for passage in self._found.passages:
            if words in passage["text"]:
                source = self._sources[int(passage["id"])]
                return Reply(text=words, source=source, passage=passage["text"])
        return Reply(text=words)

    def _search(self, queries: list[str], limit: int) -> list[Found]:
        found: list[Found] = self._embeddings.batchsearch(queries, limit)
        self._found.passages = found[0]
        return found


if __name__ == "__main__":
    serve(TxtaiPeer)
