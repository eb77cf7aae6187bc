"""The form of the index for many passages: what it finds, and how its files are switched."""

import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from embeddings import vector_cache, vector_files, vector_scan
from embeddings.durable import MERGING, empty, writing
from embeddings.index import EVERY_STORY, Entry, Filters
from embeddings.vector_cache import VectorCache
from embeddings.vector_scan import VectorScan

DIM = 64
SIZE = 3000
Vectors = NDArray[np.float32]


@pytest.fixture(autouse=True)
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vector_files, "MANY", 1000)
    monkeypatch.setattr(vector_files, "CHUNK", 700)
    monkeypatch.setattr(vector_scan, "FEW", 100)


def unit(vectors: Vectors) -> Vectors:
    normed: Vectors = vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
    return normed


@pytest.fixture(scope="module")
def vectors() -> Vectors:
    """Return vectors in 40 clusters, as those of stories are."""
    drawn = np.random.default_rng(1)
    centres = drawn.standard_normal((40, DIM), np.float32)
    around = drawn.standard_normal((SIZE, DIM), np.float32)
    return unit(centres[drawn.integers(40, size=SIZE)] + 0.7 * around)


def entries_of(vectors: Vectors, passage_ids: Sequence[int]) -> list[Entry]:
    return [
        Entry(
            passage_id=passage_id,
            story_id=f"s{passage_id % 100}",
            text="",
            vector=vectors[passage_id],
            publisher=f"publisher {passage_id % 5}",
        )
        for passage_id in passage_ids
    ]


def opened(folder: Path) -> VectorCache:
    return VectorCache.open(folder, "random", DIM)


@pytest.fixture
def cache(tmp_path: Path, vectors: Vectors) -> VectorCache:
    """Return a cache of all passages, in its files."""
    cache = opened(tmp_path)
    cache.apply(1, [], entries_of(vectors, range(SIZE)))
    cache.merge()
    return cache


def recall(
    cache: VectorCache, vectors: Vectors, allowed: NDArray[np.int64], asked: Filters
) -> float:
    """Return the share of the 20 nearest of *allowed* that searches find, over 50 questions."""
    drawn = np.random.default_rng(2)
    questions = unit(vectors[:50] + 0.1 * drawn.standard_normal((50, DIM), np.float32))
    shares = []
    for question in questions:
        exact = allowed[np.argsort(-vectors[allowed] @ question)[:20]]
        shares.append(np.isin(cache.search(question, 20, asked), exact).sum() / len(exact))
    return float(np.mean(shares))


@pytest.mark.parametrize(
    ("asked", "step", "first"),
    [
        (EVERY_STORY, 1, 0),
        (Filters(publisher="Publisher 3"), 5, 3),
        (Filters(story_ids=("s7",)), 100, 7),
    ],
)
def test_nearly_all_are_found_that_an_exact_search_finds(
    cache: VectorCache, vectors: Vectors, asked: Filters, step: int, first: int
) -> None:
    assert isinstance(cache._live.base, VectorScan)
    assert recall(cache, vectors, np.arange(first, SIZE, step), asked) >= 0.98


def test_same_is_found_whether_passages_are_in_the_files_or_came_since(
    cache: VectorCache, vectors: Vectors, tmp_path: Path
) -> None:
    (tmp_path / "grown").mkdir()
    grown = opened(tmp_path / "grown")
    grown.apply(1, [], entries_of(vectors, range(2800)))
    grown.merge()
    grown.apply(2, [], entries_of(vectors, range(2700, SIZE)))
    for question in vectors[::100]:
        assert grown.search(question, 20, EVERY_STORY) == cache.search(question, 20, EVERY_STORY)


def test_files_are_the_same_whatever_the_way_to_the_same_passages(
    cache: VectorCache, vectors: Vectors, tmp_path: Path
) -> None:
    (tmp_path / "updated").mkdir()
    updated = opened(tmp_path / "updated")
    updated.apply(1, [], entries_of(vectors[::-1], range(2000)))
    updated.merge()
    updated.apply(2, range(100), entries_of(vectors, range(1000, SIZE)))
    updated.merge()
    updated.apply(3, [], entries_of(vectors, range(1000)))
    updated.merge()
    for kind in ("vectors-{}.faiss", "rows-{}.npy", "codes-{}.npy"):
        written = (tmp_path / "updated" / kind.format(3)).read_bytes()
        assert written == (tmp_path / kind.format(1)).read_bytes()


def test_reopened_maps_its_files_and_finds_the_same(
    cache: VectorCache, vectors: Vectors, tmp_path: Path
) -> None:
    reopened = opened(tmp_path)
    assert (len(reopened), reopened.change) == (SIZE, 1)
    assert isinstance(reopened._live.base, VectorScan)
    assert isinstance(reopened._live.base.codes, np.memmap)
    assert isinstance(reopened._live.base.rows, np.memmap)
    for question in vectors[::100]:
        found = reopened.search(question, 20, EVERY_STORY)
        assert found == cache.search(question, 20, EVERY_STORY)


def test_searches_and_changes_go_on_while_files_are_written(
    cache: VectorCache, vectors: Vectors, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vector_cache, "AT_ONCE", 0)
    monkeypatch.setattr(vector_cache, "MIN_TAIL", 5)
    monkeypatch.setattr(vector_cache, "MAX_TAIL", 5)
    writes, may_end = threading.Event(), threading.Event()
    write_base = vector_files.write_base

    def held_up(*args: object) -> dict[str, str]:
        sha256 = write_base(*args)  # type: ignore[arg-type]
        writes.set()
        assert may_end.wait(60)
        return sha256

    monkeypatch.setattr(vector_cache, "write_base", held_up)
    cache.apply(2, range(10), entries_of(vectors, []))
    cache.merge_if_due()
    assert writes.wait(60)
    cache.apply(3, range(10, 20), entries_of(vectors, [3]))
    cache.merge_if_due()
    left = {3, *range(20, SIZE)}

    def found() -> set[int]:
        return {
            passage_id
            for question in vectors[:30]
            for passage_id in cache.search(question, 50, EVERY_STORY)
        }

    meanwhile = found()
    assert 3 in meanwhile
    assert meanwhile <= left
    may_end.set()
    assert cache._merging
    cache._merging.join(60)
    assert (cache._live.base_change, cache.change, len(cache)) == (2, 3, len(left))
    assert found() == meanwhile
    assert opened(tmp_path).change == 2
    assert len(list(tmp_path.glob("codes-*"))) == 1


@pytest.mark.parametrize(("removed", "lacking"), [(30, 30), (31, 0)])
def test_settled_files_lack_little_and_opening_catches_up_with_little(
    cache: VectorCache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, removed: int, lacking: int
) -> None:
    monkeypatch.setattr(vector_cache, "MIN_TAIL", 5)
    monkeypatch.setattr(vector_cache, "LEFT_SHARE", 30 / (SIZE - removed))
    cache.apply(2, range(removed), [])
    cache.settle()
    reopened = opened(tmp_path)
    assert len(reopened) == SIZE - removed + lacking
    assert reopened.change == (1 if lacking else 2)


def test_cleared_while_files_are_written_stays_empty(
    cache: VectorCache, vectors: Vectors, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cleared_meanwhile(*args: object) -> dict[str, str]:
        sha256 = vector_files.write_base(*args)  # type: ignore[arg-type]
        cache.clear()
        cache.apply(1, [], entries_of(vectors, [5]))
        return sha256

    monkeypatch.setattr(vector_cache, "write_base", cleared_meanwhile)
    cache.apply(2, [], entries_of(vectors, [1]))
    cache.merge()
    assert (len(cache), cache.change) == (1, 1)
    assert opened(tmp_path).change == 0


def test_files_that_another_process_deletes_as_they_are_written_are_no_fault(
    cache: VectorCache, vectors: Vectors, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def made_anew_meanwhile(*args: object) -> dict[str, str]:
        sha256 = vector_files.write_base(*args)  # type: ignore[arg-type]
        with writing(tmp_path, patience_s=0):
            empty(tmp_path)
        return sha256

    monkeypatch.setattr(vector_cache, "write_base", made_anew_meanwhile)
    cache.apply(2, [], entries_of(vectors, [1]))
    cache.merge()
    assert cache.search(vectors[1], 1, EVERY_STORY) == [1]
    assert opened(tmp_path).change == 0


def test_files_of_another_process_are_taken_instead_of_written_again(
    cache: VectorCache, vectors: Vectors, tmp_path: Path
) -> None:
    other = opened(tmp_path)
    for each in (cache, other):
        each.apply(2, range(1000), entries_of(vectors, [7]))
    other.merge()
    cache.apply(3, [2000], [])
    written = {path: path.stat().st_mtime_ns for path in tmp_path.glob("codes-*")}
    cache.merge()
    assert {path: path.stat().st_mtime_ns for path in tmp_path.glob("codes-*")} == written
    assert (cache._live.base_change, cache.change) == (2, 3)
    assert len(cache) == SIZE - 1000
    assert cache.search(vectors[7], 1, EVERY_STORY) == [7]
    assert 2000 not in cache.search(vectors[2000], 50, EVERY_STORY)


def test_one_process_at_a_time_writes_files(cache: VectorCache, tmp_path: Path) -> None:
    cache.apply(2, [5], [])
    with writing(tmp_path, patience_s=0, lock=MERGING):
        cache.merge()
    assert opened(tmp_path).change == 1
    cache.merge()
    assert opened(tmp_path).change == 2


def test_disk_that_fails_leaves_the_old_files_and_is_told(
    cache: VectorCache,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def full(*_: object) -> dict[str, str]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(vector_cache, "write_base", full)
    monkeypatch.setattr(vector_cache, "AT_ONCE", 0)
    monkeypatch.setattr(vector_cache, "MIN_TAIL", 0)
    monkeypatch.setattr(vector_cache, "TAIL_SHARE", 0)
    cache.apply(2, [5], [])
    cache.merge_if_due()
    assert cache._merging
    cache._merging.join(60)
    assert "No space left on device" in caplog.text
    assert (len(cache), cache.change) == (SIZE - 1, 2)
    assert (len(opened(tmp_path)), opened(tmp_path).change) == (SIZE, 1)
