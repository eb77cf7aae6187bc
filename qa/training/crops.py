"""Contexts to passages as long as Dateline's: with the answer, beside it, or without it."""

from collections.abc import Sequence
from random import Random

from qa.training.examples import Example, Sentence, Span, answers_of, sentences_of, title_of
from qa.training.rows import Row

SHORTEST, LONGEST = 40, 160
"""A passage's length in tokens is drawn between these; Dateline's own hold 110 at most."""

LEAST_BESIDE = 25
"""A stretch beside the answer is a passage from so many tokens on."""


def around(row: Row, rng: Random) -> Example:
    """Return a window of whole sentences around one of the row's answers, or around nothing.

    A row that its context doesn't answer keeps a window drawn at random.
    """
    context, spans = str(row["context"]), answers_of(row)
    sentences = sentences_of(context)
    answer = rng.choice(spans) if spans else None
    first, last = _held(sentences, answer) if answer else _anywhere(sentences, rng)
    first, last = _grown(sentences, first, last, rng)
    start, end = sentences[first].start, sentences[last].end
    if answer:
        # An answer may begin before the sentence that was found for it.
        start, end = min(start, answer[0]), max(end, answer[1])
        answer = answer[0] - start, answer[1] - start
    return _example(row, context[start:end], answer)


def whole(row: Row, rng: Random) -> Example:
    """Return the whole context, with one of its answers if it has any."""
    spans = answers_of(row)
    return _example(row, str(row["context"]), rng.choice(spans) if spans else None)


def beside(row: Row, rng: Random) -> Example | None:
    """Return a window next to the answers, which doesn't hold their words; None without room."""
    context, spans = str(row["context"]), answers_of(row)
    sentences = sentences_of(context)
    first = min(_held(sentences, span)[0] for span in spans)
    last = max(_held(sentences, span)[1] for span in spans)
    runs = (sentences[:first], sentences[last + 1 :])
    long_enough = [run for run in runs if _tokens(run) >= LEAST_BESIDE]
    if not long_enough:
        return None
    run = rng.choice(long_enough)
    start, end = _grown(run, *_anywhere(run, rng), rng)
    return _without_answers(row, context[run[start].start : run[end].end])


def emptied(row: Row, rng: Random) -> Example | None:
    """Return a window around an answer with its sentences left out; None if it still stands."""
    context, spans = str(row["context"]), answers_of(row)
    sentences = sentences_of(context)
    held = [_held(sentences, span) for span in spans]
    first, last = _grown(sentences, *rng.choice(held), rng)
    left_out = {n for start, end in held for n in range(start, end + 1)}
    kept = [sentences[n] for n in range(first, last + 1) if n not in left_out]
    if _tokens(kept) < LEAST_BESIDE:
        return None
    return _without_answers(row, " ".join(context[one.start : one.end] for one in kept))


def among(row: Row, others: Sequence[str], rng: Random) -> Example:
    """Return the row's context, a sentence or two, with *others* put before and after it."""
    before = others[: rng.randint(0, len(others))]
    after = others[len(before) :]
    lead = "".join(f"{sentence} " for sentence in before)
    spans = answers_of(row)
    start, end = rng.choice(spans)
    passage = lead + str(row["context"]) + "".join(f" {sentence}" for sentence in after)
    return _example(row, passage, (start + len(lead), end + len(lead)))


def _example(row: Row, passage: str, answer: Span | None) -> Example:
    return Example(
        question=str(row["question"]), title=title_of(row), passage=passage, answer=answer
    )


def _without_answers(row: Row, passage: str) -> Example | None:
    return (
        None if holds_answer(row, f"{title_of(row)}\n{passage}") else _example(row, passage, None)
    )


def holds_answer(row: Row, text: str) -> bool:
    """Whether *text* holds the words of one of the row's answers, in whatever case."""
    context, folded = str(row["context"]), " ".join(text.casefold().split())
    return any(
        " ".join(context[start:end].casefold().split()) in folded for start, end in answers_of(row)
    )


def _tokens(sentences: Sequence[Sentence]) -> int:
    return sum(sentence.tokens for sentence in sentences)


def _held(sentences: Sequence[Sentence], span: Span) -> Span:
    """Return the first and the last of the sentences that *span* touches."""
    touched = [
        n
        for n, sentence in enumerate(sentences)
        if sentence.end > span[0] and sentence.start < span[1]
    ]
    return touched[0], touched[-1]


def _anywhere(sentences: Sequence[Sentence], rng: Random) -> Span:
    at = rng.randrange(len(sentences))
    return at, at


def _grown(sentences: Sequence[Sentence], first: int, last: int, rng: Random) -> Span:
    """Return the window grown by sentences at either end, at random, up to a length drawn."""
    room = rng.randint(SHORTEST, LONGEST) - _tokens(sentences[first : last + 1])
    while True:
        ends = [n for n in (first - 1, last + 1) if 0 <= n < len(sentences)]
        fitting = [n for n in ends if sentences[n].tokens <= room]
        if not fitting:
            return first, last
        taken = rng.choice(fitting)
        room -= sentences[taken].tokens
        first, last = min(first, taken), max(last, taken)
