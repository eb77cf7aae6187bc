"""EmbeddedIndex beside a real store: durable, repaired from the store, shared by processes."""

import json
import logging
import multiprocessing
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from corpus.store import StoryStore
from corpus.story import Passage, Story, passage_id
from embeddings import build, vector_cache, vector_files
from embeddings.build import apply_changes, catch_up, encode_pending, follow
from embeddings.durable import writing
from embeddings.embedded_index import EmbeddedIndex
from embeddings.errors import IndexUnwritable
from embeddings.index import Query, ScoredId
from tests.fakes import HashingEncoder

ENCODER = HashingEncoder()
WORDS = [
    "flood",
    "mayor",
    "game",
    "storm",
    "budget",
    "bridge",
    "airport",
    "school",
    "river",
    "bank",
]


def put_stories(store: StoryStore, numbers: range) -> None:
    for n in numbers:
        text = f"The {WORDS[n % 10]} made news on day {n}."
        story = Story(story_id=f"s{n}", source=f"s{n}", title="News", body=text)
        passage = Passage(
            passage_id=passage_id(f"s{n}", 0),
            story_id=f"s{n}",
            ordinal=0,
            start=0,
            end=len(text),
            text=text,
        )
        store.put([(story, [passage])])


def open_index(folder: Path, encoder: str = ENCODER.name) -> EmbeddedIndex:
    return EmbeddedIndex.open(folder / "index", encoder=encoder, dim=ENCODER.dim)


def ask(index: EmbeddedIndex, text: str, k: int = 100) -> list[ScoredId]:
    [vector] = ENCODER.encode_queries([text])
    return index.search(Query(text=text, vector=vector), k)


def complete(index: EmbeddedIndex, store: StoryStore) -> bool:
    """Say whether both of the index's searches find exactly what the store has."""
    scored = ask(index, "news")
    both = {s.passage_id for s in scored if s.dense_rank and s.word_rank}
    every = {passage_id(story.story_id, 0) for story in store.stories_page(1000)}
    return both == {s.passage_id for s in scored} == every and len(index) == len(every)


@pytest.fixture
def store(tmp_path: Path) -> StoryStore:
    store = StoryStore(tmp_path / "stories.sqlite")
    put_stories(store, range(30))
    return store


@pytest.fixture
def folder(tmp_path: Path, store: StoryStore, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where an index of 30 stories in its files, and 10 more in its tail, was closed."""
    monkeypatch.setattr(vector_cache, "MIN_TAIL", 15)
    # The form for many passages is the one with the most files.
    monkeypatch.setattr(vector_files, "MANY", 30)
    catch_up(store, open_index(tmp_path), ENCODER)
    put_stories(store, range(30, 40))
    catch_up(store, open_index(tmp_path), ENCODER)
    return tmp_path


def test_reopened_index_knows_what_its_files_hold_and_takes_the_rest_from_the_store(
    folder: Path, store: StoryStore
) -> None:
    index = open_index(folder)
    assert len(index) == 30
    assert index.change == store.change - 10
    catch_up(store, index, ENCODER)
    assert complete(index, store)
    assert index.change == store.change


def test_index_closed_before_its_first_commit_opens_quietly(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    open_index(tmp_path)
    assert open_index(tmp_path).change == 0
    assert not caplog.records


def test_few_changes_do_not_rewrite_the_vector_files(folder: Path, store: StoryStore) -> None:
    before = {path: path.stat().st_mtime_ns for path in (folder / "index").glob("vectors*")}
    store.remove("s5")
    catch_up(store, open_index(folder), ENCODER)
    assert before == {p: p.stat().st_mtime_ns for p in (folder / "index").glob("vectors*")}


def test_many_changes_rewrite_the_vector_files_without_what_was_removed(
    folder: Path, store: StoryStore
) -> None:
    for n in range(15):
        store.remove(f"s{n}")
    catch_up(store, open_index(folder), ENCODER)
    index = open_index(folder)
    assert index.change == store.change
    assert complete(index, store)
    assert len(list((folder / "index").glob("vectors-*"))) == 1
    assert len(list((folder / "index").glob("rows-*"))) == 1


def test_emptied_index_is_written_and_read(folder: Path, store: StoryStore) -> None:
    for n in range(40):
        store.remove(f"s{n}")
    catch_up(store, open_index(folder), ENCODER)
    index = open_index(folder)
    assert len(index) == 0
    assert ask(index, "news") == []


def test_vectors_survive_the_files_nearly_unchanged(folder: Path, store: StoryStore) -> None:
    index = open_index(folder)
    catch_up(store, index, ENCODER)
    for n in range(40):
        assert ask(index, f"The {WORDS[n % 10]} made news on day {n}.")[0].passage_id == (
            passage_id(f"s{n}", 0)
        )


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def garble(path: Path) -> None:
    path.write_bytes(b"\x80not JSON")


FILES = [
    "vectors.json",
    "words.json",
    "vectors-*.faiss",
    "rows-*.npy",
    "words/meta.json",
    "words/*.idx",
    "words/*.term",
    "words/*.fast",
]


@pytest.mark.parametrize("harm", [truncate, flip, empty, garble, Path.unlink])
@pytest.mark.parametrize("pattern", [*FILES, "codes-*.npy"])
def test_damage_is_seen_told_once_and_repaired_from_the_store(
    folder: Path,
    store: StoryStore,
    pattern: str,
    harm: Callable[[Path], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    harm(next((folder / "index").glob(pattern)))
    with caplog.at_level(logging.WARNING):
        index = open_index(folder)
    catch_up(store, index, ENCODER)
    assert complete(index, store)
    if (pattern, harm) != ("vectors.json", Path.unlink):
        assert len(caplog.records) == 1
        assert "built anew" in caplog.text


def test_missing_words_are_repaired_from_the_store(folder: Path, store: StoryStore) -> None:
    words = folder / "index" / "words"
    words.rename(folder / "gone")
    index = open_index(folder)
    catch_up(store, index, ENCODER)
    assert complete(index, store)


def test_deleted_folder_is_built_anew(folder: Path, store: StoryStore) -> None:
    (folder / "index").rename(folder / "gone")
    index = open_index(folder)
    assert index.change == 0
    catch_up(store, index, ENCODER)
    assert complete(index, store)


def test_index_of_another_encoder_is_built_anew(
    folder: Path, store: StoryStore, caplog: pytest.LogCaptureFixture
) -> None:
    index = open_index(folder, encoder="another")
    assert (len(index), index.change) == (0, 0)
    assert "another" in caplog.text
    apply_changes(store, index)
    assert complete(index, store)


def test_crash_between_the_words_and_their_manifest_is_repaired(
    folder: Path, store: StoryStore
) -> None:
    manifest = (folder / "index" / "words.json").read_bytes()
    store.remove("s5")
    put_stories(store, range(40, 45))
    catch_up(store, open_index(folder), ENCODER)
    (folder / "index" / "words.json").write_bytes(manifest)
    index = open_index(folder)
    catch_up(store, index, ENCODER)
    assert complete(index, store)


def test_what_a_writer_left_that_was_killed_before_its_commit_is_swept(
    folder: Path, store: StoryStore
) -> None:
    words = folder / "index" / "words"
    store.remove("s5")
    before = {path: path.read_bytes() for path in words.iterdir()}
    manifest = (folder / "index" / "words.json").read_bytes()
    catch_up(store, open_index(folder), ENCODER)
    # Back to before the commit, but for the file that deletes the passage.
    for path in words.iterdir():
        if path not in before and path.suffix != ".del":
            path.unlink()
    for path, content in before.items():
        path.write_bytes(content)
    (folder / "index" / "words.json").write_bytes(manifest)
    assert list(words.glob("*.del"))
    index = open_index(folder)
    assert not list(words.glob("*.del"))
    catch_up(store, index, ENCODER)
    assert complete(index, store)


def test_list_of_tantivys_files_is_mended(folder: Path, store: StoryStore) -> None:
    managed = folder / "index" / "words" / ".managed.json"
    content = managed.read_bytes()
    managed.write_bytes(b"[1]")
    catch_up(store, open_index(folder), ENCODER)
    assert sorted(json.loads(managed.read_bytes())) == sorted(json.loads(content))


def test_index_that_another_process_builds_anew_misses_nothing(
    folder: Path, store: StoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = open_index(folder)
    catch_up(store, server, ENCODER)
    EmbeddedIndex.delete(folder / "index")
    monkeypatch.setattr(build, "CHANGES_APPLIED", 5)
    command = open_index(folder)
    commits = 0
    commit = command.commit

    def commit_while_the_server_follows(change: int) -> None:
        nonlocal commits
        commit(change)
        commits += 1
        put_stories(store, range(100 + commits, 101 + commits) if commits < 4 else range(0))
        encode_pending(store, ENCODER)
        apply_changes(store, server)

    monkeypatch.setattr(command, "commit", commit_while_the_server_follows)
    catch_up(store, command, ENCODER)
    assert commits > 2
    assert complete(server, store)
    assert complete(command, store)
    reopened = open_index(folder)
    catch_up(store, reopened, ENCODER)
    assert complete(reopened, store)


def test_index_that_cannot_be_written_says_so_and_goes_on_when_it_can(
    folder: Path, store: StoryStore, caplog: pytest.LogCaptureFixture
) -> None:
    index = open_index(folder)
    catch_up(store, index, ENCODER)
    put_stories(store, range(40, 45))
    encode_pending(store, ENCODER)
    lock = folder / "index" / "lock"
    lock.unlink()
    lock.mkdir()
    with pytest.raises(IndexUnwritable, match="the stories are stored"):
        apply_changes(store, index)
    follow(store, index)
    assert "can't be written" in caplog.text
    assert passage_id("s44", 0) in {s.passage_id for s in ask(index, "bank")}
    lock.rmdir()
    catch_up(store, index, ENCODER)
    assert complete(index, store)


def test_file_left_half_written_by_a_crash_is_ignored(folder: Path, store: StoryStore) -> None:
    (folder / "index" / "vectors.json.partial").write_bytes(b"{")
    (folder / "index" / "vectors-999.faiss.partial").write_bytes(b"half")
    index = open_index(folder)
    catch_up(store, index, ENCODER)
    assert complete(index, store)


def test_open_index_follows_what_another_one_wrote(folder: Path, store: StoryStore) -> None:
    server, command = open_index(folder), open_index(folder)
    catch_up(store, server, ENCODER)
    put_stories(store, range(40, 60))
    store.remove("s1")
    catch_up(store, command, ENCODER)
    assert server.change < store.change
    catch_up(store, server, ENCODER)
    assert complete(server, store)
    assert complete(command, store)


def test_index_that_may_not_write_finds_by_meaning_now_and_by_words_later(
    folder: Path, store: StoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("embeddings.embedded_index.PATIENCE_S", 0.05)
    index = open_index(folder)
    put_stories(store, range(40, 45))
    with writing(folder / "index", patience_s=0) as held:
        assert held
        catch_up(store, index, ENCODER)
        assert len(index) == 45
        assert index.change < store.change
        assert passage_id("s44", 0) in {s.passage_id for s in ask(index, "bank")}
    catch_up(store, index, ENCODER)
    assert index.change == store.change
    assert complete(index, store)


def _add_and_index(folder: Path, numbers: range) -> None:
    store = StoryStore(folder / "stories.sqlite")
    index = open_index(folder)
    for n in numbers:
        put_stories(store, range(n, n + 1))
        catch_up(store, index, ENCODER)
    store.close()


def test_two_processes_that_add_at_once_lose_nothing(folder: Path, store: StoryStore) -> None:
    spawn = multiprocessing.get_context("spawn")
    others = [
        spawn.Process(target=_add_and_index, args=(folder, numbers))
        for numbers in (range(100, 115), range(200, 215))
    ]
    for other in others:
        other.start()
    for other in others:
        other.join(timeout=120)
    assert [other.exitcode for other in others] == [0, 0]
    index = open_index(folder)
    catch_up(store, index, ENCODER)
    assert store.count() == 70
    assert complete(index, store)


def test_no_file_is_a_pickle(folder: Path) -> None:
    for path in (folder / "index").glob("rows-*"):
        assert np.load(path, allow_pickle=False).dtype.hasobject is False
