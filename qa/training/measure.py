"""Scores a reader on reading-comprehension rows.

`python -m qa.training.measure ROWS.jsonl.gz... [--reader READER] [--sample N]` reads each row's
whole context. READER is the folder of an exported reader, or a folder or hub name of one in
Hugging Face form. Exact match and F1 are over the answerable rows, the null answer left out
(SQuAD 1.1's way); AUROC is of the best span's score, answerable against unanswerable rows.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
from sklearn.metrics import roc_auc_score

from corpus.story import Passage, Story
from embeddings.retriever import Hit
from qa.onnx_reader import BUNDLED, MANIFEST, OnnxReader
from qa.reader import Reader
from qa.reading.hf_reader import HfReader
from qa.scoring.metrics import exact_match, f1
from qa.training.rows import Row, gold_of, read_rows, sample_of, stories_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderScores:
    """How well a reader reads: shares in [0, 1]; *auroc* needs rows of both kinds."""

    rows: int
    exact_match: float
    f1: float
    auroc: float | None


def measure(reader: Reader, rows: Sequence[Row]) -> ReaderScores:
    """Return what *reader* scores on *rows*."""
    scores, impossible, matches, overlaps = [], [], [], []
    for row in rows:
        gold = gold_of(row)
        best = reader.read(gold.question, [_hit(row)])[0]
        scores.append(best.score)
        impossible.append(gold.is_impossible)
        if not gold.is_impossible:
            matches.append(exact_match(best.text, gold.texts))
            overlaps.append(f1(best.text, gold.texts))
    both = any(impossible) and not all(impossible)
    return ReaderScores(
        rows=len(rows),
        exact_match=float(np.mean(matches)),
        f1=float(np.mean(overlaps)),
        auroc=float(roc_auc_score(~np.array(impossible), scores)) if both else None,
    )


def open_reader(name: str) -> Reader:
    """Load the reader *name*, in either form."""
    folder = Path(name)
    return OnnxReader(folder) if (folder / MANIFEST).exists() else HfReader(name)


def _hit(row: Row) -> Hit:
    [story] = stories_of([row])
    return Hit(passage=_whole(story), story=story, score=0.0)


def _whole(story: Story) -> Passage:
    return Passage(
        passage_id=1,
        story_id=story.story_id,
        ordinal=0,
        start=0,
        end=len(story.body),
        text=story.body,
    )


def main() -> None:
    """Measure from the command line."""
    parse = argparse.ArgumentParser(description="Score a reader on rows.")
    parse.add_argument("rows", type=Path, nargs="+")
    parse.add_argument("--reader", default=str(BUNDLED))
    parse.add_argument("--sample", type=int, help="at most so many rows of each file")
    options = parse.parse_args()
    reader = open_reader(options.reader)
    for path in options.rows:
        rows = read_rows(path)
        if options.sample and options.sample < len(rows):
            rows = sample_of(rows, options.sample)
        scores = measure(reader, rows)
        auroc = f", AUROC {scores.auroc:.3f}" if scores.auroc is not None else ""
        click.echo(
            f"{reader.name}, {path.name}, {scores.rows} rows: "
            f"EM {100 * scores.exact_match:.2f}, F1 {100 * scores.f1:.2f}{auroc}"
        )


if __name__ == "__main__":
    main()
