"""What a chat client sends: OpenAI's request body, as far as stories can answer it.

What can't change an answer (temperature, max_tokens, tools that need not be called …) is ignored;
what would have to be honoured and can't be is refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, field_validator
from pydantic_core import PydanticCustomError

from embeddings.index import EVERY_STORY, Filters
from web.ask import FiltersBody

MODEL = "dateline"


@dataclass(frozen=True, slots=True)
class Exchange:
    """An earlier question of a conversation that its client keeps, and the reply to it."""

    question: str
    reply: str


class _Body(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)


class Part(_Body):
    """A part of a message; only those of type text are read."""

    type: str
    text: str = ""


def _in_parts(content: object) -> object:
    """Return *content* as parts: it may come as a list of them, as one string, or be missing."""
    if isinstance(content, str):
        return ({"type": "text", "text": content},)
    return tuple(content or ()) if isinstance(content, list | None) else content


class Message(_Body):
    """What someone said in the conversation."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Annotated[tuple[Part, ...], BeforeValidator(_in_parts)] = ()

    @property
    def text(self) -> str:
        """The text of all its parts."""
        return "\n".join(part.text for part in self.content if part.type == "text")


class StreamOptions(_Body):
    """What a stream tells besides the answer."""

    include_usage: bool | None = None


class CompletionBody(_Body):
    """A conversation whose last user message is the question; *filters* are Dateline's own."""

    model: str
    messages: tuple[Message, ...]
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    n: int | None = None
    tool_choice: str | Mapping[str, object] | None = None
    response_format: Mapping[str, object] | None = None
    logprobs: bool | None = None
    modalities: tuple[str, ...] | None = None
    filters: FiltersBody | None = None

    @field_validator("messages")
    @classmethod
    def _ask_in_text(cls, messages: tuple[Message, ...]) -> tuple[Message, ...]:
        asking = [message for message in messages if message.role == "user"]
        if not asking:
            raise _refusal("None of the messages is the user's: there is no question.")
        for part in asking[-1].content:
            if part.type != "text":
                raise _refusal(
                    f"Only text can be asked; the question has a part of another type, "
                    f"{part.type[:40]!r}."
                )
        return messages

    @field_validator("n")
    @classmethod
    def _one_answer(cls, n: int | None) -> int | None:
        if n not in (None, 1):
            raise _refusal("A question has one answer: n can only be 1.")
        return n

    @field_validator("tool_choice")
    @classmethod
    def _no_tools(cls, choice: str | Mapping[str, object] | None) -> object:
        if choice not in (None, "auto", "none"):
            raise _refusal("Dateline calls no tools: tool_choice can only be 'auto' or 'none'.")
        return choice

    @field_validator("response_format")
    @classmethod
    def _as_text(cls, wanted: Mapping[str, object] | None) -> Mapping[str, object] | None:
        if wanted is not None and wanted.get("type") != "text":
            raise _refusal(
                "The content is text: response_format can only be of type 'text'. The field "
                "'dateline' of the response holds the answer as JSON."
            )
        return wanted

    @field_validator("logprobs")
    @classmethod
    def _no_probabilities(cls, wanted: bool | None) -> bool | None:
        if wanted:
            raise _refusal(
                "Words are copied, not generated: there are no logprobs. The field 'dateline' of "
                "the response holds the answer's confidence."
            )
        return wanted

    @field_validator("modalities")
    @classmethod
    def _no_sound(cls, wanted: tuple[str, ...] | None) -> tuple[str, ...] | None:
        if wanted and set(wanted) != {"text"}:
            raise _refusal("Dateline answers in text only: modalities can only be ['text'].")
        return wanted

    @property
    def question(self) -> str:
        """The text of the last user message."""
        return self.messages[self._asked_at].text

    @property
    def past(self) -> tuple[Exchange, ...]:
        """The questions before, oldest first, each with what the assistant replied to it."""
        exchanges: list[Exchange] = []
        asked: str | None = None
        for message in self.messages[: self._asked_at]:
            if message.role == "user":
                asked = message.text
            elif message.role == "assistant" and asked and message.text:
                exchanges.append(Exchange(asked, message.text))
                asked = None
        return tuple(exchanges)

    @property
    def with_usage(self) -> bool:
        """Whether a stream ends with the usage."""
        return bool(self.stream_options and self.stream_options.include_usage)

    def filters_or_none(self) -> Filters:
        """Return the filters, or those that let every story through."""
        return self.filters.filters() if self.filters else EVERY_STORY

    @property
    def _asked_at(self) -> int:
        return max(at for at, message in enumerate(self.messages) if message.role == "user")


def _refusal(sentence: str) -> PydanticCustomError:
    # Braces in the sentence would be taken for fields of a template.
    return PydanticCustomError("unsupported", "{sentence}", {"sentence": sentence})
