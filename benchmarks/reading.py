"""How quickly passages are read, beside what the machine can multiply.

`python -m benchmarks.reading GOLD.jsonl... --data DATA` finds the passages of each question first,
then reads them in several ways by turns, so that other programs slow all of them alike. Needs the
dependency group `export`. A way's share of the limit is the arithmetic that the reader's formula
asks for, divided by what as many cores multiply in that time: in 32-bit floats, and in 8 bits as
the reader's own products are. Shares are of processor time, which neighbours hardly change.
"""

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnx import numpy_helper, parser
from tokenizers import Tokenizer

from embeddings.onnx_session import physical_cores, session_options
from embeddings.retriever import Hit
from qa.assemble import open_retriever
from qa.onnx_reader import BUNDLED, OnnxReader, read_files
from qa.reading.windows import ALONE, BATCH_PIECES, Logits, Window, Windows, inputs_of
from qa.scoring.gold import read_gold
from qa.scoring.metrics import percentile
from qa.settings import load_settings

LAYERS, WIDTH, WIDE = 6, 384, 1536
ROWS = 2048
PASSAGES = 12
RUNS = 5
CLIENTS = (1, 2, 4, 8)

Asked = tuple[str, Sequence[Hit]]
Read = Callable[[str, Sequence[Hit]], object]


class Counter:
    """Counts the word pieces of windows instead of reading them."""

    def __init__(self) -> None:
        self.lengths: list[int] = []

    def __call__(self, batch: Sequence[Window]) -> Logits:
        """Return nothing but zeros."""
        self.lengths += [len(window.encoding) for window in batch]
        return np.zeros((*inputs_of(batch).pieces.shape, 2), dtype=np.float32)


class InBatches:
    """Reads with a session of as many threads as cores, *batch_pieces* word pieces at once.

    The graph masks nothing, so that what it makes of padded windows counts as time alone.
    """

    def __init__(self, batch_pieces: int) -> None:
        files = read_files(BUNDLED)
        self._windows = Windows(Tokenizer.from_buffer(files.tokenizer), batch_pieces=batch_pieces)
        self._session = onnxruntime.InferenceSession(
            files.graph, session_options(0), providers=["CPUExecutionProvider"]
        )

    def read(self, question: str, hits: Sequence[Hit]) -> object:
        """Read the hits' passages for a question."""
        return self._windows.read(question, hits, self._logits)

    def _logits(self, batch: Sequence[Window]) -> Logits:
        pieces, types, _ = inputs_of(batch)
        [logits] = self._session.run(["logits"], {"pieces": pieces, "types": types})
        return np.asarray(logits, dtype=np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Took:
    """What reading for one question took, in seconds."""

    wall: float
    processor: float


def giga_of(lengths: Sequence[int]) -> float:
    """Return the thousand millions of operations that windows of *lengths* word pieces need."""
    products = 2 * (4 * WIDTH * WIDTH + 2 * WIDTH * WIDE)
    return sum(n * LAYERS * (products + 4 * n * WIDTH) for n in lengths) / 1e9


def multiplied(bits: int) -> float:
    """Return the thousand millions of operations a second of one core's matrix products."""
    random = np.random.default_rng(7)
    if bits == 32:
        left: NDArray[np.generic] = random.normal(size=(ROWS, WIDTH)).astype(np.float32)
        right: NDArray[np.generic] = random.normal(size=(WIDTH, WIDE)).astype(np.float32)
        kinds, product = ("float", "float"), "MatMul (left, right)"
    else:
        left = random.integers(0, 255, (ROWS, WIDTH)).astype(np.uint8)
        right = random.integers(-64, 63, (WIDTH, WIDE)).astype(np.int8)
        kinds, product = ("uint8", "int32"), "MatMulInteger (left, right, middle)"
    model = parser.parse_model(
        '<ir_version: 10, opset_import: ["" : 20]> product '
        f"({kinds[0]}[{ROWS}, {WIDTH}] left) => ({kinds[1]}[{ROWS}, {WIDE}] out) "
        f"{{ out = {product} }}"
    )
    kept = {"right": right} | ({"middle": np.array(128, np.uint8)} if bits == 8 else {})
    model.graph.initializer.extend(numpy_helper.from_array(a, name) for name, a in kept.items())
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), session_options(1), providers=["CPUExecutionProvider"]
    )
    seconds = []
    for _ in range(20):
        started = time.thread_time()
        session.run(["out"], {"left": left})
        seconds.append(time.thread_time() - started)
    return 2 * ROWS * WIDTH * WIDE / float(np.median(seconds)) / 1e9


def found(gold: Sequence[Path], data: Path, most: int) -> list[Asked]:
    """Return questions of *gold* with the passages that are found for them."""
    retriever = open_retriever(load_settings(data=data))
    questions = [question.alone for question in read_gold(gold)]
    chosen = questions[:: max(1, len(questions) // most)]
    return [(text, retriever.retrieve(text, k=PASSAGES)) for text in chosen]


def by_turns(ways: dict[str, Read], asked: Sequence[Asked]) -> dict[str, list[Took]]:
    """Read for every question in every way, *RUNS* times; keep the quickest time of each."""
    took: dict[str, list[Took]] = {name: [] for name in ways}
    for question, hits in asked:
        runs = [[timed(read, question, hits) for read in ways.values()] for _ in range(RUNS)]
        for name, of_way in zip(ways, zip(*runs, strict=True), strict=True):
            wall = min(run.wall for run in of_way)
            took[name].append(Took(wall=wall, processor=min(run.processor for run in of_way)))
    return took


def timed(read: Read, question: str, hits: Sequence[Hit]) -> Took:
    """Return what reading took."""
    wall, processor = time.perf_counter(), time.process_time()
    read(question, hits)
    return Took(wall=time.perf_counter() - wall, processor=time.process_time() - processor)


def at_once(read: Read, asked: Sequence[Asked], clients: int) -> tuple[float, float]:
    """Return questions a second, and the median milliseconds of one, with *clients* asking."""
    with ThreadPoolExecutor(clients) as threads:
        started = time.perf_counter()
        took = list(threads.map(lambda each: timed(read, *each), asked))
        seconds = time.perf_counter() - started
    return len(asked) / seconds, 1000 * percentile([run.wall for run in took], 50)


def lines(ways: dict[str, Read], asked: Sequence[Asked]) -> Iterator[str]:
    """Yield the report."""
    speed32, speed8 = multiplied(32), multiplied(8)
    yield f"one core multiplies {speed32:.0f} GFLOP/s in fp32, {speed8:.0f} in int8"
    counted = [Counter() for _ in asked]
    windows = Windows(Tokenizer.from_buffer(read_files(BUNDLED).tokenizer))
    for counter, (question, hits) in zip(counted, asked, strict=True):
        windows.read(question, hits, counter)
    giga = np.array([giga_of(counter.lengths) for counter in counted])
    yield f"{len(asked)} questions, {np.median(giga):.1f} GFLOP each (median)\n"
    yield "| way | ms p50 | p95 | processor ms p50 | of the fp32 limit | of the int8 limit |"
    yield "|---|--:|--:|--:|--:|--:|"
    for name, took in by_turns(ways, asked).items():
        wall = [1000 * each.wall for each in took]
        processor = np.array([each.processor for each in took])
        rate = float(np.median(giga / processor))
        yield (
            f"| {name} | {percentile(wall, 50):.0f} | {percentile(wall, 95):.0f} "
            f"| {1000 * np.median(processor):.0f} | {rate / speed32:.0%} | {rate / speed8:.0%} |"
        )
    yield "\n| clients | " + " | ".join(f"{name}: a second | ms p50" for name in ways) + " |"
    yield "|--:" * (1 + 2 * len(ways)) + "|"
    for clients in CLIENTS:
        each = [at_once(read, asked, clients) for read in ways.values()]
        yield f"| {clients} | " + " | ".join(f"{rate:.1f} | {ms:.0f}" for rate, ms in each) + " |"


def main() -> None:
    """Measure from the command line."""
    parse = argparse.ArgumentParser(description="Measure how quickly passages are read.")
    parse.add_argument("gold", type=Path, nargs="+")
    parse.add_argument("--data", type=Path, required=True)
    parse.add_argument("--questions", type=int, default=40, help="about how many are read for")
    options = parse.parse_args()
    asked = found(options.gold, options.data, options.questions)
    ways: dict[str, Read] = {
        f"a window a core ({physical_cores()} threads)": OnnxReader().read,
        "a window at a time, cores share it": InBatches(ALONE).read,
        f"padded batches of {BATCH_PIECES}, cores share them": InBatches(BATCH_PIECES).read,
    }
    for line in lines(ways, asked):
        click.echo(line)


if __name__ == "__main__":
    main()
