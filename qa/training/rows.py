"""Rows of reading-comprehension sets as stories and gold questions."""

import gzip
import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from corpus.story import Story, story_id_of
from qa.scoring.gold import GoldAnswer, GoldQuestion

Row = dict[str, object]


def read_rows(path: Path) -> list[Row]:
    """Return the rows of a gzipped JSON Lines file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def sample_of(rows: Sequence[Row], count: int) -> list[Row]:
    """Return at most *count* of *rows*, always the same ones."""
    return random.Random(0).sample(rows, min(count, len(rows)))  # noqa: S311 - nothing secret


def answers_in(row: Row) -> list[dict[str, Any]]:
    """Return the answers of a row: each a *text* and where it *start*s in the context."""
    answers = row["answers"]
    assert isinstance(answers, list)  # noqa: S101 - narrows the type of a JSON value
    return answers


def stories_of(rows: Sequence[Row]) -> Iterator[Story]:
    """Yield every context of *rows* once, as a story under its article's title."""
    for context, title in {str(row["context"]): str(row["title"]) for row in rows}.items():
        yield Story(
            story_id=story_id_of(context),
            source=story_id_of(context),
            title=title.replace("_", " "),
            body=context,
        )


def gold_of(row: Row) -> GoldQuestion:
    """Return a row as a gold question whose file is its context's story."""
    impossible = bool(row["is_impossible"])
    return GoldQuestion(
        id=str(row["id"]),
        question=str(row["question"]),
        kind=str(row["source"]),
        answers=() if impossible else tuple(GoldAnswer(text=a["text"]) for a in answers_in(row)),
        files=() if impossible else (story_id_of(str(row["context"])),),
        is_impossible=impossible,
    )
