"""A question from the wire to the assistant, its turn kept where it belongs to a conversation."""

from collections.abc import Sequence
from dataclasses import dataclass

from qa.answer import Answer
from qa.assistant import Assistant
from qa.contextualize import TURNS_IN_VIEW
from qa.conversation import ConversationStore, Turn
from qa.serialize import answer_json
from qa.steps import OnStep, unheard
from web.ask import AskBody


@dataclass(frozen=True, slots=True)
class Asking:
    """Asks *assistant*, and keeps turns in *conversations*."""

    assistant: Assistant
    conversations: ConversationStore

    def answer(self, body: AskBody, on_step: OnStep = unheard) -> dict[str, object]:
        """Return the answer as JSON values, with the turn that it is in a conversation.

        Raises `ConversationNotFound`, `ConversationFull`, and what `Assistant.ask` raises.
        """
        if body.conversation_id is None:
            return answer_json(self._asked(body, (), on_step))
        past = self.conversations.latest_turns(body.conversation_id, TURNS_IN_VIEW)
        answer = answer_json(self._asked(body, past, on_step))
        turn = self.conversations.append(body.conversation_id, answer)
        return answer | {"conversation": {"id": body.conversation_id, "turn": turn.n}}

    def _asked(self, body: AskBody, past: Sequence[Turn], on_step: OnStep) -> Answer:
        return self.assistant.ask(
            body.question,
            filters=body.filters_or_none(),
            past=past,
            as_asked=body.as_asked,
            on_step=on_step,
        )

    def begun(self, body: AskBody, on_step: OnStep = unheard) -> dict[str, object]:
        """Return the answer as the first turn of a new conversation, begun once there is one."""
        answer = self.answer(body, on_step)
        conversation_id = self.conversations.begin()
        turn = self.conversations.append(conversation_id, answer)
        return answer | {"conversation": {"id": conversation_id, "turn": turn.n}}
