"""What an answer's receipt is on the wire, exactly; `qa/receipt.py` makes it."""

from typing import Annotated

from pydantic import Field

from web.schema import Shape

Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class AskedFilters(Shape):
    """Which stories could answer, whoever asked for it."""

    from_date: str | None
    """First day of publication."""
    to_date: str | None
    """Last day of publication."""
    publisher: str | None
    """Name of the publisher."""
    story_ids: list[str]
    """Only these stories; empty for all."""


class AskedPreference(Shape):
    """Which stories were preferred."""

    newest: bool
    """The newest."""
    from_date: str | None
    """Those of this day and later."""
    to_date: str | None
    """Those of this day and earlier."""


class Asked(Shape):
    """All that is needed to ask the same again, without the turns before it."""

    asked: str
    """The question as it was asked."""
    standalone: str
    """The question as it was understood."""
    filters: AskedFilters
    """Which stories could answer."""
    inferred: list[str]
    """The filters that the question's own words asked for."""
    prefers: AskedPreference | None
    """The stories that the question's own words prefer."""
    story_ids: list[str]
    """The stories of the turns before, which were read beside what was found."""


class Receipt(Shape):
    """What made the answer; `dateline replay` makes it again, byte for byte."""

    change: Annotated[int, Field(ge=0)]
    """The state of the stories, as a number that only grows."""
    encoder: str
    """The model that searched."""
    reader: str
    """The model that read."""
    confidence: str
    """The model that weighed what was read."""
    settings: str
    """A hash of the settings that make a difference."""
    version: str
    """Dateline's version."""
    asked: Asked
    """What was asked."""
    stories: dict[str, Sha256]
    """The SHA-256 of the body of each story that is cited, or, in an abstention, came near."""
    answer_digest: Sha256
    """A hash of what the answer says and of the words that it rests on."""
    digest: Sha256
    """A hash of the whole answer but `conversation`, `suggestions`, `timings_ms` and itself."""
