import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from corpus.store import StoryStore
from corpus.story import Passage, Story, passage_id
from embeddings import build
from embeddings.build import apply_changes, catch_up, encode_pending, follow
from embeddings.encoder import Vectors
from embeddings.index import Query
from embeddings.passage_text import passage_text
from tests.fakes import DictIndex, HashingEncoder


def story_with(story_id: str, *texts: str) -> tuple[Story, list[Passage]]:
    body = "".join(texts)
    starts = [len("".join(texts[:ordinal])) for ordinal in range(len(texts))]
    return Story(story_id=story_id, source=story_id, title="News", body=body), [
        Passage(
            passage_id=passage_id(story_id, ordinal),
            story_id=story_id,
            ordinal=ordinal,
            start=start,
            end=start + len(text),
            text=text,
        )
        for ordinal, (start, text) in enumerate(zip(starts, texts, strict=True))
    ]


def ids_of(index: DictIndex) -> set[int]:
    every = Query(text="", vector=np.ones(HashingEncoder.dim, np.float32))
    return {scored.passage_id for scored in index.search(every, 1000)}


class CountingEncoder(HashingEncoder):
    """Counts the texts it encodes, and fails after *limit* of them."""

    def __init__(self, limit: int = 1000) -> None:
        self.limit = limit
        self.encoded = 0

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        if self.encoded + len(texts) > self.limit:
            raise KeyboardInterrupt
        self.encoded += len(texts)
        return super().encode_passages(texts)


@pytest.fixture
def store(tmp_path: Path) -> StoryStore:
    store = StoryStore(tmp_path / "stories.sqlite")
    store.put([story_with(f"s{n}", f"Story {n} begins. ", "It ends.") for n in range(10)])
    return store


def test_every_passage_is_indexed_and_the_index_is_up_to_date(store: StoryStore) -> None:
    index = DictIndex()
    catch_up(store, index, HashingEncoder())
    assert ids_of(index) == {passage_id(f"s{n}", ordinal) for n in range(10) for ordinal in (0, 1)}
    assert index.change == store.change > 0


def test_what_is_up_to_date_is_left_alone(store: StoryStore) -> None:
    index, encoder = DictIndex(), CountingEncoder()
    catch_up(store, index, encoder)
    catch_up(store, index, encoder)
    assert encoder.encoded == 20


def test_updated_story_is_replaced(store: StoryStore) -> None:
    index = DictIndex()
    catch_up(store, index, HashingEncoder())
    store.put([story_with("s3", "One passage is left.")])
    catch_up(store, index, HashingEncoder())
    assert passage_id("s3", 0) in ids_of(index)
    assert passage_id("s3", 1) not in ids_of(index)
    assert len(index) == 19


def test_removed_story_is_forgotten(store: StoryStore) -> None:
    index = DictIndex()
    catch_up(store, index, HashingEncoder())
    store.remove("s3")
    catch_up(store, index, HashingEncoder())
    assert len(index) == 18


def test_story_added_and_removed_between_two_updates_is_not_found(store: StoryStore) -> None:
    encode_pending(store, HashingEncoder())
    store.remove("s3")
    index = DictIndex()
    apply_changes(store, index)
    assert len(index) == 18


def test_new_index_is_filled_without_encoding_again(store: StoryStore) -> None:
    encoder = CountingEncoder()
    catch_up(store, DictIndex(), encoder)
    index = DictIndex()
    catch_up(store, index, encoder)
    assert len(index) == encoder.encoded == 20


def test_another_encoder_encodes_everything_anew(store: StoryStore) -> None:
    encoder = CountingEncoder()
    catch_up(store, DictIndex(), encoder)
    encoder.name = "another"
    catch_up(store, DictIndex(), encoder)
    assert encoder.encoded == 40
    assert store.encoder == "another"


def test_interrupted_run_is_taken_up_where_it_stopped(
    store: StoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "STORIES_ENCODED", 3)
    with pytest.raises(KeyboardInterrupt):
        catch_up(store, DictIndex(), CountingEncoder(limit=13))
    assert store.pending_count() == 8
    index, encoder = DictIndex(), CountingEncoder()
    catch_up(store, index, encoder)
    assert encoder.encoded == 8
    assert len(index) == 20


def test_changes_are_committed_in_batches(
    store: StoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "CHANGES_APPLIED", 3)
    index = DictIndex()
    catch_up(store, index, HashingEncoder())
    assert len(index) == 20
    assert index.change == store.change


def test_progress_counts_passages(store: StoryStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "STORIES_ENCODED", 4)
    seen: list[tuple[int, int]] = []
    catch_up(store, DictIndex(), HashingEncoder(), lambda done, all_: seen.append((done, all_)))
    assert seen == [(8, 20), (16, 20), (20, 20)]


def test_progress_is_told_within_a_large_batch(
    store: StoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "TEXTS_ENCODED", 8)
    seen: list[tuple[int, int]] = []
    encode_pending(store, HashingEncoder(), lambda done, all_: seen.append((done, all_)))
    assert seen == [(8, 20), (16, 20), (20, 20)]


def test_progress_counts_the_changes_that_the_index_applied(
    store: StoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "CHANGES_APPLIED", 4)
    seen: list[tuple[int, int]] = []
    index = DictIndex()
    catch_up(
        store, index, HashingEncoder(), on_indexing=lambda done, all_: seen.append((done, all_))
    )
    assert seen == [(4, 10), (8, 10), (10, 10)]
    store.put([story_with("s10", "One more.")])
    catch_up(
        store, index, HashingEncoder(), on_indexing=lambda done, all_: seen.append((done, all_))
    )
    assert seen[3:] == [(1, 1)]


def test_passages_of_like_length_are_encoded_together_and_keep_their_vectors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "TEXTS_ENCODED", 6)
    store = StoryStore(tmp_path / "lengths.sqlite")
    store.put([story_with(f"s{n}", "Short. ", "Long " * 40 + f"{n}. ", "So so.") for n in range(6)])
    given: list[list[int]] = []

    class LengthsEncoder(HashingEncoder):
        def encode_passages(self, texts: Sequence[str]) -> Vectors:
            given.append([len(text) for text in texts])
            return super().encode_passages(texts)

    encode_pending(store, LengthsEncoder())
    assert [len(set(lengths)) for lengths in given] == [1, 1, 1]
    for story, passage, vector in store.entries([f"s{n}" for n in range(6)]):
        [alone] = HashingEncoder().encode_passages([passage_text(story, passage)])
        np.testing.assert_array_equal(vector, alone)


def test_index_ahead_of_its_store_is_built_anew(
    store: StoryStore, caplog: pytest.LogCaptureFixture
) -> None:
    index = DictIndex()
    index.commit(999)
    catch_up(store, index, HashingEncoder())
    assert len(index) == 20
    assert index.change == store.change
    assert "ahead of the store" in caplog.text


def test_following_applies_what_others_encoded_and_encodes_nothing(store: StoryStore) -> None:
    index = DictIndex()
    follow(store, index)
    assert len(index) == 0
    encode_pending(store, HashingEncoder())
    follow(store, index)
    assert len(index) == 20


def test_second_thread_returns_at_once(store: StoryStore) -> None:
    index = DictIndex()

    class AskingEncoder(HashingEncoder):
        def encode_passages(self, texts: Sequence[str]) -> Vectors:
            second = threading.Thread(target=catch_up, args=(store, DictIndex(), HashingEncoder()))
            second.start()
            second.join(timeout=30)
            assert not second.is_alive()
            return super().encode_passages(texts)

    catch_up(store, index, AskingEncoder())
    assert len(index) == 20
