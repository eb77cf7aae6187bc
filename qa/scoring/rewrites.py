"""How well follow-ups are made to stand alone: `python -m qa.scoring.rewrites FILE.jsonl`.

A line of the file is a question of a conversation, in their order, as CAsT 2019 has them (Dalton et
al. 2020): an `id` that ends in `_` and the number of the turn, the `question`, its `rewrite` in
words that stand alone, and `needs_rewrite`, false where the two are the same. No answers are known
there; each question is taken after those before it, as they were made to stand alone here.
"""

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from qa.contextualize import in_context
from qa.conversation import AnswerJson, Turn
from qa.errors import InvalidGold
from qa.followups.content_words import content_words
from qa.question import analyse
from qa.scoring.gold import first_fault


class RewriteRow(BaseModel):
    """A question of a conversation, and the same in words that stand alone."""

    model_config = ConfigDict(frozen=True)

    id: str
    question: str
    rewrite: str
    needs_rewrite: bool

    @property
    def conversation(self) -> str:
        """The id without the turn's number."""
        return self.id.rpartition("_")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class RewritingScores:
    """How follow-ups were rewritten.

    *needless* of the *alone* questions that stand alone were changed. Of the *lost* terms, words
    with a meaning that a follow-up's rewrite has and itself has not, *recovered* were filled in.
    """

    alone: int
    needless: int
    follow_ups: int
    lost: int
    recovered: int

    @property
    def needless_share(self) -> float:
        """The share of questions that stand alone and were changed, in [0, 1]."""
        return self.needless / self.alone if self.alone else 0.0

    @property
    def recovered_share(self) -> float:
        """The share of lost terms that were filled in, in [0, 1]."""
        return self.recovered / self.lost if self.lost else 0.0


def read_rewrites(file: Path) -> list[RewriteRow]:
    """Return the rows of *file*; raise `InvalidGold` naming the line that is wrong."""
    try:
        lines = file.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidGold(f"{file} can't be read: {error}.") from error
    rows = []
    for number, line in enumerate(lines, start=1):
        try:
            if line.strip():
                rows.append(RewriteRow.model_validate_json(line))
        except ValidationError as error:
            raise InvalidGold(f"{file}, line {number}: {first_fault(error)}.") from error
    return rows


def score_rewrites(rows: Iterable[RewriteRow]) -> RewritingScores:
    """Make every question stand alone after those before it, and compare with its rewrite."""
    past_of: dict[str, list[Turn]] = {}
    alone = needless = follow_ups = lost = recovered = 0
    for row in rows:
        past = past_of.setdefault(row.conversation, [])
        meant = in_context(row.question, past).text
        if row.needs_rewrite:
            wanted = _terms(row.rewrite) - _terms(row.question)
            follow_ups += 1
            lost += len(wanted)
            recovered += len(wanted & _terms(meant))
        else:
            alone += 1
            needless += meant != row.question
        past.append(_unanswered(row.question, meant, past))
    return RewritingScores(
        alone=alone, needless=needless, follow_ups=follow_ups, lost=lost, recovered=recovered
    )


def _terms(text: str) -> set[str]:
    words = (word.casefold() for word in content_words(text))
    return {word.removesuffix("’s").removesuffix("'s") for word in words}


def _unanswered(question: str, meant: str, past: Sequence[Turn]) -> Turn:
    answer: AnswerJson = {
        "question": {"raw": question, "standalone": meant, "filters": {}},
        "answer": {"text": None, "type": analyse(meant).answer_type},
    }
    return Turn(n=len(past) + 1, asked_at=datetime.now(UTC), answer=answer)


def main(arguments: Sequence[str]) -> None:
    """Write the scores of the file in *arguments* to standard output, as JSON."""
    [file] = map(Path, arguments)
    scores = score_rewrites(read_rewrites(file))
    shares = {
        "needless_share": round(scores.needless_share, 4),
        "recovered_share": round(scores.recovered_share, 4),
    }
    sys.stdout.write(json.dumps(asdict(scores) | shares) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
