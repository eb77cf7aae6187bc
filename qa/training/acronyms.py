"""Questions about abbreviations, made from the places where contexts spell them out."""

import re
from collections.abc import Iterator, Sequence
from random import Random

from qa.training.rows import Row

ACRONYMS = "acronyms"

_SPELT = re.compile(r"\(([A-Z][A-Za-z&-]{1,8})\)")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_SMALL = frozenset("a an and at by de for in of on or the to und with".split())

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
        for match in _SPELT.finditer(context):
            if long := _spelling(context[: match.start()], match.group(1)):
                start, end = long
                back = rng.random() < BACK
                asked = rng.choice(_ASKED_BACK if back else _ASKED)
                answer = match.span(1) if back else (start, end)
                yield {
                    "id": f"{row['id']}/{match.start()}",
                    "title": row["title"],
                    "context": context,
                    "question": asked.format(short=match.group(1), long=context[start:end]),
                    "answers": [{"text": context[slice(*answer)], "start": answer[0]}],
                    "is_impossible": False,
                    "source": ACRONYMS,
                }


def _spelling(before: str, short: str) -> tuple[int, int] | None:
    """Return where the words that *short* abbreviates stand, right at the end of *before*.

    Word for word from the last, small words left out or not: each begins with its letter.
    """
    letters = [letter.casefold() for letter in short if letter.isalpha()]
    words = list(_WORD.finditer(before))[-2 * len(letters) - 2 :]
    if not words or before[words[-1].end() :].strip():
        return None
    at = len(letters) - 1
    for word in reversed(words):
        begins = word.group().casefold().startswith(letters[at])
        if begins and not (word.group() in _SMALL and at == 0):
            at -= 1
        elif word.group() not in _SMALL:
            return None
        if at < 0:
            return word.start(), words[-1].end()
    return None
