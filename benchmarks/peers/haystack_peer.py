"""Haystack 3: its splitter, document store, retrievers and extractive reader, in a pipeline."""

from collections.abc import Sequence

import torch
from haystack import Document, Pipeline
from haystack.components.joiners import DocumentJoiner
from haystack.components.preprocessors import DocumentSplitter
from haystack.components.retrievers.in_memory import (
    InMemoryBM25Retriever,
    InMemoryEmbeddingRetriever,
)
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack.utils import ComponentDevice
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)
from haystack_integrations.components.readers.transformers import TransformersExtractiveReader

from benchmarks.peers.protocol import Options, Reply, StoryRecord, encoder_folder, serve
from benchmarks.peers.windows import OVERLAP, WORDS, full_text

CPU = ComponentDevice.from_str("cpu")
K = 10
"""What the retrievers find by default."""


class HaystackPeer:
    """The pipeline of Haystack's tutorial on extractive question answering.

    The ways to search are `bm25`, `embedding`, and `hybrid`: both, joined by reciprocal rank.
    """

    _pipeline: Pipeline

    def __init__(self, options: Options) -> None:
        torch.set_num_threads(options.threads)
        self._options = options
        self._file = str(options.folder / "store.json")

    def index(self, stories: Sequence[StoryRecord]) -> int:
        """Split, embed (unless words alone are searched) and keep *stories*."""
        documents = [
            Document(
                content=full_text(story["title"], story["body"]),
                meta={"title": story["title"], "source": story["source"]},
            )
            for story in stories
        ]
        splitter = DocumentSplitter(split_by="word", split_length=WORDS, split_overlap=OVERLAP)
        documents = splitter.run(documents=documents)["documents"]
        if self._options.retrieval != "bm25":
            embedder = SentenceTransformersDocumentEmbedder(
                model=encoder_folder(),
                device=CPU,
                meta_fields_to_embed=["title"],
                progress_bar=False,
            )
            embedder.warm_up()
            documents = embedder.run(documents=documents)["documents"]
        store = InMemoryDocumentStore()
        written: int = store.write_documents(documents)
        store.save_to_disk(self._file)
        return written

    def open(self) -> None:
        """Load the store and the models."""
        store = InMemoryDocumentStore.load_from_disk(self._file)
        reader = TransformersExtractiveReader(model=self._options.reader, device=CPU)
        self._pipeline = made(store, reader, self._options.retrieval, self._options.k or K)
        self._pipeline.warm_up()

    def ask(self, question: str) -> Reply:
        """Answer with the reader's best answer, which may be that there is none."""
        inputs: dict[str, dict[str, str]] = {"reader": {"query": question}}
        if self._options.retrieval != "bm25":
            inputs["embedder"] = {"text": question}
        if self._options.retrieval != "embedding":
            inputs["words"] = {"query": question}
        answers = self._pipeline.run(inputs)["reader"]["answers"]
        if not answers or answers[0].data is None:
            return Reply(text=None)
        best = answers[0]
        return Reply(
            text=best.data, source=best.document.meta["source"], passage=best.document.content
        )


def made(
    store: InMemoryDocumentStore, reader: TransformersExtractiveReader, retrieval: str, k: int
) -> Pipeline:
    """Return the pipeline that finds *k* passages in *store* and gives them to *reader*."""
    pipeline = Pipeline()
    pipeline.add_component("reader", reader)
    found = []
    if retrieval != "bm25":
        pipeline.add_component(
            "embedder",
            SentenceTransformersTextEmbedder(
                model=encoder_folder(), device=CPU, progress_bar=False
            ),
        )
        pipeline.add_component(
            "vectors", InMemoryEmbeddingRetriever(store, top_k=k, return_embedding=False)
        )
        pipeline.connect("embedder.embedding", "vectors.query_embedding")
        found.append("vectors")
    if retrieval != "embedding":
        pipeline.add_component("words", InMemoryBM25Retriever(store, top_k=k))
        found.append("words")
    if len(found) == 2:
        joiner = DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=k)
        pipeline.add_component("joiner", joiner)
        for name in found:
            pipeline.connect(name, "joiner")
        found = ["joiner"]
    pipeline.connect(f"{found[0]}.documents", "reader.documents")
    return pipeline


if __name__ == "__main__":
    serve(HaystackPeer)
