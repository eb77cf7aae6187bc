"""Files, folders and patterns are read below the folder that was named."""

from pathlib import Path

import pytest

from corpus.errors import UnreadableSource
from corpus.files import files_at


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a.md", "b.txt", "city/c.md", "city/.hidden.md", ".git/d.md", "odd[1].md"):
        file = tmp_path / "news" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("x", "utf-8")
    return tmp_path / "news"


def sources(path: Path) -> list[str]:
    return [source for _, source in files_at(path)]


def test_a_folders_files_are_read_in_order_without_the_hidden_ones(folder: Path) -> None:
    assert sources(folder) == ["a.md", "b.txt", "city/c.md", "odd[1].md"]


def test_a_pattern_finds_files_below_the_folder_before_it(folder: Path) -> None:
    assert sources(folder / "*.md") == ["a.md", "odd[1].md"]
    assert sources(folder / "**" / "*.md") == ["a.md", "city/c.md", "odd[1].md"]
    assert sources(folder / "c?ty" / "*.md") == ["city/c.md"]


def test_a_file_whose_name_looks_like_a_pattern_is_itself(folder: Path) -> None:
    assert sources(folder / "odd[1].md") == ["odd[1].md"]


def test_a_pattern_in_the_working_folder_needs_no_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    assert sources(Path("*.txt")) == ["b.txt"]


@pytest.mark.parametrize("name", ["*.pdf", "nowhere", "a**b/***"])
def test_what_matches_nothing_is_refused_by_name(folder: Path, name: str) -> None:
    with pytest.raises(UnreadableSource):
        sources(folder / name)
