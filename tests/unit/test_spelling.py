"""Words that no story has are respelt as the stories spell them, and only those."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.passages import split_story
from corpus.store import StoryStore
from embeddings.build import catch_up
from embeddings.embedded_index import EmbeddedIndex
from qa.understanding.spelling import Speller
from tests.fakes import HashingEncoder, mayor_story

TOLD = """Karen Donfried spent days in Springfield. The conferences of the Springfield council
decided on bridges. Armenian guests travelled to Springfield, and Donfried thanked the council for
its conferences and bridges in May."""


@pytest.fixture
def speller(tmp_path: Path) -> Iterator[Speller]:
    store = StoryStore(tmp_path / "stories.sqlite")
    for number in range(3):
        story = mayor_story(story_id=str(number), title="News", body=TOLD)
        store.put([(story, split_story(story))])
    encoder = HashingEncoder()
    index = EmbeddedIndex.open(tmp_path / "index", encoder=encoder.name, dim=encoder.dim)
    catch_up(store, index, encoder)
    yield Speller(index.vocabulary, store)
    store.close()


@pytest.mark.parametrize(
    ("question", "respelt"),
    [
        ("Where was Donfreid?", "Where was Donfried?"),
        ("where was donfreid", "where was donfried"),
        ("What was Donfreid's plan?", "What was Donfried's plan?"),
        ("What did Springfeild decide?", "What did Springfield decide?"),
        ("What did pSringfield decide?", "What did Springfield decide?"),
        ("Which confernce decided?", "Which conferences decided?"),
        ("Which Armnian guests came?", "Which Armenian guests came?"),
    ],
)
def test_a_word_that_no_story_has_is_respelt(question: str, respelt: str, speller: Speller) -> None:
    assert speller.respelt(question) == respelt


@pytest.mark.parametrize(
    "question",
    [
        "Where was Donfried?",
        "Which bridge did the councils travel to?",  # other inflections
        "Who sang Zanzibar?",  # nothing is near
        "Who leads DONFRIE?",  # an abbreviation
        "Who came in Mai?",  # too short
        "Donfreid Springfeild Armnian bridgez?",  # too much
        "Who?",
        "¿?",
    ],
)
def test_others_are_left_as_they_are(question: str, speller: Speller) -> None:
    assert speller.respelt(question) is None


def test_a_word_of_one_passage_is_no_better(tmp_path: Path, speller: Speller) -> None:
    story = mayor_story(story_id="9", title="News", body="Tolliver came.")
    speller.store.put([(story, split_story(story))])
    assert speller.respelt("Where was Toliver?") is None
