"""Reads the passages that were found best first, and no further once one answers clearly."""

from collections.abc import Sequence

from embeddings.retriever import Hit
from qa.deadline import check_time
from qa.reader import Reader, Span
from qa.reading.windows import best_first
from qa.understanding.several import asks_for_several
from qa.understanding.understand import Meaning

AT_ONCE = 4
"""Passages read before it is decided whether to go on; no machine's cores make a difference."""


def read_enough(
    reader: Reader, meant: Meaning, hits: Sequence[Hit], enough: float | None
) -> list[Span]:
    """Return the spans that were read, best first, from the best *hits* or from all.

    Reading ends when a span scores *enough*, which None never is: in logits above the null
    answer. All is read for a question that asks for several things, prefers some stories to others
    or hangs on the turns before: more than what was found first counts there.
    """
    text = meant.question.text
    if enough is None or meant.prefers or meant.story_ids:
        return reader.read(text, hits)
    spans: list[Span] = []
    for at in range(0, len(hits), AT_ONCE):
        check_time()
        spans += reader.read(text, hits[at : at + AT_ONCE])
        spans.sort(key=best_first)
        if spans and spans[0].score >= enough and not asks_for_several(text, spans[0].text):
            break
    return spans
