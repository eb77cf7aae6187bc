"""Forms of a vector index compared on the vectors of a store: what they find, and how quickly.

Run `python -m benchmarks.vector_forms DATA QUESTIONS.txt`, a data folder and a question a line.
Prints Markdown for docs/benchmarks-retrieval.md.
"""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from benchmarks.growth import passages_of
from corpus.store import StoryStore
from embeddings.onnx_encoder import OnnxEncoder
from embeddings.vector_codes import encoded
from embeddings.vector_rows import NO_ROWS
from embeddings.vector_scan import NOMINATED, SAMPLE, VectorScan, new_scan

Vectors = NDArray[np.float32]
Search = Callable[[Vectors], NDArray[np.int64]]
DEPTH = 60
INNER = faiss.METRIC_INNER_PRODUCT


def library_forms(vectors: Vectors) -> Iterator[tuple[str, float, Search]]:
    """Yield FAISS's forms with the bytes that each takes for a passage."""
    forms: dict[str, list[tuple[str, Any]]] = {
        "SQfp16": [("all", None)],
        "SQ8": [("all", None)],
        "IVF1024,SQ8": [
            (f"{lists} lists", faiss.SearchParametersIVF(nprobe=lists))  # type: ignore[call-arg]
            for lists in (32, 128, 256)
        ],
        "HNSW32,SQ8": [
            (f"ef {ef}", faiss.SearchParametersHNSW(efSearch=ef))  # type: ignore[attr-defined]
            for ef in (64, 256)
        ],
    }
    for factory, ways in forms.items():
        index = faiss.index_factory(vectors.shape[1], factory, INNER)
        index.train(vectors[: 2 * SAMPLE])
        index.add(vectors)
        size = faiss.serialize_index(index).nbytes / len(vectors)
        for way, parameters in ways:
            yield (
                f"{factory}, {way}",
                size,
                lambda asked, index=index, parameters=parameters: index.search(  # type: ignore[misc]
                    asked, DEPTH, params=parameters
                )[1],
            )


def scan_form(vectors: Vectors) -> tuple[str, float, Search]:
    """Return the form that the index has for many passages."""
    codes = encoded(vectors)
    index = new_scan(vectors[:SAMPLE])
    index.add(vectors)
    scan = VectorScan(index, codes, np.zeros((len(NO_ROWS), len(vectors)), np.int64))

    def search(asked: Vectors) -> NDArray[np.int64]:
        found = []
        for vector in asked:
            places = scan.nominate(vector, DEPTH, None)
            order = np.argsort(-np.einsum("ij,j->i", scan.decoded(places), vector))
            found.append(places[order[:DEPTH]])
        return np.array(found)

    size = faiss.serialize_index(index).nbytes / len(vectors) + codes.itemsize
    return f"scan of 2 bits, 8 bits of {NOMINATED} (chosen)", size, search


def row(name: str, size: float, search: Search, asked: Vectors, exact: NDArray[np.int64]) -> str:
    """Return a row of the table: recall at 20, milliseconds, bytes."""
    found = search(asked)
    shares = [len({*a} & {*b[:20]}) / 20 for a, b in zip(exact, found, strict=True)]
    took = []
    for number in range(200):
        started = time.perf_counter()
        search(asked[number % len(asked)][None])
        took.append(1000 * (time.perf_counter() - started))
    p50, p95 = np.percentile(took, (50, 95))
    recall = f"{np.mean(shares):.3f} | {np.percentile(shares, 5):.2f}"
    return f"| {name} | {recall} | {p50:.2f} | {p95:.2f} | {size:.0f} |"


def main(data: Path, asked: Path) -> None:
    """Print the table."""
    faiss.omp_set_num_threads(1)
    with closing(StoryStore(data / "stories.sqlite")) as store:
        passages = sorted(passages_of(store), key=lambda entry: entry.passage_id)
    vectors = np.stack([entry.vector for entry in passages])
    questions = asked.read_text(encoding="utf-8").splitlines()
    queries = OnnxEncoder().encode_queries(questions)
    exact = np.array([np.argsort(-vectors @ query)[:20] for query in queries])
    print(f"{len(vectors):,} passages, {len(questions)} questions.\n")
    print("| form | recall@20 | its 5th percentile | p50 ms | p95 ms | bytes/passage |")
    print("|---|--:|--:|--:|--:|--:|")
    for name, size, search in (scan_form(vectors), *library_forms(vectors)):
        print(row(name, size, search, queries, exact), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
