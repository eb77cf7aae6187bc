"""What is answered has the shape that is described, no field more and none less."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import BaseModel

from corpus.passages import split_story
from corpus.store import StoryStore
from corpus.story import Story
from embeddings.index import Filters
from qa.assistant import Assistant
from qa.conversation import Conversation, Turn
from qa.serialize import answer_json, conversation_json, hit_json, story_head_json, story_json
from tests.fakes import (
    MAYOR_QUESTION,
    MAYOR_SENTENCE,
    abstention_about,
    answer_with,
    assistant_of_words,
    cite,
    lineage_of,
    mayor_story,
)
from web import answer_shapes, ask, bodies, shapes
from web.examples import EXAMPLES

STORY = mayor_story()
QUINN = cite(STORY, "Ada Quinn", MAYOR_SENTENCE)
TIMED = replace(STORY, published_at=datetime(2021, 11, 3, 20, 15, tzinfo=UTC), publisher=None)
ANSWERED = answer_with(MAYOR_QUESTION, [QUINN])
ANSWERS = {
    "answered": ANSWERED,
    "supported": answer_with(
        MAYOR_QUESTION, [QUINN, cite(TIMED, "Ada Quinn", MAYOR_SENTENCE, n=2, role="supports")]
    ),
    "conflict": answer_with(
        MAYOR_QUESTION,
        [QUINN, cite(STORY, "January 2022", "She takes office in January 2022.", role="conflicts")],
        status="conflict",
    ),
    "read": replace(ANSWERED, also_read=(replace(QUINN, role="read", url=None, deep_link=None),)),
    "normalized": replace(ANSWERED, type="date", normalized="2022-01"),
    "filtered": replace(
        ANSWERED,
        filters=Filters(from_date=STORY.published_on, story_ids=("a",)),
        inferred=("from",),
    ),
    "abstained": abstention_about("Who?"),
    "near": abstention_about("Who?", [replace(QUINN, role="nearest")]),
}


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    store = StoryStore(tmp_path / "stories.sqlite")
    store.put([(STORY, split_story(STORY))])
    yield assistant_of_words(store)
    store.close()


@pytest.mark.parametrize("kind", ANSWERS)
def test_every_kind_of_answer_has_the_described_shape(kind: str) -> None:
    answer_shapes.Answer.model_validate(answer_json(ANSWERS[kind]))


@pytest.mark.parametrize("question", [MAYOR_QUESTION, "Who opened a bakery in Ogdenville?"])
def test_what_the_assistant_says_has_the_described_shape(
    assistant: Assistant, question: str
) -> None:
    answer_shapes.Answer.model_validate(answer_json(assistant.ask(question)))


@pytest.mark.parametrize("story", [STORY, TIMED])
def test_stories_have_the_described_shape(story: Story) -> None:
    shapes.Story.model_validate(story_json(story, lineage_of(story)))
    shapes.StoryHead.model_validate(story_head_json(story))


def test_hits_have_the_described_shape(assistant: Assistant) -> None:
    hits = assistant.search("mayor", k=3)

    assert len(hits) == 3
    for hit in hits:
        shapes.Hit.model_validate(hit_json(hit))


def test_conversations_have_the_described_shape() -> None:
    now = datetime.now(UTC)
    turns = [Turn(n=1, asked_at=now, answer=answer_json(ANSWERED))]
    conversation = Conversation(conversation_id="c", began_at=now, turns=turns)

    shape = shapes.Conversation.model_validate(conversation_json(conversation))
    assert shape.turns[0].answer.conversation == answer_shapes.TurnOf(id="c", turn=1)


def test_a_shape_refuses_a_field_that_it_does_not_describe() -> None:
    with pytest.raises(ValueError, match="surprise"):
        answer_shapes.Answer.model_validate(answer_json(ANSWERED) | {"surprise": 1})


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_is_one(name: str) -> None:
    [model] = {
        model
        for module in (answer_shapes, ask, bodies, shapes)
        if (model := getattr(module, name, None))
    }
    assert issubclass(model, BaseModel)
    model.model_validate(EXAMPLES[name])
