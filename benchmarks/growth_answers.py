"""An assistant over an index that has copies of passages of which there are no stories."""

from dataclasses import replace
from pathlib import Path

from benchmarks.grown_passages import Originals
from embeddings.embedded_index import EmbeddedIndex
from embeddings.index import Query, ScoredId
from qa.assemble import assemble
from qa.assistant import Assistant
from qa.settings import load_settings

DEEPER = 4
"""So many times as many passages are searched for where there are copies, so that as many
originals are left; a search of as many copies with stories of their own would cost less."""


class WithoutCopies(EmbeddedIndex):
    """An index that finds copies' originals, each once."""

    originals: Originals

    def search(self, query: Query, k: int) -> list[ScoredId]:
        """Return at most *k* passages that satisfy the query's filters, best first."""
        scored = super().search(query, DEEPER * k if self.originals else k)
        best: dict[int, ScoredId] = {}
        for one in scored:
            passage_id = self.originals.get(one.passage_id, one.passage_id)
            best.setdefault(passage_id, one._replace(passage_id=passage_id))
        return list(best.values())[:k]


def assistant_over(data: Path, index: EmbeddedIndex, originals: Originals) -> Assistant:
    """Return an assistant over the store in *data*, which finds its passages by *index*."""
    searched = WithoutCopies(index._folder, index._vectors, index._words)
    searched.originals = originals
    assistant = assemble(load_settings(data=data))
    retriever = replace(assistant.retriever, index=searched)
    composer = replace(assistant.composer, retriever=retriever)
    return replace(assistant, retriever=retriever, composer=composer, suggestions=None)
