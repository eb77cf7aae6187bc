"""What else Dateline answers on the wire: problems, passages, stories, conversations, checks."""

from typing import Annotated, Literal

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from qa.verify import Fault
from web.answer_shapes import Answer, Count, Filters, Moment, Offsets, Place
from web.receipt_shapes import Sha256
from web.schema import Shape


class ProblemFault(Shape):
    """One thing that is wrong with a request."""

    pointer: str
    """The field, as a JSON pointer in a URI fragment (RFC 6901); of a parameter, its name."""
    detail: str
    """What is wrong with it."""


class Problem(Shape):
    """What went wrong (RFC 9457)."""

    type: Literal["about:blank"]
    """The status says what kind of problem it is."""
    title: str
    """The status in words."""
    status: Annotated[int, Field(ge=400, le=599)]
    """The status."""
    detail: str
    """What to do about it."""
    instance: str | SkipJsonSchema[None] = None
    """The address that was asked; absent from a problem inside an answer."""
    errors: list[ProblemFault] | SkipJsonSchema[None] = None
    """The fields that are wrong, where fields are."""


class Answers(Shape):
    """Answers in the order of the questions; where a question can't be asked, its problem."""

    answers: list[Answer | Problem]
    """One for each question."""


class StoryHead(Shape):
    """What a list says of a story."""

    story_id: str
    """Its name."""
    title: str
    """Its title."""
    source: str
    """The file or address that it was read from."""
    publisher: str | None
    """Who published it."""
    published: Moment | None
    """When: a date or a date and time, as precise as the publisher was."""
    url: str | None
    """The publisher's page."""
    local_link: str
    """Its page here."""
    sha256: Sha256
    """The SHA-256 of its `body`."""


class Hit(Shape):
    """A passage that the search found."""

    story: StoryHead
    """The story that it stands in."""
    text: str
    """Its words: `body[start:end]` of the story."""
    offsets: Offsets
    """Where they stand."""
    score: float
    """How well it fits; higher is better, and only comparable within one search."""
    dense_rank: Place | None
    """Its rank by meaning, counted from 1; null where that search didn't find it."""
    word_rank: Place | None
    """Its rank by words."""


class Hits(Shape):
    """The passages that fit best."""

    question: str
    """What was searched for."""
    filters: Filters
    """In which stories."""
    hits: list[Hit]
    """The passages, best first."""


class Stories(Shape):
    """A page of a list of stories, newest first."""

    stories: list[StoryHead]
    """The stories of this page."""
    total: Count
    """How many there are on all pages."""
    limit: Place
    """How many a page holds."""
    offset: Count
    """How many were passed over."""
    next_offset: Count | None
    """The `offset` of the next page; null on the last."""


class Revision(Shape):
    """A version of a story."""

    sha256: Sha256
    """The SHA-256 of its `body`: `GET /v1/stories/{id}?revision=` takes it."""
    title: str
    """Its title."""
    ingested: Moment
    """When it was stored here."""
    replaced: Moment | None
    """When another version took its place; null of the present one."""


class Story(Shape):
    """A story with the text that citations count in."""

    story_id: str
    """Its name."""
    source: str
    """The file or address that it was read from."""
    url: str | None
    """The publisher's page."""
    title: str
    """Its title."""
    body: str
    """Its text; all offsets count code points in it."""
    byline: str | None
    """Who wrote it."""
    syndicated_from: str | None
    """The news agency whose copy it is; null if it is the publisher's own."""
    unit: str | None
    """The author's unit."""
    publisher: str | None
    """Who published it."""
    section: str | None
    """The publisher's section."""
    dateline: str | None
    """The place that opens the text."""
    location: str | None
    """The place that the publisher filed it under."""
    published: Moment | None
    """When it was published."""
    taken: Moment | None
    """When its photograph was taken."""
    photo_title: str | None
    """The photograph's title."""
    photo_credit: str | None
    """Who took the photograph."""
    caption: str | None
    """The photograph's caption."""
    caption_truncated: bool
    """Whether the source cut the caption short."""
    about: str | None
    """What the publisher says of itself."""
    tags: list[str]
    """The publisher's tags."""
    sha256: Sha256
    """The SHA-256 of `body`."""
    ingested: Moment
    """When the present version was stored here."""
    superseded: bool
    """Whether this is an earlier version, which answers are no longer made from."""
    revisions: list[Revision]
    """Every version of it, the present one first, then the latest."""
    reprints: list[StoryHead]
    """Other stories with the same words, the earliest first."""


class Turn(Shape):
    """A question and its answer."""

    turn: Place
    """Its number, counted from 1."""
    asked: Moment
    """When it was asked."""
    answer: Answer
    """The answer as it was given."""


class Conversation(Shape):
    """Questions and answers that belong together."""

    id: str
    """128 random bits; whoever knows them may read, continue and delete the conversation."""
    began: Moment
    """When it began."""
    turns: list[Turn]
    """Its turns, oldest first."""


class Verification(Shape):
    """Whether a quote stands where it is said to."""

    verified: bool
    """Whether it does."""
    reason: Fault | None
    """Why not."""
    found: str | None
    """What stands there instead."""
    superseded: bool
    """Whether this was looked up in an earlier version of the story, which has changed since."""


class Health(Shape):
    """How the server is."""

    status: Literal["alive", "ready"]
    """`alive` if it answers requests, `ready` if it can answer questions."""
