"""Word engines, vector formats and rank fusion compared on SQuAD questions and at 50,000 passages.

Run `python -m benchmarks.retrieval_engines ROWS.jsonl.gz`, where each row of the gzipped JSON
lines has `title`, `context` and `question`. Prints Markdown for docs/benchmarks-retrieval.md.
"""

import re
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import faiss
import numpy as np
import tantivy
from numpy.typing import NDArray
from tantivy import Filter, Occur, Query, Tokenizer

from benchmarks.paragraphs import read_paragraphs
from embeddings.fusion import fuse
from embeddings.onnx_encoder import OnnxEncoder

Search = Callable[[str, int], list[int]]
DEPTH = 60
SIZE = 50_000
SAMPLE = 2000


def tantivy_search(texts: Sequence[str], filters: Sequence[Filter], folder: str) -> Search:
    """Return a search through *texts*, indexed with the analyzer that *filters* make."""
    builder = tantivy.TextAnalyzerBuilder(Tokenizer.simple())
    for step in filters:
        builder = builder.filter(step)
    analyzer = builder.build()
    schema_builder = tantivy.SchemaBuilder()
    schema_builder.add_integer_field("row", fast=True)
    schema_builder.add_text_field("text", tokenizer_name="own", index_option="freq")
    schema = schema_builder.build()
    index = tantivy.Index(schema, path=folder)
    index.register_tokenizer("own", analyzer)
    writer = index.writer(64_000_000, num_threads=1)
    for row, text in enumerate(texts):
        writer.add_document(tantivy.Document(row=row, text=text))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def search(question: str, k: int) -> list[int]:
        words = dict.fromkeys(analyzer.analyze(question))
        query = Query.boolean_query(
            [(Occur.Should, Query.term_query(schema, "text", word, "freq")) for word in words]
        )
        addresses = [address for _, address in searcher.search(query, k, count=False).hits]
        return [int(row or 0) for row in searcher.fast_field_values("row", addresses)]

    return search


def fts5_search(texts: Sequence[str], tokenizer: str, folder: str) -> Search:
    """Return a search through *texts* in an SQLite FTS5 table."""
    connection = sqlite3.connect(Path(folder) / "words.sqlite")
    connection.execute(f"CREATE VIRTUAL TABLE t USING fts5 (text, tokenize = '{tokenizer}')")
    connection.executemany("INSERT INTO t (rowid, text) VALUES (?, ?)", enumerate(texts))
    connection.commit()

    def search(question: str, k: int) -> list[int]:
        words = " OR ".join(f'"{word}"' for word in dict.fromkeys(re.findall(r"\w+", question)))
        sql = "SELECT rowid FROM t WHERE t MATCH ? ORDER BY rank LIMIT ?"
        return [row for (row,) in connection.execute(sql, (words, k))]

    return search


LOWER = (Filter.remove_long(40), Filter.lowercase())
ENGINES: dict[str, Callable[[Sequence[str], str], Search]] = {
    "tantivy, lower case": lambda texts, folder: tantivy_search(texts, LOWER, folder),
    "tantivy, stemmed (chosen)": lambda texts, folder: tantivy_search(
        texts, [*LOWER, Filter.ascii_fold(), Filter.stemmer("english")], folder
    ),
    "tantivy, stemmed, no stop words": lambda texts, folder: tantivy_search(
        texts, [*LOWER, Filter.stopword("english"), Filter.stemmer("english")], folder
    ),
    "FTS5, unicode61": lambda texts, folder: fts5_search(texts, "unicode61", folder),
    "FTS5, porter": lambda texts, folder: fts5_search(texts, "porter unicode61", folder),
}


def recall(rankings: Sequence[Sequence[int]], relevant: Sequence[int]) -> str:
    """Return recall at 1, 5 and 20 in percent, as cells of a table."""
    pairs = list(zip(rankings, relevant, strict=True))
    return " | ".join(
        f"{100 * np.mean([row in r[:k] for r, row in pairs]):.1f}" for k in (1, 5, 20)
    )


def percentiles(search: Callable[[int], object], count: int) -> str:
    """Return the median and the 95th percentile in ms over *count* searches, as cells."""
    took = []
    for n in range(count):
        start = time.perf_counter()
        search(n)
        took.append(1000 * (time.perf_counter() - start))
    return f"{np.percentile(took, 50):.2f} | {np.percentile(took, 95):.2f}"


def many(texts: Sequence[str]) -> list[str]:
    """Return 50,000 texts of 100 words, drawn as often as the words of *texts* occur."""
    words = np.array([word for text in texts for word in text.split()])
    drawn = np.random.default_rng(7).choice(words, (SIZE, 100))
    return [" ".join(row) for row in drawn]


def folder_bytes(folder: str) -> int:
    """Return the size of the folder's files."""
    return sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())


def compare_words(
    texts: Sequence[str], questions: Sequence[str], relevant: Sequence[int]
) -> list[list[int]]:
    """Print the table of word engines; return the chosen engine's rankings."""
    print("| words | recall@1 | @5 | @20 | p50 ms | p95 ms | build s | bytes/passage |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|")
    chosen, big = [], many(texts)
    for name, make in ENGINES.items():
        with tempfile.TemporaryDirectory() as small_folder, tempfile.TemporaryDirectory() as folder:
            search = make(texts, small_folder)
            rankings = [search(question, DEPTH) for question in questions]
            start = time.perf_counter()
            search = make(big, folder)
            build = time.perf_counter() - start
            speed = percentiles(lambda n, search=search: search(questions[n], DEPTH), 300)  # type: ignore[misc]
            cells = f"{recall(rankings, relevant)} | {speed} | {build:.1f}"
            print(f"| {name} | {cells} | {folder_bytes(folder) / SIZE:.0f} |")
        if "chosen" in name:
            chosen = rankings
    return chosen


def compare_vectors(passages: NDArray[np.float32], questions: NDArray[np.float32]) -> None:
    """Print the table of FAISS formats: the overlap with exact search, and what they cost."""
    print("\n| vectors | overlap@20 | p50 ms | p95 ms | bytes/passage |\n|---|--:|--:|--:|--:|")
    faiss.omp_set_num_threads(1)
    exact = np.argsort(-questions @ passages.T, axis=1)[:, :20]
    big = np.tile(passages, (SIZE // len(passages) + 1, 1))[:SIZE]
    for factory in ("Flat", "SQfp16", "SQ8"):
        index = faiss.index_factory(passages.shape[1], factory, faiss.METRIC_INNER_PRODUCT)
        index.train(passages)
        index.add(passages)
        _, found = index.search(questions, 20)
        overlap = np.mean([len({*a} & {*b}) / 20 for a, b in zip(exact, found, strict=True)])
        index.reset()
        index.add(big)
        speed = percentiles(lambda n, index=index: index.search(questions[n : n + 1], DEPTH), 200)  # type: ignore[misc]
        size = faiss.serialize_index(index).nbytes / SIZE
        print(f"| {factory} | {overlap:.4f} | {speed} | {size:.0f} |")


def main(path: Path) -> None:
    """Print every table."""
    titled, questions, relevant = read_paragraphs(path, SAMPLE)
    texts = [f"{title}\n{context}" for title, context in titled]
    words = compare_words(texts, questions, relevant)
    encoder = OnnxEncoder()
    asked = encoder.encode_queries(questions)
    print("\n| ranking | recall@1 | @5 | @20 |\n|---|--:|--:|--:|")
    untitled = encoder.encode_passages([context for _, context in titled])
    passages = encoder.encode_passages(texts)
    for name, vectors in (("dense, no title", untitled), ("dense", passages)):
        dense = np.argsort(-asked @ vectors.T, axis=1)[:, :DEPTH].tolist()
        print(f"| {name} | {recall(dense, relevant)} |")
    print(f"| words | {recall(words, relevant)} |")
    fused = [
        [scored.passage_id for scored in fuse(by_meaning, by_words, DEPTH)]
        for by_meaning, by_words in zip(dense, words, strict=True)
    ]
    print(f"| fused | {recall(fused, relevant)} |")
    compare_vectors(passages, asked)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
