"""MilvusIndex beside a real store: who writes, who reads, what never mixes."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.store import StoryStore
from embeddings.build import catch_up, encode_pending, entries
from embeddings.errors import IndexRefused
from embeddings.index import Entry, Filters, Query
from tests.milvus import lite_installed, new_store

if not lite_installed():
    pytest.skip("needs the group `scale`", allow_module_level=True)

from pymilvus import MilvusClient

from embeddings import milvus_index
from embeddings.milvus_index import MilvusIndex, MilvusOptions
from embeddings.milvus_link import Engine
from embeddings.milvus_schema import MAX_TEXT_BYTES, collection_name, filter_of, words_of
from tests.scale.milvus_newsroom import ENCODER, ids_in, ids_of, open_index, put_stories

HOSTILE = [
    "Ada's Gazette",
    'The "Herald"',
    "back\\slash",
    'x" or passage_id > 0 or publisher == "',
    "'] or 1 == 1 or story in ['",
    "{template} %s $1 \n\x00",
    "新聞 \ud800",
]


def entry(number: int, *, story_id: str, publisher: str) -> Entry:
    [vector] = ENCODER.encode_passages([f"Story {number} of the town"])
    return Entry(
        passage_id=number, story_id=story_id, text="town", vector=vector, publisher=publisher
    )


def test_no_name_says_more_than_a_name(milvus_uri: str, tmp_path: Path) -> None:
    options = MilvusOptions(uri=milvus_uri, folder=tmp_path)
    index = MilvusIndex(options, store=new_store(), encoder=ENCODER)
    index.add([entry(n, story_id=name, publisher=name) for n, name in enumerate(HOSTILE)])
    index.commit(1)
    [vector] = ENCODER.encode_queries(["town"])
    for number, name in enumerate(HOSTILE):
        for filters in (Filters(publisher=name.upper()), Filters(story_ids=(name, "nobody's"))):
            found = index.search(Query(text="town", vector=vector, filters=filters), 10)
            assert [scored.passage_id for scored in found] == [number]
    index.drop()


@given(
    publisher=st.text(st.characters(exclude_categories=())),
    story_ids=st.lists(st.text(st.characters(exclude_categories=())), max_size=3),
)
def test_filters_hold_nothing_but_numbers(publisher: str, story_ids: list[str]) -> None:
    expression = filter_of(Filters(publisher=publisher, story_ids=tuple(story_ids)))
    for word in ("publisher", "story", "and", "in"):
        expression = expression.replace(word, "")
    assert set(expression) <= set("0123456789 ==[],")


@pytest.mark.parametrize(
    ("version", "words"),
    [
        ("v2.3.5", False),
        ("v2.4.17", False),
        ("v2.5.0", True),
        ("2.6.2-dev", True),
        ("v3.0.0", True),
        ("milvus_lite-3.2.2", True),
        ("milvus_lite-2.4.0", False),
        ("master-20260801", True),
    ],
)
def test_release_says_whether_it_searches_by_words(version: str, words: bool) -> None:
    assert Engine.of(version).words is words


def test_text_is_cut_where_milvus_takes_no_more() -> None:
    words = words_of("東京" + " wölfe" * 20_000)
    assert len(words.encode()) <= MAX_TEXT_BYTES
    assert words.startswith("東京 wolf wolf")


def test_collections_are_named_by_store_encoder_and_form() -> None:
    one = collection_name("dateline", store="a", encoder="sentence-transformers/x y")
    assert one.startswith("dateline_sentence_transformers_x_y_")
    assert one != collection_name("dateline", store="b", encoder="sentence-transformers/x y")
    assert one != collection_name("dateline", store="a", encoder="sentence-transformers/x-y")


def test_a_store_keeps_its_identity_and_no_other_has_it(tmp_path: Path) -> None:
    first, second = StoryStore(tmp_path / "a.sqlite"), StoryStore(tmp_path / "b.sqlite")
    assert first.identity == StoryStore(tmp_path / "a.sqlite").identity != second.identity


def test_older_state_never_replaces_a_newer_one(
    milvus_uri: str, store: StoryStore, tmp_path: Path
) -> None:
    put_stories(store, range(3))
    encode_pending(store, ENCODER)
    slow, quick = (open_index(milvus_uri, store, tmp_path) for _ in range(2))
    # What apply_changes does, held up between reading the store and committing.
    changes = store.changes_since(slow.change)
    slow.add(entries(store, changes))
    store.remove("s1")
    catch_up(store, quick, ENCODER)
    slow.commit(changes[-1].change)
    assert slow.change == store.change
    assert ids_in(slow) == ids_of(store)
    assert len(slow) == 2


def test_changes_after_a_gap_are_not_applied(
    milvus_uri: str, store: StoryStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(milvus_index, "FRESH_S", 0.0)
    put_stories(store, range(3))
    worker, command = (open_index(milvus_uri, store, tmp_path) for _ in range(2))
    catch_up(store, worker, ENCODER)
    put_stories(store, range(3, 5))
    encode_pending(store, ENCODER)
    changes = store.changes_since(worker.change)
    worker.add(entries(store, changes))
    command.clear()
    worker.commit(changes[-1].change)
    assert worker.change == 0
    catch_up(store, worker, ENCODER)
    assert ids_in(worker) == ids_of(store)


def test_index_built_anew_elsewhere_is_followed(
    milvus_uri: str, store: StoryStore, tmp_path: Path
) -> None:
    put_stories(store, range(5))
    worker, command = (open_index(milvus_uri, store, tmp_path) for _ in range(2))
    catch_up(store, worker, ENCODER)
    command.clear()
    catch_up(store, command, ENCODER)
    assert ids_in(worker) == ids_of(store)
    time.sleep(milvus_index.FRESH_S)
    assert worker.change == store.change


def test_reader_changes_nothing_on_the_server(
    milvus_uri: str, store: StoryStore, tmp_path: Path
) -> None:
    with pytest.raises(IndexRefused, match="dateline rebuild"):
        len(open_index(milvus_uri, store, tmp_path, writes=False))
    put_stories(store, range(4))
    catch_up(store, open_index(milvus_uri, store, tmp_path), ENCODER)
    reader = open_index(milvus_uri, store, tmp_path, writes=False)
    before = reader.change
    store.remove("s1")
    catch_up(store, reader, ENCODER)
    reader.clear()
    time.sleep(milvus_index.FRESH_S)
    assert (reader.change, len(reader)) == (before, 4)


@pytest.mark.parametrize("consistency", ["Strong", "Bounded"])
def test_searches_are_as_consistent_as_asked(
    milvus_uri: str,
    store: StoryStore,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    consistency: str,
) -> None:
    levels = []
    search = MilvusClient.search

    def heard(client: MilvusClient, *arguments: object, **named: object) -> object:
        levels.append(named["consistency_level"])
        return search(client, *arguments, **named)

    monkeypatch.setattr(MilvusClient, "search", heard)
    put_stories(store, range(2))
    index = open_index(milvus_uri, store, tmp_path, consistency=consistency)
    catch_up(store, index, ENCODER)
    assert ids_in(index) == ids_of(store)
    assert set(levels) == {consistency}


def test_stores_that_share_a_server_never_mix(milvus_uri: str, tmp_path: Path) -> None:
    for name, number in (("a", 1), ("b", 2)):
        (tmp_path / name).mkdir()
        store = StoryStore(tmp_path / name / "stories.sqlite")
        put_stories(store, [number])
        index = open_index(milvus_uri, store, tmp_path / name)
        catch_up(store, index, ENCODER)
        assert ids_in(index) == ids_of(store)
        assert len(index) == 1
