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
    starts, ends = logits[allowed, 0], logits[allowed, 1]
    length = len(starts)
    null = float(logits[0].sum())
    width = min(max_tokens, length)
    # scores[i, w]: the span that starts at i and is w + 1 pieces long.
    padded = np.concatenate([ends, np.full(width, -np.inf, dtype=ends.dtype)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, width)[:length] if width else padded
    scores = starts[:, None] + windows if width else np.empty((0, 0), dtype=ends.dtype)
    spans: list[TokenSpan] = []
    free = np.ones(length, dtype=bool)
    for flat in np.argsort(-scores, axis=None, kind="stable"):
        first, more = divmod(int(flat), width)
        last = first + more
        if len(spans) == k or not np.isfinite(scores[first, more]):
            break
        if free[first : last + 1].all():
            free[first : last + 1] = False
            offset = allowed.start
            spans.append(
                TokenSpan(first + offset, last + offset, float(scores[first, more]) - null)
            )
    return spans
