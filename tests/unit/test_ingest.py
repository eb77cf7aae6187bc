"""Files go in; bad ones are reported and stop nothing."""

from pathlib import Path

import pytest

from corpus.errors import UnreadableSource
from corpus.ingest import ingest
from corpus.store import StoryStore

PAGE = """---
title: Ada Quinn sworn in
date: 2024-05-07
url: /news/mayor
---
SPRINGFIELD — Ada Quinn was sworn in as mayor of Springfield on Tuesday, city officials said.
"""


@pytest.fixture
def store(tmp_path: Path) -> StoryStore:
    return StoryStore(tmp_path / "stories.sqlite")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    (folder / "city").mkdir(parents=True)
    (folder / "city" / "mayor.md").write_text(PAGE, "utf-8")
    return folder


def test_a_story_keeps_the_path_below_the_folder_it_was_read_from(
    store: StoryStore, folder: Path
) -> None:
    report = ingest(store, [folder])

    assert (report.added, report.refused) == (1, ())
    [story] = store.stories_page(10)
    assert story.source == "city/mayor.md"
    assert story.title == "Ada Quinn sworn in"


def test_a_single_file_keeps_its_name(store: StoryStore, folder: Path) -> None:
    ingest(store, [folder / "city" / "mayor.md"])

    assert store.stories_page(10)[0].source == "mayor.md"


def test_reading_a_folder_twice_adds_nothing(store: StoryStore, folder: Path) -> None:
    ingest(store, [folder])

    report = ingest(store, [folder])

    assert (report.added, report.updated, report.unchanged) == (0, 0, 1)
    assert store.count() == 1


def test_a_changed_file_updates_its_story(store: StoryStore, folder: Path) -> None:
    ingest(store, [folder])
    (folder / "city" / "mayor.md").write_text(PAGE.replace("Tuesday", "Wednesday"), "utf-8")

    report = ingest(store, [folder])

    assert (report.added, report.updated) == (0, 1)
    assert "Wednesday" in store.stories_page(10)[0].body


def test_bad_files_are_reported_and_the_good_ones_read(store: StoryStore, folder: Path) -> None:
    (folder / "noise.bin").write_bytes(bytes(range(256)) * 10)
    (folder / "empty.html").write_bytes(b"")

    report = ingest(store, [folder])

    assert report.added == 1
    assert sorted(refusal.source for refusal in report.refused) == ["empty.html", "noise.bin"]
    assert all(refusal.reason for refusal in report.refused)


def test_hidden_files_and_links_out_of_the_folder_are_passed_over(
    store: StoryStore, folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "secret.md").write_text(PAGE.replace("Quinn", "Secret"), "utf-8")
    (folder / "link.md").symlink_to(tmp_path / "secret.md")
    (folder / ".hidden.md").write_text(PAGE.replace("Quinn", "Hidden"), "utf-8")

    report = ingest(store, [folder])

    assert (report.added, report.refused) == (1, ())


def test_a_path_that_does_not_exist_is_named_before_anything_is_read(
    store: StoryStore, folder: Path
) -> None:
    with pytest.raises(UnreadableSource, match="nowhere does not exist"):
        ingest(store, [folder, folder / "nowhere"])

    assert store.count() == 0


def test_progress_counts_files(store: StoryStore, folder: Path) -> None:
    seen: list[tuple[int, int]] = []

    ingest(store, [folder], on_progress=lambda done, total: seen.append((done, total)))

    assert seen == [(1, 1)]


def test_a_publisher_is_given_to_stories_whose_pages_name_none(
    store: StoryStore, folder: Path
) -> None:
    (folder / "named.md").write_text(
        PAGE.replace("url: /news/mayor", "url: /news/park\npublisher: Ogdenville News"), "utf-8"
    )

    ingest(store, [folder], publisher="Springfield Post")

    assert store.publishers() == ["Ogdenville News", "Springfield Post"]
