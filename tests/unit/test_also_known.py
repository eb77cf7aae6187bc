"""Abbreviations in a question are searched for in full, and full names in short."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from corpus.passages import split_story
from corpus.store import StoryStore
from embeddings.glossary import Glossary
from qa.composing.features import missing_names
from qa.question import Question, analyse
from qa.understanding.also_known import aliases
from tests.fakes import mayor_story

UNIT = "Water Rescue Unit"


@pytest.fixture
def glossary(tmp_path: Path) -> Iterator[Glossary]:
    store = StoryStore(tmp_path / "stories.sqlite")
    for number, told in enumerate([f"The {UNIT} (WRU) came."] * 3 + ["Wide Road Union (WRU)"]):
        story = mayor_story(story_id=str(number), body=told)
        passages = split_story(story)
        store.put([(story, passages)])
        store.put_vectors([(story, np.zeros((len(passages), 4), np.float32))])
    glossary = Glossary(tmp_path / "glossary.sqlite")
    glossary.follow(store)
    yield glossary
    store.close()


def known(text: str, glossary: Glossary) -> Question:
    from dataclasses import replace

    question = analyse(text)
    return replace(question, aliases=aliases(question, glossary))


@pytest.mark.parametrize(
    ("question", "also"),
    [
        ("Who leads the WRU?", UNIT),
        ("Who leads the W.R.U.?", UNIT),
        ("Which road did the WRU block?", "Wide Road Union"),
        ("what does wru mean", UNIT),
        ("Who leads the Water Rescue Unit?", "WRU"),
        ("who leads the water rescue unit", "WRU"),
        ("Who leads the wru?", ""),
        ("Who leads the XYZ?", ""),
    ],
)
def test_what_the_stories_also_write_is_searched_for(
    question: str, also: str, glossary: Glossary
) -> None:
    assert known(question, glossary).also == also


def test_a_story_that_writes_it_otherwise_lacks_no_name(glossary: Glossary) -> None:
    in_full = mayor_story(title="", publisher="", body=f"The {UNIT} came.")
    in_short = mayor_story(title="", publisher="", body="The WRU came.")
    neither = mayor_story(title="", publisher="", body="Nobody came.")
    asked_short, asked_full = (known(f"Who leads the {name}?", glossary) for name in ("WRU", UNIT))
    assert missing_names(asked_short, in_full) == ()
    assert missing_names(asked_full, in_short) == ()
    assert missing_names(asked_short, neither) == ("WRU",)
