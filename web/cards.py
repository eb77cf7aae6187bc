"""A question and its answer as pages show them, its citations checked against the store again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple, Protocol

from corpus.errors import RevisionNotFound
from corpus.story import Story
from qa.conversation import AnswerJson, Conversation
from qa.kept_answer import completed

Json = Mapping[str, Any]
"""An answer as `qa.serialize.answer_json` gives it, or a part of one."""

Standing = Literal["verified", "superseded", "changed", "gone"]
"""Whether a citation's words stand in the story, only in an earlier version of it, or nowhere."""
Fields = dict[str, str]
"""The fields of a form that asks a question, those that are empty left out."""

FILTERS = ("from", "to", "publisher")


class Stories(Protocol):
    """Where the stories are."""

    def stories(self, story_ids: Sequence[str]) -> dict[str, Story]:
        """Return those of *story_ids* that there are."""
        ...

    def revision(self, story_id: str, sha256: str) -> Story:
        """Return a version of a story; raise `RevisionNotFound` if it has no such."""
        ...


class Chip(NamedTuple):
    """A filter that was set; *inferred* if it was read out of the question."""

    name: str
    value: str
    inferred: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """An answer, and the turn that it is: number *n* of a conversation, or 0 of none.

    Each citation of *answer* says under *standing* whether the words are still in the store.
    """

    answer: Json
    conversation_id: str = ""
    n: int = 0
    asked_at: datetime | None = None

    @property
    def question(self) -> str:
        """The question as it was asked."""
        return str(self.answer["question"]["raw"])

    @property
    def understood(self) -> str:
        """The question as it was understood."""
        return str(self.answer["question"]["standalone"])

    @property
    def chips(self) -> list[Chip]:
        """The filters that the answer was looked for under."""
        filters = self.answer["question"]["filters"]
        return [
            Chip(name, filters[name], name in filters["inferred"])
            for name in FILTERS
            if filters[name]
        ]

    @property
    def prefers(self) -> Json | None:
        """The stories that the question prefers."""
        preference: Json | None = self.answer["question"]["prefers"]
        return preference

    @property
    def of_that_story(self) -> bool:
        """Whether the question was read to be asked of the story just cited alone."""
        return "story_ids" in self.answer["question"]["filters"]["inferred"]

    @property
    def respelt(self) -> Fields:
        """The fields that ask the question as the stories spell it; none where that is the same."""
        respelt = self.answer["question"]["did_you_mean"]
        return {"q": respelt} | self.filters if respelt else {}

    @property
    def again(self) -> Fields:
        """The fields that ask the same once more."""
        return {"q": self.question} | self.filters

    @property
    def filters(self) -> Fields:
        """The filters that were set by hand."""
        return {chip.name: chip.value for chip in self.chips if not chip.inferred}

    def as_understood(self, *, without: str = "") -> Fields:
        """Return the fields that ask what was understood, but for the filter named *without*."""
        kept = {chip.name: chip.value for chip in self.chips if chip.name != without}
        return {"q": self.understood} | kept | {"as_asked": "1"}

    @property
    def link(self) -> Fields:
        """The fields of an address that asks this, whatever was asked before it."""
        taken_over = self.understood != self.question or any(chip.inferred for chip in self.chips)
        return self.as_understood() if taken_over else self.again


def cards_of(stories: Stories, conversation: Conversation) -> list[Card]:
    """Return the cards of all turns of *conversation*."""
    answers = checked(stories, [turn.answer for turn in conversation.turns])
    return [
        Card(
            answer=answer,
            conversation_id=conversation.conversation_id,
            n=turn.n,
            asked_at=turn.asked_at,
        )
        for turn, answer in zip(conversation.turns, answers, strict=True)
    ]


def card_of(stories: Stories, answer: AnswerJson) -> Card:
    """Return the card of an answer that belongs to no conversation."""
    [answer] = checked(stories, [answer])
    return Card(answer=answer)


def checked(stories: Stories, answers: Sequence[Json]) -> list[Json]:
    """Return *answers* with each citation's standing in the store as it is now."""
    cited = {str(citation["story_id"]) for answer in answers for citation in _citations(answer)}
    story_by_id = stories.stories(sorted(cited))
    return [_with_standings(answer, stories, story_by_id) for answer in answers]


def _citations(answer: Json) -> Iterable[Json]:
    yield from answer["citations"]
    yield from answer["also_read"]
    if answer["abstention"]:
        yield from answer["abstention"]["nearest"]


def _with_standings(answer: Json, stories: Stories, story_by_id: Mapping[str, Story]) -> Json:
    def standing(citations: Iterable[Json]) -> list[Json]:
        return [
            one | {"standing": _standing(one, stories, story_by_id.get(one["story_id"]))}
            for one in map(dict, citations)
        ]

    shown = completed(answer)
    shown["citations"] = standing(answer["citations"])
    shown["also_read"] = standing(answer["also_read"])
    if abstention := answer["abstention"]:
        shown["abstention"] = {**abstention, "nearest": standing(abstention["nearest"])}
    return shown


def _standing(citation: Json, stories: Stories, story: Story | None) -> Standing:
    if story is None:
        return "gone"
    if _holds(story, citation):
        return "verified"
    try:
        earlier = stories.revision(story.story_id, citation["snapshot_sha256"])
    except RevisionNotFound:
        return "changed"
    return "superseded" if _holds(earlier, citation) else "changed"


def _holds(story: Story, citation: Json) -> bool:
    offsets, sentence = citation["offsets"], citation["sentence"]
    return bool(
        story.body[offsets["start"] : offsets["end"]] == citation["quote"]
        and story.body[sentence["start"] : sentence["end"]] == sentence["text"]
    )
