"""Questions about abbreviations, made from the places where contexts spell them out."""

from collections.abc import Iterator, Sequence
from random import Random

from corpus.acronyms import acronyms_in
from qa.training.rows import Row

ACRONYMS = "acronyms"

_ASKED = (
    "What does {short} stand for?",
    "what does {short} stand for",
    "What is {short} short for?",
    "{short} meaning",
    "What is the full name of {short}?",
    "What does the abbreviation {short} mean?",
)
_ASKED_BACK = ("What is {long} abbreviated as?", "What is the abbreviation for {long}?")
BACK = 0.15


def acronym_rows(rows: Sequence[Row], seed: int) -> Iterator[Row]:
    """Yield a question for every abbreviation that a context of *rows* spells out before it."""
    rng = Random(seed)  # noqa: S311 - nothing secret
    for context, row in {str(row["context"]): row for row in rows}.items():
        for found in acronyms_in(context):
            back = rng.random() < BACK
            asked = rng.choice(_ASKED_BACK if back else _ASKED)
            short, long = found.short, context[found.start : found.end]
            yield {
                "id": f"{row['id']}/{found.short_start - 1}",
                "title": row["title"],
                "context": context,
                "question": asked.format(short=short, long=long),
                "answers": [
                    {"text": short, "start": found.short_start}
                    if back
                    else {"text": long, "start": found.start}
                ],
                "is_impossible": False,
                "source": ACRONYMS,
            }
