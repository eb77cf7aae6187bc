"""Lists, speakers and questions out of reach are shown alike in the chat, exports and replies."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import cast

import pytest

from qa.answer import Abstention, Answer, Member
from qa.assistant import Assistant
from qa.commands.output import show_answer
from qa.conversation import Conversation, Turn
from qa.conversations.sql_conversations import SqlConversations
from qa.serialize import answer_json
from qa.settings import Settings
from tests.fakes import (
    MAYOR_QUESTION,
    FakeAssistant,
    FakeStore,
    abstention_about,
    answer_with,
    cite,
    mayor_story,
)
from web import create_app
from web.export import conversation_markdown
from web.reply import reply_to

SENTENCE = "Ada Quinn, Bo Lind, and Lee Park signed."
STORY = mayor_story(body=SENTENCE)
NAMES = ("Ada Quinn", "Bo Lind", "Lee Park")


def listed() -> Answer:
    answer = answer_with(
        MAYOR_QUESTION, [cite(STORY, "Ada Quinn, Bo Lind, and Lee Park", SENTENCE)]
    )
    members = tuple(Member(text=name, n=1) for name in NAMES)
    return replace(answer, members=members, speaker="Mayor Quinn")


def beyond() -> Answer:
    abstention = Abstention(
        reason="out_of_reach",
        message="Dateline can't say yes or no.",
        nearest=(cite(STORY, SENTENCE, SENTENCE, role="nearest"),),
    )
    return replace(abstention_about(MAYOR_QUESTION), abstention=abstention)


def page(answer: Answer, conversations: SqlConversations) -> str:
    assistant = FakeAssistant(FakeStore([STORY]))
    assistant.answers = {MAYOR_QUESTION: answer}
    client = create_app(Settings(), cast(Assistant, assistant), conversations).test_client()
    return client.get("/", query_string={"q": MAYOR_QUESTION}).get_data(as_text=True)


def exported(answer: Answer) -> str:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    turn = Turn(n=1, asked_at=now, answer=answer_json(answer))
    return conversation_markdown(
        Conversation(conversation_id="c" * 26, began_at=now, turns=(turn,))
    )


def test_a_reply_lists_the_members_with_their_marks_and_the_speaker() -> None:
    content = reply_to(listed(), "http://localhost").content

    assert "- Ada Quinn [1]\n- Bo Lind [1]\n- Lee Park [1]" in content
    assert "Said by Mayor Quinn." in content


def test_an_export_lists_the_members_and_the_speaker() -> None:
    text = exported(listed())

    assert "- Bo Lind [1]" in text
    assert "Said by Mayor Quinn" in text


def test_an_export_says_what_is_out_of_reach() -> None:
    assert "**This can’t be quoted from a story.**" in exported(beyond())


def test_the_terminal_lists_the_members_and_the_speaker(
    capsys: pytest.CaptureFixture[str],
) -> None:
    show_answer(listed())

    out = capsys.readouterr().out
    assert "  - Bo Lind [1]" in out
    assert "said by Mayor Quinn" in out


def test_the_card_lists_the_members_and_the_speaker(conversations: SqlConversations) -> None:
    shown = page(listed(), conversations)

    assert all(f"{name} <span" in shown for name in NAMES)
    assert "said by Mayor Quinn" in shown


def test_the_card_shows_what_comes_nearest_to_a_question_out_of_reach(
    conversations: SqlConversations,
) -> None:
    shown = page(beyond(), conversations)

    assert "This can’t be quoted from a story" in shown
    assert '<details class="nearest" open>' in shown
