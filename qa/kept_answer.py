"""Answers that were kept as JSON, read again."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

_SINCE: Mapping[str, Mapping[str, object]] = {
    "question": {"did_you_mean": None, "prefers": None},
    "answer": {"resolution": None, "members": [], "speaker": None, "as_of": None},
}
"""What an answer that an older Dateline kept may lack, and what it is then."""


def completed(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Return *answer* with what it lacks if an older Dateline kept it: nothing was known of it."""
    return {**answer, **{part: {**absent, **answer[part]} for part, absent in _SINCE.items()}}


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True)


class KeptSentence(_Kept):
    """The sentence that holds the cited words."""

    text: str


class KeptSource(_Kept):
    """A citation, or a sentence that was read or came near."""

    n: int
    role: str
    story_id: str
    source: str
    title: str
    quote: str
    sentence: KeptSentence


class KeptQuestion(_Kept):
    """The question as it was asked, as it was understood, and its filters."""

    raw: str
    standalone: str
    filters: dict[str, object]

    @property
    def chosen(self) -> dict[str, object]:
        """The filters that the asker set: the others are read out of the question again."""
        inferred = self.filters.get("inferred")
        passed_over = {"inferred", *(inferred if isinstance(inferred, list) else ())}
        return {n: value for n, value in self.filters.items() if value and n not in passed_over}


class KeptResolution(_Kept):
    """What the words of a date come to."""

    value: str


class KeptMember(_Kept):
    """One of several things that the answer lists."""

    text: str


class KeptWords(_Kept):
    """The words of the answer, none in an abstention, what was asked for, and what they come to."""

    text: str | None
    type: str
    resolution: KeptResolution | None = None
    members: tuple[KeptMember, ...] = ()


class KeptAbstention(_Kept):
    """What came nearest where there is no answer."""

    nearest: tuple[KeptSource, ...] = ()


class KeptAnswer(_Kept):
    """An answer as `qa.serialize.answer_json` gives it; what is not needed is passed over."""

    question: KeptQuestion
    answer: KeptWords
    citations: tuple[KeptSource, ...] = ()
    also_read: tuple[KeptSource, ...] = ()
    abstention: KeptAbstention | None = None

    @property
    def texts(self) -> list[str]:
        """What is right if the answer is: its words, and those that stories hold against them."""
        others = [each.quote for each in self.citations if each.role == "conflicts"]
        return [text for text in (self.answer.text, *others) if text]

    @property
    def nearest(self) -> tuple[KeptSource, ...]:
        """What came nearest where there is no answer."""
        return self.abstention.nearest if self.abstention else ()

    @property
    def candidates(self) -> tuple[KeptSource, ...]:
        """Every sentence that came with the answer."""
        return (*self.citations, *self.also_read, *self.nearest)
