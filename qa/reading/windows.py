"""What readers share: passages to windows, batches of them, and logits to spans."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from corpus.story import Passage
from embeddings.retriever import Hit
from qa.decode import best_spans, closed
from qa.reader import Span

MAX_PIECES = 384
"""Word pieces that a model is given at most (Devlin et al. 2019 read SQuAD so)."""

MAX_QUESTION_PIECES = MAX_PIECES // 3
"""Word pieces that a question keeps at most of a window; a longer one loses its end."""

LEAST_PIECES = 32
"""A model that takes fewer at a time can't hold a question and a sentence."""

BATCH_PIECES = 2048
"""Word pieces read at once; windows of like length share a batch, so little is padding."""

ALONE = 1
"""Word pieces read at once where each window is read by itself."""

SPANS_A_WINDOW = 3


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of a passage as the model sees it; offsets count from *shift* in the context."""

    passage: Passage
    encoding: Encoding
    shift: int


class Inputs(NamedTuple):
    """A batch as models take it; each array has shape (windows, longest)."""

    pieces: NDArray[np.int64]
    types: NDArray[np.int64]
    mask: NDArray[np.int64]


Logits = NDArray[np.float32]
"""Shape (windows, longest, 2): start and end; the first word piece is the null answer."""


LogitsOf = Callable[[Sequence[Window]], Logits]


class Each(Protocol):
    """What reads one batch after another, or several at a time; results come in their order."""

    def __call__(
        self, read: Callable[[Sequence[Window]], list[Span]], batches: Iterable[Sequence[Window]], /
    ) -> Iterable[list[Span]]:
        """Return what *read* returns for each of *batches*."""


class Windows:
    """Cuts what is read into windows: the question, the story's title, a stretch of the passage.

    A passage too long for one window of *max_pieces* word pieces is read in several, which overlap
    by a sixth of that; a question keeps a third of it. Windows of at most *batch_pieces*, at least
    one, are read at once, batch by batch as *each* does it.
    """

    def __init__(
        self,
        tokenizer: Tokenizer,
        *,
        max_pieces: int = MAX_PIECES,
        batch_pieces: int = BATCH_PIECES,
        each: Each = map,
    ) -> None:
        """Take copies of *tokenizer*, so that whatever else uses it may set it otherwise."""
        self._batch_pieces = batch_pieces
        self._each = each
        self._of_question = Tokenizer.from_str(tokenizer.to_str())
        self._of_question.enable_truncation(max_pieces // 3)
        self._of_pair = Tokenizer.from_str(tokenizer.to_str())
        self._of_pair.enable_truncation(
            max_pieces, stride=max_pieces // 6, strategy="only_second", direction="right"
        )
        self._of_pair.no_padding()

    def read(self, question: str, hits: Sequence[Hit], logits_of: LogitsOf) -> list[Span]:
        """Return the best spans of every hit's passage, best first over all of them."""
        question = self._shortened(question)
        windows = [window for hit in hits for window in self._cut(question, hit)]
        windows.sort(key=lambda window: len(window.encoding), reverse=True)
        read = partial(_spans_of_all, logits_of)
        spans = {
            (span.passage.passage_id, span.start, span.end): span
            for found in self._each(read, _batches(windows, self._batch_pieces))
            for span in found
        }
        return sorted(spans.values(), key=best_first)

    def _shortened(self, question: str) -> str:
        offsets = self._of_question.encode(question, add_special_tokens=False).offsets
        return question[: offsets[-1][1]] if offsets else question

    def _cut(self, question: str, hit: Hit) -> Iterator[Window]:
        context, shift = context_of(hit)
        encoding = self._of_pair.encode(question, context)
        for part in (encoding, *encoding.overflowing):
            yield Window(hit.passage, part, shift)


def context_of(hit: Hit) -> tuple[str, int]:
    """Return what is read of a hit, and where in it the passage starts."""
    head = f"{hit.story.title}\n"
    return head + hit.passage.text, len(head)


def inputs_of(batch: Sequence[Window], *, pad: int = 0) -> Inputs:
    """Return the windows as rows, the shorter ones filled up with the word piece *pad*."""
    return padded([window.encoding for window in batch], pad=pad)


def padded(encodings: Sequence[Encoding], *, pad: int = 0) -> Inputs:
    """Return *encodings* as rows, the shorter ones filled up with the word piece *pad*."""
    longest = max(len(encoding) for encoding in encodings)
    pieces, types, mask = np.zeros((3, len(encodings), longest), dtype=np.int64)
    pieces += pad
    for row, encoding in enumerate(encodings):
        length = len(encoding)
        pieces[row, :length] = encoding.ids
        types[row, :length] = encoding.type_ids
        mask[row, :length] = 1
    return Inputs(pieces, types, mask)


def spans_of(window: Window, logits: NDArray[np.float32]) -> Iterator[Span]:
    """Yield the best spans of a window's part of the passage; *logits* has shape (longest, 2)."""
    offsets, sequences = window.encoding.offsets, window.encoding.sequence_ids
    allowed = [
        token
        for token, sequence in enumerate(sequences)
        if sequence == 1 and offsets[token][1] > window.shift
    ]
    if not allowed:
        return
    for token_span in best_spans(logits, slice(allowed[0], allowed[-1] + 1), SPANS_A_WINDOW):
        start, end = _trimmed(
            window.passage.text,
            max(0, offsets[token_span.first][0] - window.shift),
            offsets[token_span.last][1] - window.shift,
        )
        if start < end:
            start, end = closed(window.passage.text, start, end)
            yield Span(passage=window.passage, start=start, end=end, score=token_span.score)


def _spans_of_all(logits_of: LogitsOf, batch: Sequence[Window]) -> list[Span]:
    return [
        span
        for window, logits in zip(batch, logits_of(batch), strict=True)
        for span in spans_of(window, logits)
    ]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the bounds without the space that some tokenizers count as part of a word piece."""
    words = text[start:end]
    return end - len(words.lstrip()), start + len(words.rstrip())


def _batches(windows: Sequence[Window], most: int) -> Iterator[Sequence[Window]]:
    """Yield runs of *windows*, which are sorted longest first, of *most* word pieces each."""
    at = 0
    while at < len(windows):
        size = max(1, most // len(windows[at].encoding))
        yield windows[at : at + size]
        at += size


def best_first(span: Span) -> tuple[float, int, int, int]:
    """Return what spans are sorted by."""
    # The rest of the key makes the order of equal scores the same every time.
    return -span.score, span.passage.passage_id, span.start, span.end
