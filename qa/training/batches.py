"""Examples to batches of word pieces, the same ones in the same order every time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from random import Random

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from qa.reading.windows import MAX_PIECES, MAX_QUESTION_PIECES, padded
from qa.training.examples import Example, Span
from qa.training.mixture import Mixture
from qa.training.rows import Row

BATCH_PIECES = 4096
"""Word pieces of a batch, padding included: about 30 examples."""

POOL = 1024
"""Examples that are sorted by length before they are put into batches, so that little is padded."""

UNTITLED = 0.15
"""Share of examples read without their title."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Texts as the model reads them, shape (texts, length); answers as the first and last piece.

    *starts* and *ends* have shape (texts,); 0, the first piece, stands for no answer.
    """

    pieces: NDArray[np.int64]
    types: NDArray[np.int64]
    mask: NDArray[np.int64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.pieces)


@dataclass(frozen=True, slots=True)
class _Text:
    encoding: Encoding
    first: int
    last: int


class BatchMaker:
    """Turns the rounds of a mixture into batches."""

    def __init__(self, mixture: Mixture, tokenizer: Tokenizer, seed: int) -> None:
        self._mixture = mixture
        self._tokenizer = tokenizer
        self._tokenizer.enable_truncation(MAX_PIECES, strategy="only_second")
        self._tokenizer.no_padding()
        self._seed = seed

    def batches(self, number: int, skip: int = 0) -> Iterator[Batch]:
        """Yield the batches of round *number* from the one after the first *skip* on."""
        for pool_number, pool in enumerate(_pools(self._mixture.round(number, self._seed))):
            rng = Random(f"{self._seed}/{number}/{pool_number}")  # noqa: S311 - nothing secret
            texts = [
                text
                for row, seed in pool
                if (text := self._text(self._mixture.example(row, seed), rng))
            ]
            texts.sort(key=lambda text: len(text.encoding))
            groups = list(_groups(texts))
            rng.shuffle(groups)
            for group in groups[skip:]:
                yield _batch(group)
            skip = max(0, skip - len(groups))

    def _text(self, example: Example, rng: Random) -> _Text | None:
        """Return *example* in word pieces; None if its answer is beyond what is read."""
        titled = example.title and rng.random() >= UNTITLED
        head = f"{example.title}\n" if titled else ""
        question = example.question[: MAX_QUESTION_PIECES * 2]
        encoding = self._tokenizer.encode(question, head + example.passage)
        if example.answer is None:
            return _Text(encoding, 0, 0)
        found = _pieces_of(encoding, (example.answer[0] + len(head), example.answer[1] + len(head)))
        return _Text(encoding, *found) if found else None


def _pools(rows: Iterator[tuple[Row, int]]) -> Iterator[list[tuple[Row, int]]]:
    while pool := list(islice(rows, POOL)):
        yield pool


def _pieces_of(encoding: Encoding, span: Span) -> Span | None:
    """Return the first and the last piece of the context that *span* touches."""
    touched = [
        piece
        for piece, (sequence, (start, end)) in enumerate(
            zip(encoding.sequence_ids, encoding.offsets, strict=True)
        )
        if sequence == 1 and start < span[1] and end > span[0]
    ]
    return (touched[0], touched[-1]) if touched else None


def _groups(texts: Sequence[_Text]) -> Iterator[Sequence[_Text]]:
    """Yield runs of *texts*, shortest first, of at most BATCH_PIECES when padded."""
    group: list[_Text] = []
    for text in texts:
        if group and (len(group) + 1) * len(text.encoding) > BATCH_PIECES:
            yield group
            group = []
        group.append(text)
    if group:
        yield group


def _batch(texts: Sequence[_Text]) -> Batch:
    inputs = padded([text.encoding for text in texts])
    return Batch(
        pieces=inputs.pieces,
        types=inputs.types,
        mask=inputs.mask,
        starts=np.array([text.first for text in texts]),
        ends=np.array([text.last for text in texts]),
    )
