"""What became of each question of an evaluation, as it is printed and as it is read again."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from qa.errors import InvalidRun
from qa.evaluate import Outcome
from qa.scoring.gold import first_fault
from qa.scoring.scores import MEANS

Share = Annotated[float, Field(ge=0, le=1)]


class Result(BaseModel):
    """What became of one question.

    *given* is empty for a refusal; *withheld* is then the best answer that was read. *cited* is the
    source of the first cited story, *passage* the text that the words stand in, *ms* what the asker
    waited, *rank* that of the first story among the gold files. *scores* holds what the question
    adds to each score; null where the score is not defined for it. *understood* is the question as
    it stands alone.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    kind: str
    source: str
    question: str
    expected: tuple[str, ...]
    given: str
    withheld: str | None
    refused: bool
    right: bool
    confidence: Share
    rank: int | None
    cited: str | None
    passage: str | None
    ms: float
    scores: dict[str, Share | None]
    understood: str | None = None


class Run(BaseModel):
    """The questions of an evaluation that `dateline evaluate --json` has printed to *file*."""

    model_config = ConfigDict(frozen=True)

    file: str = ""
    questions: tuple[Result, ...] = Field(min_length=1)


def result_of(outcome: Outcome) -> Result:
    """Return *outcome* as it is printed."""
    citations = outcome.answer.citations
    return Result(
        id=outcome.gold.id,
        kind=outcome.gold.kind,
        source=outcome.gold.source,
        question=outcome.gold.question,
        expected=tuple(outcome.gold.texts),
        given=outcome.given,
        withheld=outcome.withheld.text if outcome.withheld else None,
        refused=outcome.refused,
        right=outcome.right,
        confidence=outcome.answer.confidence.p,
        rank=outcome.rank,
        cited=citations[0].source if citations else None,
        passage=outcome.passage.text if outcome.passage else None,
        ms=round(outcome.milliseconds, 2),
        scores={name: score(outcome) for name, score in MEANS.items()},
        understood=outcome.answer.standalone,
    )


def results_json(results: Sequence[Result]) -> list[dict[str, object]]:
    """Return *results* as JSON holds them."""
    return [result.model_dump(mode="json") for result in results]


def read_run(file: Path) -> Run:
    """Return what became of the questions of an earlier run; raise `InvalidRun`."""
    try:
        return Run.model_validate_json(file.read_bytes()).model_copy(update={"file": file.name})
    except OSError as error:
        raise InvalidRun(f"{file} can't be read: {error.strerror}.") from error
    except ValidationError as error:
        fault = first_fault(error)
        raise InvalidRun(
            f"{file} is not what `dateline evaluate --json` prints: {fault}."
        ) from error
