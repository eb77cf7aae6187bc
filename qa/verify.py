"""Whether words stand where someone says that they stand: the check behind a citation."""

from dataclasses import dataclass, replace
from typing import Literal

from corpus.errors import RevisionNotFound
from corpus.store import StoryStore
from corpus.story import Story
from qa.answer import Answer, Citation

Fault = Literal["story_not_found", "story_changed", "out_of_range", "words_differ"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """That *quote* stands at *start* to *end* of a story: code points in its body, half-open.

    *snapshot_sha256* is the body's, as the citation gave it, where it is known.
    """

    story_id: str
    start: int
    end: int
    quote: str
    snapshot_sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """Whether a claim holds, or what is wrong with it.

    *found* are the words that stand at the offsets, where they are others than those claimed.
    *superseded* tells that the story has changed, and that this was looked up in the version of it
    that the claim names.
    """

    fault: Fault | None = None
    found: str | None = None
    superseded: bool = False

    @property
    def verified(self) -> bool:
        """Whether nothing is wrong."""
        return self.fault is None


def verify(store: StoryStore, claim: Claim) -> Verification:
    """Return whether *claim* holds in the store as it is now.

    Offsets count in the body that the claim names: a claim of an earlier version of the story is
    checked against that one. If there is none such, the claim fails whatever stands at the offsets.
    """
    story = store.stories([claim.story_id]).get(claim.story_id)
    if story is None:
        return Verification(fault="story_not_found")
    if claim.snapshot_sha256 is None or claim.snapshot_sha256 == story.sha256:
        return _checked(claim, story)
    try:
        earlier = store.revision(claim.story_id, claim.snapshot_sha256)
    except RevisionNotFound:
        return _checked(claim, story)
    return replace(_checked(claim, earlier), superseded=True)


def holds(store: StoryStore, answer: Answer) -> bool:
    """Say whether all words that *answer* shows stand in the stories as they are now."""
    stories = store.stories([*{citation.story_id for citation in answer.shown}])
    return all(
        citation.story_id in stories
        and _checked(claim_of(citation), stories[citation.story_id]).verified
        for citation in answer.shown
    )


def claim_of(citation: Citation) -> Claim:
    """Return what *citation* says of its story."""
    return Claim(
        story_id=citation.story_id,
        start=citation.start,
        end=citation.end,
        quote=citation.quote,
        snapshot_sha256=citation.snapshot_sha256,
    )


def _checked(claim: Claim, story: Story) -> Verification:
    in_range = 0 <= claim.start < claim.end <= len(story.body)
    words = story.body[claim.start : claim.end] if in_range else None
    found = None if words == claim.quote else words
    if claim.snapshot_sha256 not in (None, story.sha256):
        return Verification(fault="story_changed", found=found)
    if not in_range:
        return Verification(fault="out_of_range")
    return Verification(fault="words_differ" if found is not None else None, found=found)
