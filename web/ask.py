"""What a question may look like on the wire; anything else is refused."""

import re
from datetime import date
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, StringConstraints
from pydantic import model_validator as checks
from pydantic_core import PydanticCustomError

from embeddings.index import EVERY_STORY, Filters
from web.schema import Body, Parameters

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DIGITS = re.compile(r"[0-9]{1,9}")


def read_day(text: object) -> date:
    """Return the day written as YYYY-MM-DD; timestamps and shorter forms are refused."""
    if isinstance(text, str) and _DAY.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise PydanticCustomError("day", "There is no such day.") from error
    raise PydanticCustomError("day", "Write the day as YYYY-MM-DD.")


def read_digits(text: object) -> object:
    """Return the number that *text* writes in up to nine digits."""
    if isinstance(text, str) and _DIGITS.fullmatch(text):
        return int(text)
    raise PydanticCustomError("digits", "Write a whole number in digits.")


def read_switch(text: object) -> bool:
    """Return whether *text* says yes: `true` or `1`, where no is `false` or `0`."""
    if text in ("true", "1", True):
        return True
    if text in ("false", "0", False):
        return False
    raise PydanticCustomError("switch", "Write true or false.")


def read_whole(number: object) -> object:
    """Return a whole number that was written with a fraction of 0: JSON knows no difference."""
    return int(number) if isinstance(number, float) and number.is_integer() else number


Day = Annotated[date, BeforeValidator(read_day)]
Id = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Publisher = Annotated[str, StringConstraints(min_length=1, max_length=200)]
# A list becomes a tuple, which strict validation wouldn't allow.
StoryIds = Annotated[tuple[Id, ...], Field(max_length=1000, strict=False)]
Switch = Annotated[bool, BeforeValidator(read_switch)]
# As many as an address has room for.
FewStoryIds = Annotated[tuple[Id, ...], Field(max_length=50, strict=False)]
Digits = BeforeValidator(read_digits)
Whole = BeforeValidator(read_whole)

# The assistant itself refuses a question without words or of too many characters; the description
# tells so in JSON Schema. `web/description.py` writes in the limit that the settings name.
Asked = Annotated[
    str, Field(json_schema_extra={"pattern": r"[\p{L}\p{N}]", "maxLength": 0, "minLength": 1})
]


def in_order(from_date: date | None, to_date: date | None) -> None:
    """Refuse days of which the first is the later."""
    if from_date and to_date and from_date > to_date:
        raise PydanticCustomError("order", "'from' is later than 'to'.")


class FiltersBody(Body):
    """Which stories may answer; null or absent lets every story through."""

    from_date: Day | None = Field(default=None, alias="from")
    """First day of publication, inclusive; a story without a date is left out."""
    to_date: Day | None = Field(default=None, alias="to")
    """Last day of publication, inclusive."""
    publisher: Publisher | None = None
    """Name of the publisher, in any case."""
    story_ids: StoryIds = ()
    """Only these stories; empty for all."""

    @checks(mode="after")
    def _in_order(self) -> Self:
        in_order(self.from_date, self.to_date)
        return self

    def filters(self) -> Filters:
        """Return these as the search takes them."""
        return Filters(
            from_date=self.from_date,
            to_date=self.to_date,
            publisher=self.publisher,
            story_ids=self.story_ids,
        )


class QuestionBody(Body):
    """A question, and which stories may answer it."""

    question: Asked
    """The question in plain words; it holds a letter or a digit."""
    filters: FiltersBody | None = None
    """Which stories may answer."""

    def filters_or_none(self) -> Filters:
        """Return the filters, or those that let every story through."""
        return self.filters.filters() if self.filters else EVERY_STORY


class AloneBody(QuestionBody):
    """A question that is asked outside any conversation."""

    as_asked: bool = False
    """Takes the question as it stands: nothing is filled in from the turns before it, and no filter
    is read out of it."""


class AskBody(AloneBody):
    """A question, the conversation it belongs to, and filters."""

    conversation_id: Id | None = None
    """The conversation that keeps the turn, as `POST /v1/conversations` named it."""


class FilterParameters(Parameters):
    """Which stories may answer, as parameters of an address."""

    from_date: Day | None = Field(default=None, alias="from")
    """First day of publication, inclusive; a story without a date is left out."""
    to_date: Day | None = Field(default=None, alias="to")
    """Last day of publication, inclusive."""
    publisher: Publisher | None = None
    """Name of the publisher, in any case."""

    @checks(mode="after")
    def _in_order(self) -> Self:
        in_order(self.from_date, self.to_date)
        return self


class QuestionParameters(FilterParameters):
    """A question and filters, as parameters of an address."""

    q: Asked
    """The question in plain words; it holds a letter or a digit."""
    story_id: FewStoryIds = ()
    """Only this story; may be repeated."""

    def filters(self) -> Filters:
        """Return the filters as the search takes them."""
        return Filters(
            from_date=self.from_date,
            to_date=self.to_date,
            publisher=self.publisher,
            story_ids=self.story_id,
        )


class AskParameters(QuestionParameters):
    """What to ask, as parameters of an address."""

    as_asked: Switch = False
    """Takes the question as it stands: no filter is read out of it."""
