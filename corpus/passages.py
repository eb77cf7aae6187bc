"""Story to passages, each an exact slice of the story."""

import re
from collections.abc import Iterator

from corpus.sentences import sentence_spans
from corpus.story import Passage, Story, passage_id

MAX_TOKENS = 110
"""Words and punctuation marks in a passage, at most.

Over 8,800 press releases a passage came to 100 BERT word pieces in the median, and to 124 at the
99th percentile.
"""

_TOKEN = re.compile(r"\w+|[^\w\s]")

Span = tuple[int, int]


def split_story(story: Story, *, max_tokens: int = MAX_TOKENS) -> list[Passage]:
    """Return windows of whole sentences that overlap by one sentence, in order.

    A window holds at most *max_tokens* tokens; a longer sentence is cut between tokens into
    pieces of that length. Every character that is not white space is in some passage.
    """
    pieces = [
        piece
        for sentence in sentence_spans(story.body)
        for piece in _pieces(story.body, sentence, max_tokens)
    ]
    return [
        Passage(
            passage_id=passage_id(story.story_id, ordinal),
            story_id=story.story_id,
            ordinal=ordinal,
            start=start,
            end=end,
            text=story.body[start:end],
        )
        for ordinal, (start, end) in enumerate(_windows(pieces, max_tokens))
    ]


def token_count(text: str) -> int:
    """Return how many words and punctuation marks *text* has."""
    return len(_TOKEN.findall(text))


def _pieces(body: str, sentence: Span, max_tokens: int) -> Iterator[tuple[Span, int]]:
    """Yield *sentence*, or the pieces of one that is too long, each with its tokens' number."""
    count = len(_TOKEN.findall(body, *sentence))
    if 0 < count <= max_tokens:
        yield sentence, count
        return
    tokens = [match.span() for match in _TOKEN.finditer(body, *sentence)]
    for first in range(0, len(tokens), max_tokens):
        piece = tokens[first : first + max_tokens]
        start = sentence[0] if first == 0 else piece[0][0]
        end = piece[-1][1] if first + max_tokens < len(tokens) else sentence[1]
        yield (start, end), len(piece)


def _windows(pieces: list[tuple[Span, int]], max_tokens: int) -> Iterator[Span]:
    first = 0
    while first < len(pieces):
        last, tokens = first, pieces[first][1]
        while last + 1 < len(pieces) and tokens + pieces[last + 1][1] <= max_tokens:
            last += 1
            tokens += pieces[last][1]
        yield pieces[first][0][0], pieces[last][0][1]
        if last + 1 == len(pieces):
            return
        # The last sentence opens the next window, unless that would leave no room for a new one.
        overlaps = last > first and pieces[last][1] + pieces[last + 1][1] <= max_tokens
        first = last if overlaps else last + 1
