"""An answer made again from its receipt, and what differs from the one that was given."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, ValidationError

from qa.assistant import Assistant
from qa.errors import InvalidReceipt
from qa.receipt import canonical, digest, meaning_of
from qa.serialize import answer_json

_MODELS = {
    "encoder": "encoder",
    "reader": "reader",
    "confidence": "confidence model",
    "settings": "settings' hash",
    "version": "version of Dateline",
}


class KeptReceipt(BaseModel):
    """A receipt as `qa.receipt.receipt_json` gives it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    change: int
    encoder: str
    reader: str
    confidence: str
    settings: str
    version: str
    asked: dict[str, object]
    stories: dict[str, str]
    answer_digest: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """An answer given again, in canonical *bytes*.

    *same* says that they are those of the receipt, *same_answer* that at least what is said and
    what it rests on are; *differences* are sentences for people.
    """

    bytes: str
    same: bool
    same_answer: bool
    differences: tuple[str, ...]


def read_receipt(text: str) -> KeptReceipt:
    """Return the receipt that *text* is, or the answer that *text* is carries, both as JSON.

    Raises `InvalidReceipt` if it is neither, or an answer that was altered after it was given.
    """
    try:
        told = json.loads(text)
    except ValueError as error:
        raise InvalidReceipt("That is no receipt: it isn't JSON.") from error
    is_answer = isinstance(told, Mapping) and "receipt" in told
    try:
        receipt = KeptReceipt.model_validate(told["receipt"] if is_answer else told)
    except ValidationError as error:
        raise InvalidReceipt(
            "That is no receipt: it needs the JSON of an answer, or of its receipt, as this "
            "version of Dateline gives them."
        ) from error
    if is_answer and digest(told) != receipt.digest:
        raise InvalidReceipt(
            "The answer is not as it was given: its digest is not that of what it says. Its "
            "receipt alone can be replayed."
        )
    return receipt


def replay(assistant: Assistant, receipt: KeptReceipt) -> Replay:
    """Ask again what *receipt* says was asked; raise `InvalidReceipt` if it can't be."""
    answer = answer_json(assistant.answer(meaning_of(receipt.asked)))
    now = KeptReceipt.model_validate(answer["receipt"])
    return Replay(
        bytes=canonical(answer),
        same=now.digest == receipt.digest,
        same_answer=now.answer_digest == receipt.answer_digest,
        differences=tuple(_differences(assistant, receipt, now)),
    )


def _differences(assistant: Assistant, then: KeptReceipt, now: KeptReceipt) -> Iterator[str]:
    if now.digest == then.digest:
        return
    if then.change != now.change:
        yield f"The stories have changed: it was of change {then.change}, now it is {now.change}."
    yield from _changed_stories(assistant, then)
    for field, name in _MODELS.items():
        before, after = getattr(then, field), getattr(now, field)
        if before != after:
            yield f"The {name} was {before}, now it is {after}."
    if now.answer_digest == then.answer_digest:
        yield "The answer is the same, and rests on the same words."
    else:
        yield "The answer, or what it rests on, has changed."


def _changed_stories(assistant: Assistant, then: KeptReceipt) -> Iterator[str]:
    stories = assistant.store.stories([*then.stories])
    for story_id, sha256 in then.stories.items():
        if story_id not in stories:
            yield f"Story {story_id}, which it showed, is gone."
        elif stories[story_id].sha256 != sha256:
            yield f"Story {story_id}, which it showed, has other words now."
