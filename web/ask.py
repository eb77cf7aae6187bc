"""What a question may look like on the wire; anything else is refused."""

import re
from datetime import date
from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic import model_validator as checks
from pydantic_core import PydanticCustomError

from embeddings.index import EVERY_STORY, Filters

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def read_day(text: object) -> date:
    """Return the day written as YYYY-MM-DD; timestamps and shorter forms are refused."""
    if isinstance(text, str) and _DAY.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise PydanticCustomError("day", "There is no such day.") from error
    raise PydanticCustomError("day", "Write the day as YYYY-MM-DD.")


Day = Annotated[date, BeforeValidator(read_day)]
Id = Annotated[str, StringConstraints(min_length=1, max_length=64)]


class FiltersBody(BaseModel):
    """Which stories may answer."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    from_date: Day | None = Field(default=None, alias="from")
    to_date: Day | None = Field(default=None, alias="to")
    publisher: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = None
    story_ids: Annotated[tuple[Id, ...], Field(max_length=1000)] = ()

    @checks(mode="after")
    def _in_order(self) -> Self:
        if self.from_date and self.to_date and self.from_date > self.to_date:
            raise PydanticCustomError("order", "'from' is later than 'to'.")
        return self

    def filters(self) -> Filters:
        """Return these as the search takes them."""
        return Filters(
            from_date=self.from_date,
            to_date=self.to_date,
            publisher=self.publisher,
            story_ids=self.story_ids,
        )


class AskBody(BaseModel):
    """A question, the conversation it belongs to, and filters.

    *as_asked* takes it as it stands: nothing is filled in from the turns before or read out of it.
    """

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    question: str
    conversation_id: Id | None = None
    filters: FiltersBody | None = None
    as_asked: bool = False

    def filters_or_none(self) -> Filters:
        """Return the filters, or those that let every story through."""
        return self.filters.filters() if self.filters else EVERY_STORY
