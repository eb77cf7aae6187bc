"""WordCache: passages found by their words, in tantivy."""

import logging
from collections.abc import Collection, Sequence
from datetime import date
from pathlib import Path

import tantivy
from tantivy import FieldType, Filter, Occur, Query, Tokenizer

from embeddings.errors import IndexDamaged, IndexMismatch
from embeddings.index import Entry, Filters
from embeddings.passage_text import encodable
from embeddings.vector_rows import fold
from embeddings.word_files import WordFiles

logger = logging.getLogger(__name__)

SCHEMA = 1
"""Raised whenever the schema or the analyzer changes, so that older indexes are built anew."""

ANALYZER = "english"
MAX_WORD_CHARS = 40
HEAP_BYTES = 64_000_000
TIES = 20
"""So many more passages are ranked than are asked for: the last may have the score of others."""
SCORE_DIGITS = 4
"""Decimals of a score that count: further on, it depends on how passages lie in the files."""


class WordCache:
    """BM25 (k1 = 1.2, b = 0.75) over stemmed English words.

    Questions become plain term queries; no query syntax is ever parsed.
    """

    def __init__(self, files: WordFiles) -> None:
        self._files = files
        self._schema = _schema()
        self._analyzer = _analyzer()
        self._index = self._opened()

    @classmethod
    def open(cls, folder: Path, form: str) -> "WordCache":
        """Return what the files hold; if they are damaged or of another *form*, start empty.

        Like every method but `search`, only for the process that holds the folder's write lock.
        """
        files = WordFiles(folder, f"words {SCHEMA}, {form}")
        try:
            files.take_in()
            files.folder.mkdir(exist_ok=True)
            return cls(files)
        except (IndexDamaged, IndexMismatch, ValueError) as error:
            logger.warning("%s: the word index is built anew from the store.", error)
        files.start_anew()
        return cls(files)

    @property
    def change(self) -> int:
        """The store's change up to which the words that searches see are complete."""
        return self._files.known.change

    def apply(
        self, since: int, change: int, removed: Collection[int], entries: Sequence[Entry]
    ) -> None:
        """Remove, then add, durably, what was changed after *since* and up to *change*.

        Nothing is done where another process has applied it before, or where the words from
        before *since* are missing too: `change` says which.
        """
        self._follow()
        if not since <= self.change < change:
            return
        writer = self._index.writer(HEAP_BYTES, num_threads=1)
        try:
            for passage_id in [*removed, *(entry.passage_id for entry in entries)]:
                writer.delete_documents_by_term("passage_id", passage_id)
            for entry in entries:
                writer.add_document(_row(entry))
            writer.commit()
            writer.wait_merging_threads()
        finally:
            # It holds tantivy's lock for as long as the traceback of an error refers to it.
            del writer
        self._files.switch(change)
        self._index.reload()

    def clear(self) -> None:
        """Forget everything, durably."""
        self._files.start_anew()
        self._index = self._opened()

    def _follow(self) -> None:
        """See what another process wrote, and mend what one that was killed left."""
        try:
            if not self._files.take_in():
                return
            self._files.folder.mkdir(exist_ok=True)
        except (IndexDamaged, IndexMismatch) as error:
            logger.warning("%s: the word index is built anew from the store.", error)
            self._files.start_anew()
        self._index = self._opened()

    def _opened(self) -> tantivy.Index:
        index = tantivy.Index(self._schema, path=str(self._files.folder))
        index.register_tokenizer(ANALYZER, self._analyzer)
        index.config_reader("manual")
        index.reload()
        if not self._files.known.sha256:
            self._files.switch(0)
        return index

    def search(self, text: str, k: int, filters: Filters) -> list[int]:
        """Return at most *k* ids of passages that share a word with *text*, best first."""
        words = dict.fromkeys(self._analyzer.analyze(encodable(text)))
        if not words or k == 0:
            return []
        terms = [
            (Occur.Should, Query.term_query(self._schema, "text", word, "freq")) for word in words
        ]
        query = Query.boolean_query(
            [(Occur.Must, Query.boolean_query(terms)), *self._clauses(filters)]
        )
        searcher = self._index.searcher()
        hits = searcher.search(query, k + TIES, count=False).hits
        ids = searcher.fast_field_values("passage_id", [address for _, address in hits])
        return _in_order([score for score, _ in hits], [int(id_ or 0) for id_ in ids])[:k]

    def frequency(self, word: str) -> int:
        """Return how many passages hold *word* in some inflection; 0 where it has no letters."""
        counts = [
            self._index.searcher().doc_freq("text", term)
            for term in self._analyzer.analyze(encodable(word))
        ]
        return min(counts, default=0)

    def term(self, word: str) -> str:
        """Return *word* without its inflections, in lower case."""
        return " ".join(self._analyzer.analyze(encodable(word)))

    def terms(self, prefix: str) -> list[tuple[str, int]]:
        """Return the terms that begin with *prefix*, with the number of passages of each."""
        found: list[tuple[str, int]] = self._index.searcher().terms_with_prefix("text", prefix)
        return found

    def holding(self, term: str, k: int) -> list[int]:
        """Return the ids of at most *k* passages that hold *term*."""
        query = Query.term_query(self._schema, "text", term, "basic")
        searcher = self._index.searcher()
        addresses = [address for _, address in searcher.search(query, k, count=False).hits]
        return [int(id_ or 0) for id_ in searcher.fast_field_values("passage_id", addresses)]

    def _clauses(self, filters: Filters) -> list[tuple[Occur, Query]]:
        clauses = []
        if filters.from_date or filters.to_date:
            first = filters.from_date or date.min
            last = filters.to_date or date.max
            clauses.append(
                Query.range_query(
                    self._schema, "day", FieldType.Integer, first.toordinal(), last.toordinal()
                )
            )
        if filters.publisher:
            clauses.append(
                Query.term_query(
                    self._schema, "publisher", encodable(fold(filters.publisher)), "basic"
                )
            )
        if filters.story_ids:
            clauses.append(
                Query.term_set_query(self._schema, "story_id", [*map(encodable, filters.story_ids)])
            )
        return [(Occur.Must, Query.const_score_query(clause, 0.0)) for clause in clauses]


def _in_order(scores: Sequence[float], passage_ids: Sequence[int]) -> list[int]:
    """Return *passage_ids* best first, equal scores by id, wherever in the files they lie."""
    rated = zip(scores, passage_ids, strict=True)
    return [id_ for _, id_ in sorted((-round(score, SCORE_DIGITS), id_) for score, id_ in rated)]


def _analyzer() -> tantivy.TextAnalyzer:
    return (
        tantivy.TextAnalyzerBuilder(Tokenizer.simple())
        .filter(Filter.remove_long(MAX_WORD_CHARS))
        .filter(Filter.lowercase())
        .filter(Filter.ascii_fold())
        .filter(Filter.stemmer("english"))
        .build()
    )


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("passage_id", indexed=True, fast=True)
    builder.add_text_field("text", tokenizer_name=ANALYZER, index_option="freq")
    builder.add_text_field("story_id", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("publisher", tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("day", indexed=True, fast=True)
    return builder.build()


def _row(entry: Entry) -> tantivy.Document:
    row = tantivy.Document()
    row.add_integer("passage_id", entry.passage_id)
    row.add_text("text", entry.text)
    row.add_text("story_id", entry.story_id)
    if entry.publisher:
        row.add_text("publisher", fold(entry.publisher))
    if entry.published_on:
        row.add_integer("day", entry.published_on.toordinal())
    return row
