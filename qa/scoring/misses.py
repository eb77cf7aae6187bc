"""Misses: questions that were not answered right, with all that tells why."""

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.story import Passage
from qa.answer import Citation
from qa.evaluate import Outcome
from qa.scoring.metrics import comes_from

CAUSES = {
    "refused": "refused, though a story says so",
    "made up": "answered, though no story says so",
    "wrong story": "the answer is from another story",
    "wrong words": "the right story, other words",
}


@dataclass(frozen=True, slots=True)
class Marked:
    """A text with the words that matter in the middle of it."""

    before: str
    words: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """A question that was not answered right.

    *given* is the answer, or else what was withheld when the question was *refused* for the
    reason that *message* tells; None if nothing was read. *sentence* and *passage* are where it
    stands in the story *title*, which was read from *source*.
    """

    id: str
    kind: str
    question: str
    expected: tuple[str, ...]
    files: tuple[str, ...]
    rank: int | None
    cause: str
    refused: bool
    message: str | None
    given: str | None
    confidence: float
    title: str | None
    source: str | None
    sentence: Marked | None
    passage: Marked | None


def misses_by_kind(outcomes: Sequence[Outcome]) -> dict[str, list[Miss]]:
    """Return the misses of each kind of question that has any, in the order they were asked."""
    wrong = [outcome for outcome in outcomes if not outcome.right]
    kinds = sorted({outcome.gold.kind for outcome in wrong})
    return {kind: [_miss(o) for o in wrong if o.gold.kind == kind] for kind in kinds}


def _miss(outcome: Outcome) -> Miss:
    best, gold, passage = outcome.best, outcome.gold, outcome.passage
    cited = best.citations[0] if best.citations else None
    return Miss(
        id=gold.id,
        kind=gold.kind,
        question=gold.question,
        expected=tuple(gold.texts),
        files=gold.files,
        rank=outcome.rank,
        cause=_cause(outcome),
        refused=outcome.refused,
        message=outcome.answer.abstention.message if outcome.answer.abstention else None,
        given=best.text,
        confidence=best.confidence.p,
        title=cited.title if cited else None,
        source=cited.source if cited else None,
        sentence=_marked(cited, cited.sentence, cited.sentence_start) if cited else None,
        passage=_in_passage(cited, passage) if cited and passage else None,
    )


def _cause(outcome: Outcome) -> str:
    if outcome.refused:
        return "refused"
    if outcome.gold.is_impossible:
        return "made up"
    from_files = outcome.gold.files and comes_from(
        outcome.answer.citations[0].source, outcome.gold.files
    )
    return "wrong words" if from_files else "wrong story"


def _in_passage(citation: Citation, passage: Passage) -> Marked:
    return _marked(citation, passage.text, passage.start)


def _marked(citation: Citation, text: str, starts_at: int) -> Marked:
    """Return *text*, which starts at a place of the story's body, with the quote marked."""
    start, end = citation.start - starts_at, citation.end - starts_at
    return Marked(text[:start], text[start:end], text[end:])
