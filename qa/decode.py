"""Logits to spans, in plain numpy."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

MAX_ANSWER_TOKENS = 30
"""The longest answer, in word pieces (Devlin et al. 2019 use 30 on SQuAD)."""


class TokenSpan(NamedTuple):
    """Word pieces *first* to *last*, both inclusive, and how much they beat the null answer."""

    first: int
    last: int
    score: float


def closed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the bounds with a bracket that `text[start:end]` lacks, if it stands beside it.

    A word piece is a bracket too, so a span may end just before the bracket that closes it.
    """
    words = text[start:end]
    for opening, closing in ("()", "[]"):
        lacks = words.count(opening) - words.count(closing)
        if lacks == 1 and text[end : end + 1] == closing:
            end += 1
        elif lacks == -1 and start > 0 and text[start - 1] == opening:
            start -= 1
    return start, end


def best_spans(
    logits: NDArray[np.float32], allowed: slice, k: int, max_tokens: int = MAX_ANSWER_TOKENS
) -> list[TokenSpan]:
    """Return at most *k* spans that don't overlap, best first.

    *logits* has shape (tokens, 2): start and end; row 0 is the null answer. Spans lie in the
    *allowed* rows and hold at most *max_tokens*. A span's score is its start and end logits minus
    the null's.
    """
    starts, ends = logits[allowed].T
    width = min(max_tokens, len(starts))
    if not width:
        return []
    null = float(logits[0].sum())
    # scores[i, w]: the span that starts at i and is w + 1 pieces long.
    padded = np.pad(ends, (0, width - 1), constant_values=-np.inf)
    scores = starts[:, None] + np.lib.stride_tricks.sliding_window_view(padded, width)
    spans: list[TokenSpan] = []
    for flat in np.argsort(-scores, axis=None, kind="stable"):
        at, more = divmod(int(flat), width)
        if len(spans) == k or not np.isfinite(scores[at, more]):
            break
        first = allowed.start + at
        last = first + more
        if all(last < better.first or better.last < first for better in spans):
            spans.append(TokenSpan(first, last, float(scores[at, more]) - null))
    return spans
