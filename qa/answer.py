"""Answer and Citation: what the assistant says and what it rests on."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from embeddings.index import Filters
from qa.understanding.asked_time import Preference
from qa.understanding.understand import Meaning

Status = Literal["answered", "abstained", "conflict"]
Role = Literal["primary", "supports", "reprint", "conflicts", "nearest", "read"]
Band = Literal["high", "medium", "low"]
Reason = Literal[
    "no_stories",
    "no_relevant_story",
    "no_answer_span",
    "low_confidence",
    "missing_slot",
    "out_of_reach",
    "unverified",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """What words that name a time come to, and from what.

    *value* is an ISO 8601 day, month, year, or interval (`2019-10-28/2019-10-31`, both days
    included); *words* are the story's own; *relative_to* is the day that they were counted from, or
    that gave the year, None where the words say it all.
    """

    value: str
    words: str
    relative_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One of several things that answer a question together, and the citation it stands in."""

    text: str
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """The words of a story that a statement rests on.

    *start*, *end* and the sentence's offsets are code points in the story's body, half-open:
    `story.body[start:end] == quote` was checked against the store when the answer was made.
    *normalized* is what the quote comes to, where values are compared.
    *snapshot_sha256* is the body's. *deep_link* opens the publisher's page at the sentence
    (WICG Scroll to Text Fragment), where the story has a URL.
    """

    n: int
    story_id: str
    title: str
    source: str
    publisher: str | None
    published_at: date | datetime | None
    url: str | None
    deep_link: str | None
    quote: str
    start: int
    end: int
    sentence: str
    sentence_start: int
    sentence_end: int
    snapshot_sha256: str
    role: Role
    verified: bool
    normalized: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Confidence:
    """How likely the answer is right: *p* in [0, 1], and the band that p falls in.

    An answer is given from *threshold* on.
    """

    p: float
    band: Band
    threshold: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How many stories say the same as the answer, and how many say otherwise.

    *independent* counts those that are no reprints of each other and don't say it in the very same
    sentence.
    """

    supporting_stories: int
    independent: int = 0
    conflicting: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Abstention:
    """Why there is no answer: a reason, a sentence for people, what is missing, what is nearest."""

    reason: Reason
    message: str
    missing: tuple[str, ...] = ()
    nearest: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What answers are made from: while it stays the same, so do they.

    *change* is the store's change number that the index has applied, *settings* the hash of the
    settings that make a difference, *version* Dateline's own. The models' names tell their weights
    apart.
    """

    change: int
    encoder: str
    reader: str
    confidence: str
    settings: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The words of a story that answer a question, or why the stories don't say.

    *standalone* is the question as it was understood: *question* itself, or what it means after
    the turns before it; *did_you_mean* is it with words spelt as the stories spell them. *inferred*
    names the fields of *filters* that were read out of the question, *prefers* the stories that it
    prefers. *normalized* is what the words come to, where they say it outright
    (`qa/values/normalize.py`), *resolution* the time that they name. *members* are
    the things that make a list; *speaker* says the words, where they are a quotation. *as_of* is
    the day of the story, where a question asks how things stand. *also_read* are the best sentences
    of stories that were read and are not cited. *suggestions* are questions that the cited stories
    answer. *meant* is what was asked, whole, where it was more than *question* under *filters*.
    *timings_ms* maps retrieve, read, compose and total to milliseconds, or recall and total where
    a kept answer was given again; it and *suggestions* are the only fields that differ between two
    askings of one question to one index.
    """

    answer_id: str
    status: Status
    question: str
    standalone: str
    filters: Filters
    inferred: tuple[str, ...] = ()
    prefers: Preference | None = None
    did_you_mean: str | None = None
    text: str | None
    type: str
    normalized: str | None = None
    resolution: Resolution | None = None
    members: tuple[Member, ...] = ()
    speaker: str | None = None
    as_of: date | None = None
    confidence: Confidence
    receipt: Receipt
    citations: tuple[Citation, ...] = ()
    also_read: tuple[Citation, ...] = ()
    agreement: Agreement = Agreement(supporting_stories=0)
    abstention: Abstention | None = None
    suggestions: tuple[str, ...] = ()
    meant: Meaning | None = None
    timings_ms: dict[str, float] = field(default_factory=dict)

    @property
    def shown(self) -> tuple[Citation, ...]:
        """Every citation that it shows: those it rests on, what was also read, what is nearest."""
        nearest = self.abstention.nearest if self.abstention else ()
        return (*self.citations, *self.also_read, *nearest)


OnAnswer = Callable[[Answer], None]
"""Called with an answer that was given."""


def unobserved(answer: Answer) -> None:
    """Take no notice of *answer*."""
