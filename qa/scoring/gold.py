"""Gold files: questions whose answers people have read out of the stories."""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from embeddings.index import Filters
from qa.errors import InvalidGold


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True)


class GoldAnswer(_Record):
    """Words that answer the question."""

    text: str = Field(min_length=1)


class GoldFilters(_Record):
    """What the question's stories are narrowed down to."""

    from_date: date | None = Field(default=None, alias="from")
    to_date: date | None = Field(default=None, alias="to")
    publisher: str | None = None
    story_ids: tuple[str, ...] = ()


class GoldReview(_Record):
    """What a person has to decide about a question, until it is *done*."""

    done: bool = False


class GoldQuestion(_Record):
    """A question, every answer that is right, and the files of the stories that say so.

    *resolved* is the ISO 8601 day, month or year that the answer comes to; of a range, the first.
    A question that no story answers is *is_impossible* and has neither answers nor files. One
    that waits for its *review* may have none either. The turns of a conversation share its id in
    *conversation*, and follow one another; *standalone* is such a question in words that need no
    turn before it.
    """

    id: str
    question: str = Field(min_length=1)
    kind: str = "unspecified"
    answers: tuple[GoldAnswer, ...]
    resolved: str | None = Field(default=None, min_length=1)
    files: tuple[str, ...] = ()
    is_impossible: bool = False
    filters: GoldFilters = GoldFilters()
    review: GoldReview | None = None
    standalone: str | None = Field(default=None, min_length=1)
    conversation: str = ""

    @model_validator(mode="after")
    def _is_answered_or_impossible(self) -> Self:
        if not self.under_review and self.is_impossible == bool(self.answers):
            raise ValueError("a question has answers or is impossible, and not both")
        return self

    @property
    def under_review(self) -> bool:
        """Whether a person has yet to decide what is right."""
        return self.review is not None and not self.review.done

    @property
    def alone(self) -> str:
        """The question in words that stand alone, as far as they are known."""
        return self.standalone or self.question

    @property
    def texts(self) -> list[str]:
        """The answers' words."""
        return [answer.text for answer in self.answers]

    @property
    def source(self) -> str:
        """The folder that the first file lies in: a collection of stories, as a rule."""
        if not self.files:
            return "no story"
        return PurePosixPath(self.files[0]).parent.name or "no folder"

    @property
    def search_filters(self) -> Filters:
        """The filters as the assistant takes them."""
        return Filters(**dict(self.filters))


class _Turn(GoldQuestion):
    id: str = ""


class _Conversation(_Record):
    id: str
    turns: tuple[_Turn, ...] = Field(min_length=1)

    def questions(self) -> Iterator[GoldQuestion]:
        """Yield the turns as questions, oldest first."""
        for number, turn in enumerate(self.turns, start=1):
            yield turn.model_copy(update={"id": f"{self.id}/{number}", "conversation": self.id})


def read_gold(
    paths: Sequence[Path], on_left_out: Callable[[int], None] | None = None
) -> list[GoldQuestion]:
    """Return the questions of JSON Lines files; raise `InvalidGold` naming the file and line.

    Those under review are left out; *on_left_out* is told how many, if there are any.
    """
    found = [question for path in paths for question in _read(path)]
    questions = [question for question in found if not question.under_review]
    if not questions:
        waiting = " but what is under review" if found else ""
        raise InvalidGold(f"No question stands in {', '.join(map(str, paths))}{waiting}.")
    if on_left_out and len(questions) < len(found):
        on_left_out(len(found) - len(questions))
    return questions


def _read(path: Path) -> Iterator[GoldQuestion]:
    try:
        lines = path.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidGold(f"{path} can't be read: {error}.") from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                yield from _questions(line)
            except ValidationError as error:
                raise InvalidGold(f"{path}, line {number}: {first_fault(error)}.") from error
            except json.JSONDecodeError as error:
                raise InvalidGold(f"{path}, line {number}: no JSON ({error}).") from error


def _questions(line: str) -> Iterator[GoldQuestion]:
    record = json.loads(line)
    if isinstance(record, dict) and "turns" in record:
        yield from _Conversation.model_validate(record).questions()
    else:
        yield GoldQuestion.model_validate(record)


def first_fault(error: ValidationError) -> str:
    """Return the field that is wrong, and why, as part of a sentence."""
    fault = error.errors()[0]
    where = ".".join(str(part) for part in fault["loc"])
    return f"{where}: {fault['msg']}" if where else fault["msg"]
