"""A changed story becomes a new revision: what cited the old one can still be checked."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from corpus import writes
from corpus.errors import RevisionNotFound, StoryNotFound
from corpus.passages import split_story
from corpus.store import StoryStore
from corpus.story import Passage, Story
from embeddings.build import apply_changes, encode_pending
from tests.fakes import DictIndex, HashingEncoder

FIRST = Story(
    story_id="s1",
    source="a.xml",
    title="Bridge closed",
    body="The bridge was closed on Monday.\n\nIt opens in May.",
    published_at=date(2024, 6, 18),
)
SECOND = replace(FIRST, body="The bridge was closed on Tuesday.\n\nIt opens in May.")
RENAMED = replace(SECOND, title="Bridge over the Arno closed")


@pytest.fixture
def store(tmp_path: Path) -> StoryStore:
    return StoryStore(tmp_path / "stories.sqlite")


def embed(store: StoryStore) -> list[str]:
    """Give every pending passage a vector; return the words of those that lacked one."""
    pending = store.pending(limit=10)
    store.put_vectors([(story, np.eye(len(cut), 4, dtype=np.float32)) for story, cut in pending])
    return [passage.text for _, cut in pending for passage in cut]


def test_an_unchanged_story_is_neither_cut_nor_written(
    store: StoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.add([FIRST])

    def never(story: Story) -> list[Passage]:
        raise AssertionError(story)

    monkeypatch.setattr(writes, "split_story", never)
    monkeypatch.setattr(writes, "read_story", never)

    assert store.add([FIRST, replace(FIRST, source="b.xml")]) == ["unchanged", "unchanged"]
    assert len(store.lineage("s1").versions) == 1


def test_a_changed_story_answers_and_its_earlier_version_is_kept(store: StoryStore) -> None:
    assert store.add([FIRST]) + store.add([SECOND]) == ["added", "updated"]

    assert store.story("s1") == SECOND
    assert store.revision("s1", FIRST.sha256) == FIRST
    assert store.revision("s1", SECOND.sha256) == SECOND
    present, earlier = store.lineage("s1").versions
    assert (present.sha256, present.replaced_at) == (SECOND.sha256, None)
    assert (earlier.sha256, earlier.title) == (FIRST.sha256, "Bridge closed")
    assert earlier.replaced_at
    assert earlier.ingested_at <= earlier.replaced_at <= present.ingested_at


def test_every_field_makes_a_version(store: StoryStore) -> None:
    store.add([SECOND])

    assert store.add([RENAMED]) == ["updated"]
    assert [version.title for version in store.lineage("s1").versions] == [
        "Bridge over the Arno closed",
        "Bridge closed",
    ]
    assert store.revision("s1", SECOND.sha256) == RENAMED


def test_versions_that_alternate_are_kept_once_each(store: StoryStore) -> None:
    for story in (FIRST, SECOND, FIRST, SECOND, FIRST):
        store.add([story])

    assert store.story("s1") == FIRST
    assert len(store.lineage("s1").versions) == 3  # the present one was an earlier one, too


def test_a_removed_story_takes_its_earlier_versions_along(store: StoryStore) -> None:
    store.add([FIRST])
    store.add([SECOND])

    store.remove("s1")

    for sha256 in (FIRST.sha256, SECOND.sha256):
        with pytest.raises(StoryNotFound):
            store.revision("s1", sha256)
    with pytest.raises(StoryNotFound):
        store.lineage("s1")
    store.add([SECOND])
    assert len(store.lineage("s1").versions) == 1


def test_a_version_that_never_was_is_not_found(store: StoryStore) -> None:
    store.add([FIRST])

    with pytest.raises(RevisionNotFound, match="story s1 has no version"):
        store.revision("s1", "0" * 64)


def long_story(changed: str = "Ada Quinn spoke.") -> Story:
    paragraphs = [f"Paragraph {n} tells of ward {n}. " + "It rained all day. " * 40 for n in "abc"]
    return replace(FIRST, body="\n\n".join([*paragraphs, changed]))


def test_only_passages_that_changed_need_vectors(store: StoryStore) -> None:
    store.add([long_story()])
    embed(store)

    changed = long_story("Ada Quinn left.")
    store.add([changed])

    passages = split_story(changed)
    assert len(passages) > 2
    assert store.pending_count() == 1
    assert embed(store) == [passages[-1].text]
    vectors = {passage.ordinal: vector for _, passage, vector in store.entries(["s1"])}
    assert len(vectors) == len(passages)
    assert vectors[1].tolist() == [0, 1, 0, 0]


def test_a_story_whose_words_are_the_same_can_be_found_without_a_pause(store: StoryStore) -> None:
    store.add([FIRST])
    embed(store)
    before = store.change

    store.add([replace(FIRST, published_at=date(2024, 6, 19))])

    assert store.pending(limit=10) == []
    assert [change.kind for change in store.changes_since(before)] == ["remove", "add"]
    assert store.entries(["s1"])


def test_another_title_needs_other_vectors(store: StoryStore) -> None:
    store.add([SECOND])
    embed(store)

    store.add([RENAMED])

    assert embed(store) == [passage.text for passage in split_story(RENAMED)]


def test_vectors_of_an_encoder_that_was_replaced_meanwhile_are_dropped(store: StoryStore) -> None:
    store.set_encoder("a")
    store.add([long_story()])
    embed(store)
    store.add([long_story("Ada Quinn left.")])
    [(story, cut)] = store.pending(limit=10)
    store.set_encoder("b")

    store.put_vectors([(story, np.eye(len(cut), 4, dtype=np.float32))])

    assert store.pending_count() == store.passage_count()


def test_an_index_follows_a_story_through_its_versions(store: StoryStore) -> None:
    encoder, index = HashingEncoder(), DictIndex()
    for story in (long_story(), long_story("Ada Quinn left.")):
        store.add([story])
        encode_pending(store, encoder)
        apply_changes(store, index)

    assert len(index) == store.passage_count()
    store.remove("s1")
    apply_changes(store, index)
    assert len(index) == 0
