"""What a cache on disk says about itself is whole and its own, or is refused."""

from pathlib import Path

import pytest

from embeddings.errors import IndexDamaged, IndexMismatch
from embeddings.manifest import Manifest, read_manifest, sha256_of, verify, write_manifest

MANIFEST = Manifest(form="words 1", change=7, sha256={"a.idx": "0" * 64})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    write_manifest(tmp_path / "manifest", MANIFEST)
    return tmp_path / "manifest"


def test_what_was_written_is_read(path: Path) -> None:
    assert read_manifest(path, "words 1") == MANIFEST


def test_where_nothing_was_written_there_is_none(tmp_path: Path) -> None:
    assert read_manifest(tmp_path / "manifest", "words 1") is None


def test_a_cache_of_another_form_is_told_apart_from_a_damaged_one(path: Path) -> None:
    with pytest.raises(IndexMismatch, match="for words 1, not words 2"):
        read_manifest(path, "words 2")


def test_any_byte_that_changed_is_noticed(path: Path) -> None:
    whole = path.read_bytes()
    for at in range(len(whole) - 1):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises(IndexDamaged):
            read_manifest(path, "words 1")


@pytest.mark.parametrize("content", [b"", b"{}", b"no JSON\nno hash"])
def test_what_is_no_manifest_cannot_be_read(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(IndexDamaged, match="can't be read"):
        read_manifest(path, "words 1")


def test_a_folder_in_its_place_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(IndexDamaged, match="can't be read"):
        read_manifest(tmp_path, "words 1")


def test_a_file_is_what_its_hash_says_or_refused(path: Path) -> None:
    sha256 = sha256_of(path)
    verify(path, sha256)
    with pytest.raises(IndexDamaged, match="not as it was written"):
        verify(path, "0" * 64)
    path.unlink()
    with pytest.raises(IndexDamaged, match="can't be read"):
        verify(path, sha256)
