"""What Dateline answers on the wire, exactly; `qa/serialize.py` makes it and tests compare them."""

from typing import Annotated, Literal

from pydantic import Field

from qa.answer import Band, Reason, Role, Status
from qa.understanding.answer_types import AnswerType
from web.receipt_shapes import Receipt, Sha256
from web.schema import Shape

Count = Annotated[int, Field(ge=0)]
Place = Annotated[int, Field(ge=1)]
Moment = Annotated[str, Field(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}")]


class Filters(Shape):
    """Which stories may answer."""

    from_date: str | None = Field(alias="from")
    """First day of publication."""
    to_date: str | None = Field(alias="to")
    """Last day of publication."""
    publisher: str | None
    """Name of the publisher."""
    story_ids: list[str]
    """Only these stories; empty for all."""


class UnderstoodFilters(Filters):
    """Which stories may answer, and what of it was read out of the question."""

    inferred: list[Literal["from", "to", "publisher", "story_ids"]]
    """The filters that the question's own words asked for."""


class Preference(Shape):
    """Which stories count more than others, which may answer all the same."""

    newest: bool
    """Whether the newest do, since the question asks how things stand."""
    from_date: str | None = Field(alias="from")
    """First day of publication of those that do."""
    to_date: str | None = Field(alias="to")
    """Last day of publication of those that do: a while after the time that was asked of."""


class Understood(Shape):
    """The question as it was asked and as it was understood."""

    raw: str
    """As it was asked."""
    standalone: str
    """As it was understood, with what the turns before it say."""
    did_you_mean: str | None
    """The question with words spelt as the stories spell them, where that differs."""
    prefers: Preference | None
    """The stories that the question's own words prefer, if they do."""
    filters: UnderstoodFilters
    """Which stories could answer."""


class Confidence(Shape):
    """How likely the answer is right."""

    p: Annotated[float, Field(ge=0, le=1)]
    """The probability."""
    band: Band
    """In a word."""
    threshold: Annotated[float, Field(ge=0, le=1)]
    """From which probability on an answer is given."""


class Resolution(Shape):
    """The time that words name."""

    value: str
    """An ISO 8601 day, month or year, or an interval, both ends included."""
    words: str
    """The story's own words."""
    relative_to: str | None
    """The day that they were counted from; null where they say it all."""


class Member(Shape):
    """One of the things that make a list."""

    text: str
    """Its words."""
    n: Place
    """The number of the citation that it stands in."""


class AnswerText(Shape):
    """The answer itself."""

    text: str | None
    """The words of a story; null where the stories don't say."""
    type: AnswerType
    """What kind of answer the question asks for."""
    normalized: str | None
    """What the words come to, such as `2024-06-18`, where they say it outright."""
    resolution: Resolution | None
    """The time that the words name, counted from the story's own date where they need it."""
    members: list[Member]
    """The things that make a list; empty where one answer was asked for."""
    speaker: str | None
    """Whose words they are, as the story names them, where the question asks what somebody said."""
    as_of: str | None
    """The day of the story, where the question asks how things stand."""
    confidence: Confidence
    """How likely it is right."""


class Offsets(Shape):
    """A run of the story's `body`."""

    start: Count
    """Where it starts."""
    end: Count
    """Where it ends, exclusive."""
    unit: Literal["codepoint"]
    """Offsets count Unicode code points, not UTF-16 units or bytes."""
    end_exclusive: Literal[True]
    """The end is the first code point that is no longer part of it."""


class Sentence(Shape):
    """The sentence around a quote."""

    text: str
    """Its words."""
    start: Count
    """Where it starts in the story's `body`."""
    end: Count
    """Where it ends, exclusive."""


class Citation(Shape):
    """The words of a story that an answer rests on, checked when the answer was made."""

    n: Place
    """Its number in the list."""
    role: Role
    """What it does for the answer."""
    story_id: str
    """The story."""
    title: str
    """The story's title."""
    source: str
    """The file or address that the story was read from."""
    publisher: str | None
    """Who published it."""
    published: Moment | None
    """When: a date or a date and time, as precise as the publisher was."""
    url: str | None
    """The publisher's page."""
    deep_link: str | None
    """The publisher's page, scrolled to the sentence."""
    local_link: str
    """The page here that marks the quote."""
    quote: str
    """The words: `body[start:end]` of the story."""
    normalized: str | None
    """What the words come to, where stories are compared."""
    offsets: Offsets
    """Where they stand."""
    sentence: Sentence
    """The sentence that they stand in."""
    snapshot_sha256: Sha256
    """The SHA-256 of the story's `body`."""
    verified: bool
    """Whether the quote was found at its offsets."""


class Agreement(Shape):
    """How many stories say the same."""

    supporting_stories: Count
    """Stories that say it."""
    independent: Count
    """Those that don't say it in the very same sentence."""
    conflicting: Count
    """Stories that say otherwise."""


class Abstention(Shape):
    """Why there is no answer."""

    reason: Reason
    """For programs."""
    message: str
    """For people."""
    missing: list[str]
    """What the question asks about and no story mentions."""
    nearest: list[Citation]
    """The sentences that came nearest."""


class TurnOf(Shape):
    """Where the answer is kept."""

    id: str
    """The conversation."""
    turn: Place
    """Its turn, counted from 1."""


class Answer(Shape):
    """An answer in a story's own words, or why the stories don't say. Both are a success."""

    id: str
    """The answer's name; the same question and receipt give the same."""
    conversation: TurnOf | None
    """Where it is kept, if it is."""
    status: Status
    """`abstained` where the stories don't say."""
    question: Understood
    """What was asked."""
    answer: AnswerText
    """The answer."""
    citations: list[Citation]
    """What it rests on; empty for an abstention."""
    also_read: list[Citation]
    """The best sentences of stories that were read and are not cited."""
    agreement: Agreement
    """How many stories say so."""
    abstention: Abstention | None
    """Why there is no answer; null where there is one."""
    suggestions: list[str]
    """Questions that the cited stories answer."""
    receipt: Receipt
    """What made it."""
    timings_ms: dict[str, float]
    """What each stage took; of a kept answer, what `recall` took, which looks it up and checks it.

    It and `suggestions` alone differ when a question is asked again.
    """
