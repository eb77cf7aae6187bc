"""The glossary follows the stories, and can always be made again."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from corpus.passages import split_story
from corpus.store import StoryStore
from embeddings.glossary import Expansion, Glossary, Short, long_key
from tests.fakes import mayor_story


@pytest.fixture
def store(tmp_path: Path) -> Iterator[StoryStore]:
    store = StoryStore(tmp_path / "stories.sqlite")
    yield store
    store.close()


@pytest.fixture
def glossary(tmp_path: Path) -> Glossary:
    return Glossary(tmp_path / "index" / "glossary.sqlite")


def tell(store: StoryStore, story_id: str, body: str) -> None:
    """Make *body* a searchable story."""
    story = mayor_story(story_id=story_id, body=body)
    passages = split_story(story)
    store.put([(story, passages)])
    store.put_vectors([(story, np.zeros((len(passages), 4), np.float32))])


def test_it_knows_what_the_stories_spell_out_both_ways(
    store: StoryStore, glossary: Glossary
) -> None:
    tell(store, "1", "The Water Rescue Unit (WRU) came. The Water Rescue Unit (WRU) left.")
    tell(store, "2", "Our Water Rescue Units (WRUs) and the Wide Road Union (WRU) met.")
    glossary.follow(store)

    assert glossary.expansions("W.R.U.") == (
        Expansion("Water Rescue Unit", 2),
        Expansion("Wide Road Union", 1),
    )
    assert glossary.shorts("the water-rescue unit's") == (Short("WRU", 2),)
    assert glossary.shorts_of(["road", "Wide Road Union"]) == {
        "Wide Road Union": (Short("WRU", 1),)
    }
    assert glossary.expansions("XYZ") == ()
    assert glossary.shorts("Water") == ()


def test_it_takes_in_changes_and_forgets_what_is_gone(
    store: StoryStore, glossary: Glossary
) -> None:
    tell(store, "1", "The Water Rescue Unit (WRU) came.")
    glossary.follow(store)
    tell(store, "1", "The Wide Road Union (WRU) came.")
    glossary.follow(store)
    assert [found.long for found in glossary.expansions("WRU")] == ["Wide Road Union"]

    store.remove("1")
    glossary.follow(store)
    assert glossary.expansions("WRU") == ()


def test_another_process_finds_it_complete(
    store: StoryStore, glossary: Glossary, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(store, "1", "The Water Rescue Unit (WRU) came.")
    glossary.follow(store)

    other = Glossary(glossary.path)
    monkeypatch.setattr(store, "changes_since", lambda *_: [])
    other.follow(store)
    assert other.expansions("WRU")


@pytest.mark.parametrize("damage", [b"no database at all" * 100, b""])
def test_a_damaged_file_is_made_again(store: StoryStore, glossary: Glossary, damage: bytes) -> None:
    tell(store, "1", "The Water Rescue Unit (WRU) came.")
    glossary.follow(store)
    glossary.path.write_bytes(damage)

    again = Glossary(glossary.path)
    again.follow(store)
    assert again.expansions("WRU") == (Expansion("Water Rescue Unit", 1),)


def test_a_page_that_is_damaged_later_costs_no_answer(
    store: StoryStore, glossary: Glossary
) -> None:
    for number in range(200):
        tell(store, str(number), f"The Water Rescue Unit (WRU) came with {number} boats.")
    glossary.follow(store)
    content = bytearray(glossary.path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    glossary.path.write_bytes(content)

    assert glossary.expansions("WRU") == ()
    glossary.follow(store)
    assert glossary.expansions("WRU")


def test_a_store_that_went_back_makes_it_start_anew(
    tmp_path: Path, store: StoryStore, glossary: Glossary
) -> None:
    tell(store, "1", "The Water Rescue Unit (WRU) came.")
    tell(store, "2", "The Wide Road Union (WRU) came.")
    glossary.follow(store)
    older = StoryStore(tmp_path / "older.sqlite")
    tell(older, "3", "The West River Union (WRU) came.")

    again = Glossary(glossary.path)
    again.follow(older)
    older.close()
    assert [found.long for found in again.expansions("WRU")] == ["West River Union"]


def test_phrases_are_compared_without_small_words_and_plurals() -> None:
    assert long_key("Offices of the U.S.-Afghan Council’s") == long_key("office us afghan councils")
