from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace
from threading import Event
from typing import cast

import pytest
from flask.testing import FlaskClient

from corpus.errors import StoreBusy
from qa.answer import Answer
from qa.assistant import Assistant
from qa.deadline import Deadline, within
from tests.fakes import MAYOR_SENTENCE, FakeAssistant, FakeStore, answer_with, cite, mayor_story
from tests.markup import read, texts
from web.suggestions import SHOWN, WAITING, Examples, fixed_questions

BODY = (
    f"{MAYOR_SENTENCE} The World Health Organization (WHO) said so. The Big Apple Dome (BAD) too."
)


def answer_to(question: str, words: str) -> Answer:
    return answer_with(question, [cite(mayor_story(body=BODY), words, BODY)])


@pytest.fixture
def examples(assistant: FakeAssistant) -> Examples:
    assistant.store = FakeStore([mayor_story(body=BODY)])
    return Examples(cast(Assistant, assistant))


def test_only_what_the_stories_answer_is_suggested(
    examples: Examples, assistant: FakeAssistant
) -> None:
    answered = fixed_questions()[2]
    assistant.answers[answered] = answer_to(answered, "Ada Quinn")

    assert examples.questions() == [answered]


def test_abbreviation_is_suggested_if_its_own_words_are_the_answer(
    examples: Examples, assistant: FakeAssistant
) -> None:
    for short, words in (("WHO", "World Health Organization"), ("BAD", "Ada Quinn")):
        question = f"What does {short} stand for?"
        assistant.answers[question] = answer_to(question, words)

    assert examples.questions() == ["What does WHO stand for?"]


def test_no_more_than_a_few_are_suggested(examples: Examples, assistant: FakeAssistant) -> None:
    for question in (*fixed_questions(), "What does WHO stand for?"):
        assistant.answers[question] = answer_to(question, "World Health Organization")

    assert examples.questions() == fixed_questions()[:SHOWN]


def test_nothing_is_tried_again_until_the_stories_change(
    examples: Examples, assistant: FakeAssistant
) -> None:
    assert examples.questions() == []
    tried = len(assistant.asked)
    assert examples.known() == []
    assert len(assistant.asked) == tried
    assistant.store.change += 1

    assert examples.questions() == []
    assert len(assistant.asked) == 2 * tried


def test_only_a_few_visitors_wait_and_no_longer_than_their_time(
    examples: Examples, assistant: FakeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = Event()

    def late(question: str) -> Answer:
        release.wait(30)
        return answer_to(question, "Ada Quinn")

    monkeypatch.setattr(assistant, "ask", late)
    with within(Deadline(0.01)):
        assert examples.questions() == []
    with ThreadPoolExecutor(WAITING + 1) as visitors:
        shown = [visitors.submit(examples.questions) for _ in range(WAITING + 1)]
        first = next(as_completed(shown, timeout=10))
        release.set()
        assert first.result() == []
    assert sum(bool(visit.result()) for visit in shown) == WAITING


def test_page_does_not_wait_until_questions_were_tried(
    client: FlaskClient, assistant: FakeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    release, ask = Event(), assistant.ask
    answered = fixed_questions()[0]
    assistant.answers[answered] = answer_to(answered, "Ada Quinn")
    assistant.store = FakeStore([mayor_story(body=BODY)])

    def late(question: str) -> Answer:
        release.wait(10)
        return ask(question)

    monkeypatch.setattr(assistant, "ask", late)
    waiting = read(client, "/")
    release.set()

    assert texts(waiting, ".examples a") == []
    assert waiting.css("#examples[data-from='/examples']")
    assert texts(read(client, "/examples"), ".examples a") == [answered]
    assert texts(read(client, "/"), ".examples a") == [answered]


@pytest.mark.parametrize("failure", [StoreBusy("busy"), ZeroDivisionError()])
def test_fault_while_trying_leaves_suggestions_out(
    examples: Examples, assistant: FakeAssistant, failure: Exception
) -> None:
    assistant.failure = failure

    assert examples.questions() == []


def test_confidence_in_an_abstention_suggests_nothing(
    examples: Examples, assistant: FakeAssistant
) -> None:
    answered = fixed_questions()[0]
    assistant.answers[answered] = replace(answer_to(answered, "Ada Quinn"), text=None)

    assert examples.questions() == []
