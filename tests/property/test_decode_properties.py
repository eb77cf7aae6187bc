"""What holds of decoded spans for any logits."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from qa.decode import best_spans


@given(
    logits=arrays(np.float32, (24, 2), elements=st.floats(-20, 20, width=32)),
    start=st.integers(1, 23),
    length=st.integers(0, 23),
    k=st.integers(1, 5),
    max_tokens=st.integers(1, 30),
)
def test_spans_are_ordered_disjoint_and_inside_the_allowed_tokens(
    logits: np.ndarray[tuple[int, int], np.dtype[np.float32]],
    start: int,
    length: int,
    k: int,
    max_tokens: int,
) -> None:
    allowed = slice(start, min(start + length, 24))

    spans = best_spans(logits, allowed, k, max_tokens)

    taken = [token for span in spans for token in range(span.first, span.last + 1)]
    assert len(spans) <= k
    assert len(taken) == len(set(taken))
    assert all(allowed.start <= token < allowed.stop for token in taken)
    assert all(span.last - span.first < max_tokens for span in spans)
    assert [span.score for span in spans] == sorted((s.score for s in spans), reverse=True)


@given(logits=arrays(np.float32, (12, 2), elements=st.floats(-20, 20, width=32)))
def test_no_other_span_beats_the_first(
    logits: np.ndarray[tuple[int, int], np.dtype[np.float32]],
) -> None:
    [best] = best_spans(logits, slice(3, 12), k=1)

    everything = [
        float(logits[i, 0] + logits[j, 1]) - float(logits[0].sum())
        for i in range(3, 12)
        for j in range(i, 12)
    ]
    assert best.score >= max(everything) - 1e-3
