"""A question from the wire to the assistant, its turn kept where it belongs to a conversation."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from qa.answer import Answer
from qa.assistant import Assistant
from qa.contextualize import TURNS_IN_VIEW
from qa.conversation import ConversationStore, Turn
from qa.errors import ConversationsUnavailable
from qa.serialize import answer_json
from qa.steps import OnStep, unheard
from web.ask import AskBody

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asking:
    """Asks *assistant*, and keeps turns in *conversations*."""

    assistant: Assistant
    conversations: ConversationStore

    def answer(self, body: AskBody, on_step: OnStep = unheard) -> dict[str, object]:
        """Return the answer as JSON values, with the turn that it is in a conversation.

        An answer that can't be kept is given all the same, as the turn of none.
        Raises `ConversationNotFound`, `ConversationFull`, and what `Assistant.ask` raises.
        """
        if body.conversation_id is None:
            return answer_json(self._asked(body, (), on_step))
        past = self.conversations.latest_turns(body.conversation_id, TURNS_IN_VIEW)
        answer = answer_json(self._asked(body, past, on_step))
        return self._kept(answer, body.conversation_id)

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
        return self._kept(self.answer(body, on_step), None)

    def _kept(self, answer: dict[str, object], conversation_id: str | None) -> dict[str, object]:
        """Keep *answer* in this conversation or a new one; return it as the turn that it is."""
        try:
            into = conversation_id or self.conversations.begin()
            turn = self.conversations.append(into, answer)
        except ConversationsUnavailable as error:
            logger.error("answer %s isn't kept: %s", answer["id"], error)
            return answer
        return answer | {"conversation": {"id": into, "turn": turn.n}}
