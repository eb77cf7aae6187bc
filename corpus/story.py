"""Story and Passage: what everything else is about."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A news story as it was published, without the page's furniture.

    *body* is the readable text; all offsets in Dateline are code points into it, half-open.
    *published_at* and *taken_at* keep the precision and the zone that the source gave: a `date`
    where no time was given, a naive `datetime` where no zone was given. *dateline* is the place
    (and agency) that opens the first paragraph, *location* the place that the publisher filed
    the story under. *syndicated_from* names the agency whose copy it is, if the publisher took it
    over. The words of *caption* and *about* never stand in *body*.
    """

    story_id: str
    source: str
    title: str
    body: str
    url: str | None = None
    byline: str | None = None
    syndicated_from: str | None = None
    unit: str | None = None
    publisher: str | None = None
    section: str | None = None
    dateline: str | None = None
    location: str | None = None
    published_at: date | datetime | None = None
    taken_at: date | datetime | None = None
    photo_title: str | None = None
    photo_credit: str | None = None
    caption: str | None = None
    caption_truncated: bool = False
    about: str | None = None
    tags: tuple[str, ...] = ()

    @property
    def sha256(self) -> str:
        """The SHA-256 of the body's UTF-8 bytes, in hex: proves which words offsets count in."""
        return hashlib.sha256(self.body.encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def published_on(self) -> date | None:
        """The day of publication, in the zone that the source wrote it in."""
        if isinstance(self.published_at, datetime):
            return self.published_at.date()
        return self.published_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A run of a story's sentences: `story.body[start:end] == text`, always."""

    passage_id: int
    story_id: str
    ordinal: int
    start: int
    end: int
    text: str


def passage_id(story_id: str, ordinal: int) -> int:
    """Return the same 63-bit id for the same passage, wherever it is computed."""
    digest = hashlib.blake2b(f"{story_id}:{ordinal}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


def story_id_of(identity: str) -> str:
    """Return a 16-digit hex id for *identity*: a URL, a feed's guid, or title and body."""
    return hashlib.blake2b(identity.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
