"""Batches hold the answers where their pieces stand, in an order that can be taken up again."""

from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from qa.onnx_reader import BUNDLED, TOKENIZER
from qa.training.batches import BATCH_PIECES, Batch, BatchMaker
from qa.training.mixture import Mixture
from qa.training.rows import Row

CONTEXT = "Voters went to the polls. Ada Quinn was elected mayor of Springfield in 2019."


def rows(count: int) -> list[Row]:
    return [
        {
            "id": str(number),
            "title": "Springfield",
            "context": f"{CONTEXT} The count in ward {number} took until midnight."
            * (number % 4 + 1),
            "question": f"Who was elected mayor after ward {number}?",
            "answers": [{"text": "Ada Quinn", "start": CONTEXT.index("Ada Quinn")}],
            "is_impossible": False,
            "source": "squad11_train44",
        }
        for number in range(count)
    ]


@pytest.fixture
def tokenizer() -> Tokenizer:
    return Tokenizer.from_file(str(BUNDLED / TOKENIZER))


def maker(tokenizer: Tokenizer, count: int = 300) -> BatchMaker:
    mixture = Mixture({"squad11_train44": rows(count)}, names={"": []}, neighbours={"": []})
    return BatchMaker(mixture, tokenizer, seed=1)


def same(one: Batch, other: Batch) -> bool:
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in Batch.__slots__)


def test_the_answer_stands_where_the_batch_says(tokenizer: Tokenizer) -> None:
    answers = {
        tokenizer.decode(batch.pieces[row, start : end + 1].tolist())
        for batch in maker(tokenizer).batches(0)
        for row, (start, end) in enumerate(zip(batch.starts, batch.ends, strict=True))
        if start
    }

    assert answers == {"ada quinn"}


def test_the_first_piece_stands_for_no_answer(tokenizer: Tokenizer) -> None:
    batches = list(maker(tokenizer).batches(0))

    assert any(start == 0 for batch in batches for start in batch.starts)
    assert all(((batch.starts == 0) == (batch.ends == 0)).all() for batch in batches)


def test_every_example_is_in_one_batch_and_none_is_too_large(tokenizer: Tokenizer) -> None:
    batches = list(maker(tokenizer).batches(0))

    assert sum(map(len, batches)) == 300
    assert all(batch.pieces.size <= BATCH_PIECES for batch in batches)


def test_little_is_padded(tokenizer: Tokenizer) -> None:
    batches = list(maker(tokenizer).batches(0))

    assert sum(int(b.mask.sum()) for b in batches) / sum(b.mask.size for b in batches) > 0.8


@pytest.mark.parametrize("done", [0, 1, 3])
def test_a_round_is_taken_up_where_it_was_left(tokenizer: Tokenizer, done: int) -> None:
    every = list(maker(tokenizer).batches(0))

    rest = list(maker(tokenizer).batches(0, skip=done))

    assert len(rest) == len(every) - done
    assert all(map(same, rest, every[done:]))


def test_a_question_of_great_length_is_no_harm(tokenizer: Tokenizer, tmp_path: Path) -> None:
    long = [row | {"question": "why " * 2000} for row in rows(3)]
    mixture = Mixture({"squad11_train44": long}, names={"": []}, neighbours={"": []})

    assert sum(map(len, BatchMaker(mixture, tokenizer, seed=1).batches(0))) == 3
