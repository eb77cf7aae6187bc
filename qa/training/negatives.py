"""Mines passages that look right and don't hold the answer, with Dateline's own search.

`python -m qa.training.negatives --rows FOLDER --run FOLDER [--sample N]` indexes the contexts of
the training rows as stories, asks a sample of their questions, and writes the best passages that
hold none of the answers to RUN/mined.jsonl.gz, as rows that can't be answered.
"""

import argparse
import gzip
import json
import logging
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from corpus.passages import split_story
from embeddings.passage_text import passage_text
from embeddings.retriever import Hit, Retriever
from qa.assemble import open_retriever, open_store
from qa.settings import load_settings
from qa.training.crops import holds_answer
from qa.training.mixture import MINED, MINED_FILE, SENTENCE_SETS, SHARES
from qa.training.rows import Row, read_rows, sample_of, stories_of

logger = logging.getLogger(__name__)

HITS = 8
KEPT = 2
"""Of the first HITS passages, so many that don't hold the answer are kept for a question."""

UNASKED = frozenset({"fairytaleqa", "quoref_dev"}) | SENTENCE_SETS
"""Sets whose questions make sense only beside their own context."""


def mine(retriever: Retriever, rows: Sequence[Row]) -> Iterator[Row]:
    """Yield rows of the passages that are found for each question and don't answer it."""
    for number, row in enumerate(rows, start=1):
        hits = retriever.retrieve(str(row["question"]), k=HITS)
        wrong = [hit for hit in hits if not holds_answer(row, passage_text(hit.story, hit.passage))]
        yield from (_negative(row, hit) for hit in wrong[:KEPT])
        if number % 1000 == 0:
            logger.info("%d of %d questions asked", number, len(rows))


def _negative(row: Row, hit: Hit) -> Row:
    return {
        "id": f"{row['id']}/{hit.passage.passage_id}",
        "title": hit.story.title,
        "context": hit.passage.text,
        "question": row["question"],
        "answers": [],
        "is_impossible": True,
        "source": MINED,
    }


def retriever_of(rows: Sequence[Row], folder: Path) -> Retriever:
    """Return Dateline's search over the contexts of *rows*, kept in *folder*."""
    settings = load_settings(data=folder)
    open_store(settings).put([(story, split_story(story)) for story in stories_of(rows)])
    return open_retriever(settings)


def main() -> None:
    """Mine from the command line."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    parse = argparse.ArgumentParser(description="Mine passages that don't hold the answer.")
    parse.add_argument("--rows", type=Path, required=True, help="folder of training rows")
    parse.add_argument("--run", type=Path, required=True, help="folder to write the rows to")
    parse.add_argument("--sample", type=int, default=12_000, help="questions to ask, at most")
    options = parse.parse_args()
    paths = [options.rows / f"{name}.jsonl.gz" for name in SHARES if name not in UNASKED | {MINED}]
    rows = [row for path in paths if path.exists() for row in read_rows(path)]
    answerable = [row for row in rows if not row["is_impossible"]]
    asked = sample_of(answerable, options.sample)
    options.run.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        retriever = retriever_of(rows, Path(folder))
        logger.info("%d passages indexed", len(retriever.index))
        with gzip.open(options.run / MINED_FILE, "wt", encoding="utf-8") as file:
            file.writelines(json.dumps(row) + "\n" for row in mine(retriever, asked))


if __name__ == "__main__":
    main()
