"""A round reads the sets by their shares, in an order that is always the same."""

import gzip
import json
from collections import Counter
from pathlib import Path

import pytest

from qa.training.mixture import MINED_FILE, SHARES, Mixture, article_of, read_mixture
from qa.training.rows import Row

CONTEXT = "Ada Quinn was elected mayor of Springfield in 2019. The count took until midnight."


def rows(source: str, count: int, *, context: str = CONTEXT) -> list[Row]:
    return [
        {
            "id": f"Wiki1k:wikinews:{number}:1:2-3",
            "title": "Springfield",
            "context": context,
            "question": "Who was elected mayor of Springfield?",
            "answers": [{"text": "Ada Quinn", "start": context.index("Ada Quinn")}],
            "is_impossible": False,
            "source": source,
        }
        for number in range(count)
    ]


def write(path: Path, content: list[Row]) -> None:
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in content)


@pytest.fixture
def mixture(tmp_path: Path) -> Mixture:
    write(tmp_path / "squad2_halfdev8.jsonl.gz", rows("squad2_halfdev8", 10))
    write(tmp_path / "squad_sentence_join.jsonl.gz", rows("squad_sentence_join", 10))
    write(tmp_path / "unknown.jsonl.gz", rows("unknown", 10))
    return read_mixture(tmp_path)


def test_a_round_reads_each_set_by_its_share(mixture: Mixture) -> None:
    counted = Counter(row["source"] for row, _ in mixture.round(0, seed=1))

    assert counted == {
        "squad2_halfdev8": 10 * SHARES["squad2_halfdev8"],
        "squad_sentence_join": 10 * SHARES["squad_sentence_join"],
    }


def test_a_round_is_always_the_same_and_the_next_is_another(mixture: Mixture) -> None:
    first = list(mixture.round(0, seed=1))

    assert first == list(mixture.round(0, seed=1))
    assert first != list(mixture.round(1, seed=1))


def test_a_row_becomes_the_same_example_for_the_same_seed(mixture: Mixture) -> None:
    for row, seed in mixture.round(0, seed=1):
        assert mixture.example(row, seed) == mixture.example(row, seed)


def test_one_sentence_is_put_among_others(mixture: Mixture) -> None:
    examples = [
        mixture.example(row, seed)
        for row, seed in mixture.round(0, seed=1)
        if row["source"] == "squad_sentence_join"
    ]

    assert all(len(example.passage) > len(CONTEXT) for example in examples)
    assert all(
        example.answer and example.passage[slice(*example.answer)] == "Ada Quinn"
        for example in examples
    )


def test_some_rows_are_made_unanswerable(mixture: Mixture) -> None:
    long = CONTEXT + " Those who counted went home when the last of the boxes was empty." * 4
    [row] = rows("squad2_halfdev8", 1, context=long)

    examples = [mixture.example(row, seed) for seed in range(300)]
    unanswerable = [example for example in examples if example.answer is None]

    assert 10 < len(unanswerable) < 150


def test_mined_passages_are_read_as_they_are(tmp_path: Path) -> None:
    [row] = rows("mined", 1)
    write(tmp_path / MINED_FILE, [row | {"answers": [], "is_impossible": True}])

    mixture = read_mixture(tmp_path / "none", tmp_path / MINED_FILE)

    [(mined, seed)] = mixture.round(0, seed=1)
    assert mixture.example(mined, seed).passage == CONTEXT
    assert mixture.example(mined, seed).answer is None


def test_the_article_of_a_sentence_is_in_its_id() -> None:
    [sentence] = rows("qamr", 1)

    assert article_of(sentence) == "wikinews:0"
    assert article_of(sentence | {"source": "squad_sentence_join"}) == ""
