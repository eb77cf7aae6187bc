"""The physical limit: how fast this machine multiplies, and what an answer needs of that."""

import json
import os
import random
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
from tokenizers import Tokenizer

from benchmarks.peers.legs import PASSAGES_READ
from benchmarks.peers.material import SEED, Material
from corpus.passages import split_story

SIDE = 2048
TIMES = 15
SAMPLE = 400
SPECIAL = 3
"""Pieces that stand before, between and after question and passage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """What 32-bit floats allow on the cores of the benchmark.

    *gflops* is what matrix products of numpy reach. *answer_gflop* is what the reader needs for
    twelve passages of the mean length, *passage_gflop* the encoder for one; nothing is padded,
    and nothing else counts.
    """

    gflops: float
    answer_gflop: float
    passage_gflop: float

    @property
    def answers_per_s(self) -> float:
        """Answers a second, were reading all that there is to do."""
        return self.gflops / self.answer_gflop

    @property
    def passages_per_s(self) -> float:
        """Passages indexed a second, were encoding all that there is to do."""
        return self.gflops / self.passage_gflop


def measured(material: Material, reader: Path, threads: int) -> Limit:
    """Measure the machine, and count what *material* needs of *reader* and the encoder."""
    tokenizer = Tokenizer.from_file(str(reader / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()

    def pieces(text: str) -> int:
        return len(tokenizer.encode(text, add_special_tokens=False).ids)

    drawn = random.Random(SEED)  # noqa: S311 - a sample, no secret
    stories = drawn.sample(material.stories, min(SAMPLE, len(material.stories)))
    passages = [
        pieces(f"{story.title}\n{drawn.choice(split_story(story)).text}") for story in stories
    ]
    questions = [pieces(question.question) for question in material.questions]
    question = float(np.mean(questions))
    shape = shape_of(reader)
    return Limit(
        gflops=gflops(threads),
        answer_gflop=PASSAGES_READ
        * float(np.mean([shape.gflop(n + question + SPECIAL) for n in passages])),
        passage_gflop=float(np.mean([shape.gflop(n + SPECIAL - 1) for n in passages])),
    )


@dataclass(frozen=True, slots=True)
class Shape:
    """The size of a BERT; the encoder's is the same as the bundled reader's."""

    layers: int
    width: int
    feed_forward: int

    def gflop(self, tokens: float) -> float:
        """Return the GFLOP for one window: matrix products and attention of every layer."""
        products = 2 * (4 * self.width**2 + 2 * self.width * self.feed_forward)
        return tokens * self.layers * (products + 4 * tokens * self.width) / 1e9


def shape_of(reader: Path) -> Shape:
    """Return the shape that the reader's configuration tells."""
    config = json.loads((reader / "config.json").read_text("utf-8"))
    return Shape(config["num_hidden_layers"], config["hidden_size"], config["intermediate_size"])


def gflops(threads: int) -> float:
    """Return the GFLOP a second of single-precision matrix products.

    In a process of its own: OpenBLAS reads its threads when it is loaded, and a kernel that was
    set for older releases would hide what the machine can do.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OPENBLAS_")}
    result = subprocess.run(
        [sys.executable, "-m", "benchmarks.peers.limit"],
        env=kept | {"OPENBLAS_NUM_THREADS": str(threads), "OMP_NUM_THREADS": str(threads)},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    return float(result.stdout)


def _fastest() -> float:
    """Return the GFLOP a second of the fastest of some products."""
    rng = np.random.default_rng(0)
    left, right = (rng.standard_normal((SIDE, SIDE), dtype=np.float32) for _ in range(2))
    seconds = []
    for _ in range(TIMES):
        started = perf_counter()
        left @ right
        seconds.append(perf_counter() - started)
    return 2 * SIDE**3 / min(seconds) / 1e9


if __name__ == "__main__":
    print(_fastest())
