"""What is suggested was asked of the stories as they are, and is never asked or said before."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep

import pytest

from corpus.passages import split_story
from corpus.store import StoryStore
from corpus.story import Story
from embeddings.build import catch_up
from qa.answer import Answer
from qa.assistant import Assistant
from qa.conversation import Turn
from qa.serialize import answer_json
from qa.suggesting.next_questions import NextQuestion
from qa.suggesting.suggester import Background, Suggester, answered
from qa.suggesting.suggestion_store import Suggested, Suggestion, SuggestionStore
from qa.suggesting.suggestions import WAITING, Suggestions, made_by
from tests.fakes import RECEIPT, answer_with, assistant_of_words, cite, mayor_story

BODY = (
    "Gov. Ada Quinn opened the Arno Bridge to lorries.\n\n"
    "The Arno Bridge was closed to lorries in 2019.\n\n"
    "Ada Quinn, the director of the Bridge Institute, said so."
)
WHO = "Who opened the Arno Bridge to lorries?"
WHEN = "When was the Arno Bridge closed to lorries?"


@pytest.fixture
def story() -> Story:
    return mayor_story(body=BODY)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[SuggestionStore]:
    store = SuggestionStore(tmp_path / "suggestions.sqlite")
    yield store
    store.close()


@pytest.fixture
def suggestions(kept: SuggestionStore) -> Suggestions:
    return Suggestions(kept)


@pytest.fixture
def assistant(tmp_path: Path, story: Story, suggestions: Suggestions) -> Assistant:
    store = StoryStore(tmp_path / "stories.sqlite")
    store.put([(story, split_story(story))])
    return replace(assistant_of_words(store), suggestions=suggestions)


def suggested(story: Story, **changes: object) -> Suggested:
    told = (
        Suggestion(question=WHO, answer="Ada Quinn"),
        Suggestion(question=WHEN, answer="2019"),
        Suggestion(question="Where is the Arno?", answer="Florence"),
        Suggestion(question="How old is the Arno Bridge?", answer="90 years"),
        Suggestion(question="Who built the Arno Bridge?", answer="Bo Lind"),
    )
    fields: dict[str, object] = {
        "story_id": story.story_id,
        "sha256": story.sha256,
        "made_by": made_by(RECEIPT),
        "change": RECEIPT.change,
        "suggestions": told,
    }
    return Suggested(**(fields | changes))  # type: ignore[arg-type]


def answer_about(story: Story, question: str = "Who closed it?", words: str = "lorries") -> Answer:
    return answer_with(question, [cite(story, words, BODY)])


def test_three_that_are_new_follow_an_answer(
    story: Story, suggestions: Suggestions, kept: SuggestionStore
) -> None:
    kept.keep(suggested(story))
    before = answer_json(answer_about(story, "how old is the Arno bridge"))
    past = [Turn(n=1, asked_at=datetime.now(UTC), answer=before)]

    answer = suggestions.added(answer_about(story, WHO.lower(), "2019"), past)

    # Asked just now; answered just now; asked before.
    assert not {WHO, WHEN, "How old is the Arno Bridge?"} & set(answer.suggestions)
    assert answer.suggestions == ("Where is the Arno?", "Who built the Arno Bridge?")
    assert len(suggestions.added(answer_about(story), ()).suggestions) == 3
    assert suggestions.noted(timeout_s=0) is None


@pytest.mark.parametrize("change", [{"sha256": "0" * 64}, {"made_by": "other"}, {"change": 6}])
def test_what_was_asked_of_other_words_models_or_stories_is_asked_again_first(
    story: Story, suggestions: Suggestions, kept: SuggestionStore, change: dict[str, object]
) -> None:
    kept.keep(suggested(story, **change))

    assert suggestions.added(answer_about(story), ()).suggestions == ()
    assert suggestions.noted(timeout_s=0) == story.story_id


def test_a_kept_answer_gets_what_is_known_by_now(
    story: Story, suggestions: Suggestions, kept: SuggestionStore
) -> None:
    kept.keep(suggested(story))

    after = suggestions.after([answer_json(answer_about(story, WHO))], RECEIPT)

    assert after == (WHEN, "Where is the Arno?", "How old is the Arno Bridge?")


def test_notes_are_bounded_and_each_story_waits_once(suggestions: Suggestions) -> None:
    for number in [0, 0, *range(2 * WAITING)]:
        suggestions.note(str(number))

    noted = [suggestions.noted(timeout_s=0) for _ in range(WAITING + 1)]
    assert noted == [*map(str, range(WAITING)), None]


@pytest.mark.parametrize(
    ("asked", "right"),
    [
        (NextQuestion(text=WHO, expected="Quinn"), True),
        (NextQuestion(text=WHO, expected="Lind"), False),
        (NextQuestion(text=WHO, expected="Ada Quinn Smith"), False),
        (NextQuestion(text=WHO, expected="Ada Quinn Smith", part_will_do=True), True),
        (NextQuestion(text="Who found Troy in 1873?", expected="Quinn"), False),
    ],
)
def test_only_what_is_answered_as_expected_is_suggested(
    assistant: Assistant, story: Story, asked: NextQuestion, right: bool
) -> None:
    assert (answered(assistant, story, asked) is not None) == right
    assert answered(assistant, replace(story, story_id="another"), asked) is None


def test_a_story_is_asked_once_and_after_a_change_only_for_what_it_answered(
    assistant: Assistant, story: Story, kept: SuggestionStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    ask = Assistant.ask

    def noting(self: Assistant, question: str) -> Answer:
        asked.append(question)
        return ask(self, question)

    monkeypatch.setattr(Assistant, "ask", noting)
    suggester = Suggester(assistant, kept)
    first = suggester.look_through(story)
    all_asked = len(asked)

    assert WHO in [one.question for one in first.suggestions]
    assert suggester.look_through(story) == first
    assert len(asked) == all_asked

    bakery = mayor_story(story_id="bakery", title="A bakery", body="The bakery is in Leeds.")
    assistant.store.put([(bakery, split_story(bakery))])
    catch_up(assistant.store, assistant.retriever.index, assistant.retriever.encoder)
    again = suggester.look_through(story)
    assert again.change == first.change + 1
    assert asked[all_asked:] == [one.question for one in first.suggestions]


def test_the_background_asks_of_noted_stories_while_nobody_else_asks(
    assistant: Assistant, suggestions: Suggestions, story: Story, kept: SuggestionStore
) -> None:
    answer = replace(answer_about(story), receipt=assistant.receipt())
    background = Background(assistant, suggestions)
    background.start()
    until = monotonic() + 20
    while not kept.kept([story.story_id]):
        assert monotonic() < until
        sleep(0.05)
    background.stop()

    assert WHO in suggestions.added(answer, ()).suggestions


def test_the_background_waits_while_others_ask(
    assistant: Assistant, suggestions: Suggestions, story: Story, kept: SuggestionStore
) -> None:
    suggestions.asked_at = monotonic() + 60
    background = Background(assistant, suggestions)
    background.start()
    sleep(0.3)
    background.stop()

    assert kept.kept([story.story_id]) == {}


@pytest.mark.parametrize("content", [b"no database" * 500, b""])
def test_a_damaged_file_is_made_anew(tmp_path: Path, story: Story, content: bytes) -> None:
    (tmp_path / "kept.sqlite").write_bytes(content)
    store = SuggestionStore(tmp_path / "kept.sqlite")

    store.kept([story.story_id])
    store.keep(suggested(story))

    assert store.kept([story.story_id]) == {story.story_id: suggested(story)}
    store.close()


def test_a_folder_that_cannot_be_written_suggests_nothing(tmp_path: Path, story: Story) -> None:
    store = SuggestionStore(tmp_path / "missing" / "kept.sqlite")
    store.keep(suggested(story))

    assert store.kept([story.story_id]) == {}


def test_an_answer_does_not_wait_for_another_process_that_writes(
    kept: SuggestionStore, story: Story, tmp_path: Path
) -> None:
    kept.keep(suggested(story))
    other = sqlite3.connect(tmp_path / "suggestions.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    began = monotonic()

    assert kept.kept([story.story_id])
    kept.keep(suggested(story, change=8))

    assert monotonic() - began < 4  # SQLite by itself would wait for 5 s
    other.close()
    assert kept.kept([story.story_id])[story.story_id].change == RECEIPT.change
