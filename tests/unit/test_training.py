"""Rows become stories and gold, and a reader is scored on them."""

import gzip
import json
from pathlib import Path

import pytest

from qa.training.measure import measure
from qa.training.rows import Row, gold_of, read_rows, stories_of
from tests.fakes import WordReader

CONTEXT = "Ada Quinn was elected mayor of Springfield."


def row(question: str, *answers: str) -> Row:
    return {
        "id": question,
        "title": "Springfield_(city)",
        "context": CONTEXT,
        "question": question,
        "answers": [{"text": text, "start": CONTEXT.index(text)} for text in answers],
        "is_impossible": not answers,
        "source": "test",
    }


def test_rows_are_read_from_gzipped_lines(tmp_path: Path) -> None:
    rows = [row("Who was elected?", "Ada Quinn"), row("Who lost?")]
    with gzip.open(tmp_path / "rows.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(one) + "\n" for one in rows)

    assert read_rows(tmp_path / "rows.jsonl.gz") == rows


def test_rows_on_one_context_are_one_story() -> None:
    [story] = stories_of([row("Who was elected?", "Ada Quinn"), row("Who lost?")])

    assert (story.title, story.body) == ("Springfield (city)", CONTEXT)


def test_a_row_is_gold_whose_file_is_its_story() -> None:
    [story] = stories_of([row("Who was elected?", "Ada Quinn")])
    gold = gold_of(row("Who was elected?", "Ada Quinn"))

    assert gold.texts == ["Ada Quinn"]
    assert gold.files == (story.source,)
    assert gold_of(row("Who lost?")).is_impossible


def test_a_reader_is_scored_on_answerable_rows_and_on_telling_them_apart() -> None:
    rows = [
        row("Who was elected mayor?", "Ada Quinn"),
        row("What was elected mayor?", "mayor of Springfield"),
        row("Anything else?"),
    ]

    scores = measure(WordReader(), rows)

    assert (scores.rows, scores.exact_match, scores.f1, scores.auroc) == (3, 0.5, 0.5, 1.0)


def test_without_unanswerable_rows_there_is_no_auroc() -> None:
    assert measure(WordReader(), [row("Who was elected?", "Ada Quinn")]).auroc is None


@pytest.mark.parametrize("title", ["Springfield_(city)", "Ada Quinn"])
def test_titles_are_written_with_spaces(title: str) -> None:
    [story] = stories_of([row("Who?", "Ada Quinn") | {"title": title}])

    assert "_" not in story.title
