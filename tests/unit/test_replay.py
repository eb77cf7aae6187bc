"""An answer is given again from its receipt, byte for byte, or it is said what differs."""

import json
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from corpus.passages import split_story
from corpus.store import StoryStore
from embeddings.build import catch_up
from embeddings.index import Filters
from qa.assistant import Assistant
from qa.conversation import Turn
from qa.errors import InvalidReceipt
from qa.question import analyse
from qa.receipt import asked_json, canonical, digest, meaning_of
from qa.replay import Replay, read_receipt, replay
from qa.serialize import answer_json
from qa.understanding.asked_time import Preference
from qa.understanding.understand import Meaning
from tests.fakes import assistant_of_words, mayor_story

QUESTION = "Who is mayor of Springfield?"
BODY = "Ada Quinn was elected mayor of Springfield.\n\nThe mayor of Springfield is Ada Quinn."


@pytest.fixture
def store(tmp_path: Path) -> StoryStore:
    store = StoryStore(tmp_path / "stories.sqlite")
    store.put([(story, split_story(story)) for story in [mayor_story(body=BODY)]])
    return store


@pytest.fixture
def assistant(store: StoryStore) -> Assistant:
    return assistant_of_words(store)


@pytest.fixture
def again(assistant: Assistant) -> Callable[[object], Replay]:
    return lambda told: replay(assistant, read_receipt(json.dumps(told)))


@pytest.mark.parametrize("question", [QUESTION, "Who found Troy in 1873?", "What does  it\nsay?"])
def test_an_answer_or_its_receipt_gives_the_same_bytes(
    assistant: Assistant, again: Callable[[object], Replay], question: str
) -> None:
    answer = answer_json(assistant.ask(question))

    for told in (answer, answer["receipt"]):
        given = again(told)
        assert (given.same, given.same_answer, given.differences) == (True, True, ())
        assert given.bytes == canonical(answer)


def test_a_follow_up_is_given_again_without_its_conversation(
    assistant: Assistant, again: Callable[[object], Replay]
) -> None:
    first = answer_json(assistant.ask(QUESTION))
    past = [Turn(n=1, asked_at=datetime.now(UTC), answer=first)]
    answer = assistant.ask("When was she elected?", past=past)
    told = {**answer_json(answer), "conversation": {"id": "c", "turn": 2}}

    assert answer.standalone != answer.question
    assert answer.meant
    assert answer.meant.story_ids
    assert again(told).same


def test_suggestions_and_timings_make_no_difference(
    assistant: Assistant, again: Callable[[object], Replay]
) -> None:
    answer = replace(assistant.ask(QUESTION), suggestions=("Where?",), timings_ms={"total": 9.0})

    assert again(answer_json(answer)).same


def test_the_digest_is_that_of_the_canonical_bytes(assistant: Assistant) -> None:
    answer = answer_json(assistant.ask(QUESTION))

    assert json.loads(json.dumps(answer))["receipt"]["digest"] == digest(answer)
    assert "digest" not in json.loads(canonical(answer))["receipt"]


def test_the_receipt_names_the_hash_of_each_cited_story(assistant: Assistant) -> None:
    receipt = json.loads(json.dumps(answer_json(assistant.ask(QUESTION))))["receipt"]

    assert receipt["stories"] == {mayor_story().story_id: mayor_story(body=BODY).sha256}


def test_an_added_story_is_told_though_the_answer_stays(
    assistant: Assistant, store: StoryStore, again: Callable[[object], Replay]
) -> None:
    answer = answer_json(assistant.ask(QUESTION))
    bakery = mayor_story(story_id="bakery", title="A bakery", body="The bakery opened in 1987.")
    store.put([(bakery, split_story(bakery))])
    catch_up(store, assistant.retriever.index, assistant.retriever.encoder)

    given = again(answer)

    assert (given.same, given.same_answer) == (False, True)
    assert given.differences == (
        "The stories have changed: it was of change 1, now it is 2.",
        "The answer is the same, and rests on the same words.",
    )


@pytest.mark.parametrize("body", ["Bo Lind was elected mayor of Springfield.", None])
def test_what_became_of_the_cited_story_is_told(
    assistant: Assistant, store: StoryStore, again: Callable[[object], Replay], body: str | None
) -> None:
    answer = answer_json(assistant.ask(QUESTION))
    store.remove(mayor_story().story_id)
    if body:
        changed = mayor_story(body=body)
        store.put([(changed, split_story(changed))])
    catch_up(store, assistant.retriever.index, assistant.retriever.encoder)

    given = again(answer)

    assert (given.same, given.same_answer) == (False, False)
    told = "has other words now" if body else "is gone"
    assert f"Story {mayor_story().story_id}, which it showed, {told}." in given.differences
    assert given.differences[-1] == "The answer, or what it rests on, has changed."


def test_other_settings_are_named(assistant: Assistant) -> None:
    receipt = read_receipt(json.dumps(answer_json(assistant.ask(QUESTION))))

    given = replay(replace(assistant, settings="f" * 16), receipt)

    assert not given.same
    assert f"The settings' hash was {'0' * 16}, now it is {'f' * 16}." in given.differences


def test_an_altered_answer_is_refused(assistant: Assistant) -> None:
    answer = answer_json(assistant.ask(QUESTION))

    with pytest.raises(InvalidReceipt, match="not as it was given"):
        read_receipt(json.dumps({**answer, "status": "abstained"}))


@pytest.mark.parametrize("text", ["", "{", "[]", "7", "{}", '{"receipt": {"change": 1}}'])
def test_what_is_no_receipt_is_refused(text: str) -> None:
    with pytest.raises(InvalidReceipt, match="no receipt"):
        read_receipt(text)


@pytest.mark.parametrize(
    "asked", [{}, {"standalone": " "}, {"standalone": "Who?", "filters": {"from_date": "x"}}]
)
def test_a_receipt_that_asks_nothing_is_refused(asked: dict[str, object]) -> None:
    with pytest.raises(InvalidReceipt):
        meaning_of(asked)


def test_all_that_a_question_means_stands_in_its_receipt() -> None:
    day = date(2021, 1, 1)
    meant = Meaning(
        asked="And then?",
        question=analyse("Who was mayor of Springfield in 2021?"),
        filters=Filters(from_date=day, to_date=day, publisher="Gazette", story_ids=("a", "b")),
        inferred=("from", "to"),
        prefers=Preference(from_date=day, to_date=day),
        story_ids=("c",),
    )
    told = json.loads(json.dumps(asked_json(meant)))

    assert meaning_of(told) == meant
    told_anyway = {"question", "did_you_mean"}
    assert set(told) == {field.name for field in fields(Meaning)} - told_anyway | {"standalone"}
