"""Folders are followed: what is new, changed, half written, moved and gone."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.errors import FetchFailed, FetchPutOff, StoreDamaged
from corpus.folder_source import SETTLED_S, FolderSource
from corpus.origins import Origins
from corpus.store import StoryStore
from corpus.visits import Follower, Source, Visit
from corpus.watch import LONGEST_BACK_OFF_S, Round, Watch


def page(title: str, fact: str = "on Tuesday", name: str = "") -> str:
    return (
        f"---\ntitle: {title}\nurl: /news/{name or title}\n---\nThe council met {fact}, it said.\n"
    )


class Folder:
    """A folder that is watched, its store, and what is known of it."""

    def __init__(self, root: Path) -> None:
        self.path = root / "inbox"
        self.path.mkdir()
        self.store = StoryStore(root / "stories.sqlite")
        self.origins = Origins(root / "origins.sqlite")

    def write(self, name: str, text: str, age_s: float = 60) -> Path:
        file = self.path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, "utf-8")
        self.age(file, age_s)
        return file

    def age(self, file: Path, age_s: float) -> None:
        moment = time.time() - age_s
        os.utime(file, (moment, moment))

    def watch(self, *, delete_missing: bool = False) -> Watch:
        """Return a watch as a new process would make it."""

        def follower() -> Follower:
            return Follower(self.store, self.origins, delete_missing=delete_missing)

        return Watch([FolderSource(self.path, self.origins)], follower, every_s=1)

    def round(self, *, delete_missing: bool = False) -> Round:
        return self.watch(delete_missing=delete_missing).round()

    @property
    def titles(self) -> set[str]:
        return {story.title for story in self.store.stories_page(100)}


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[Folder]:
    folder = Folder(tmp_path)
    yield folder
    folder.origins.close()
    folder.store.close()


def test_new_files_are_added_and_old_ones_passed_over(
    inbox: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox.write("city/a.md", page("A"))
    found = inbox.round()
    assert (found.stories.added, found.changed) == (1, True)
    assert inbox.store.stories_page(1)[0].source == "city/a.md"

    inbox.write("b.md", page("B"))
    read = []
    monkeypatch.setattr(
        "corpus.folder_source.read_file",
        lambda file, source: read.append(source) or iter(()),  # type: ignore[func-returns-value]
    )
    inbox.round()
    assert read == ["b.md"]


def test_a_file_that_was_only_touched_costs_a_hash(inbox: Folder) -> None:
    file = inbox.write("a.md", page("A"))
    inbox.round()
    inbox.age(file, 30)
    found = inbox.round()
    assert (found.stories.unchanged, found.changed) == (1, False)
    assert inbox.round().stories.unchanged == 0


def test_a_changed_file_becomes_a_revision(inbox: Folder) -> None:
    inbox.write("a.md", page("A"))
    inbox.round()
    [before] = inbox.store.stories_page(1)
    inbox.write("a.md", page("A", "on Wednesday"), age_s=50)
    assert inbox.round().stories.updated == 1
    assert "Wednesday" in inbox.store.story(before.story_id).body
    assert inbox.store.revision(before.story_id, before.sha256) == before


def test_a_file_that_may_still_be_being_written_is_left_for_later(inbox: Folder) -> None:
    file = inbox.write("a.md", page("A")[:40], age_s=SETTLED_S / 2)
    found = inbox.round()
    assert (found.waiting, found.stories.added, found.stories.refused) == (1, 0, ())
    file.write_text(page("A"), "utf-8")
    inbox.age(file, SETTLED_S + 1)
    found = inbox.round()
    assert (found.waiting, found.stories.added) == (0, 1)


def test_a_vanished_file_is_told_once_and_its_story_stays(inbox: Folder) -> None:
    inbox.write("a.md", page("A"))
    inbox.write("b.md", page("B"))
    inbox.round()
    (inbox.path / "a.md").unlink()
    found = inbox.round()
    [missing] = found.missing
    assert (missing.place, missing.stories) == (str(inbox.path / "a.md"), 1)
    assert found.removed == 0
    assert inbox.titles == {"A", "B"}
    assert inbox.round().missing == ()


def test_a_vanished_file_is_removed_where_that_is_wanted_even_if_it_was_told_before(
    inbox: Folder,
) -> None:
    for name in "abc":
        inbox.write(f"{name}.md", page(name))
    inbox.round()
    (inbox.path / "a.md").unlink()
    inbox.round()
    (inbox.path / "b.md").unlink()
    found = inbox.round(delete_missing=True)
    assert (found.removed, len(found.missing), found.changed) == (2, 2, True)
    assert inbox.titles == {"c"}
    assert inbox.round(delete_missing=True).removed == 0


def test_a_moved_file_keeps_its_story(inbox: Folder) -> None:
    file = inbox.write("a.md", page("A"))
    inbox.write("b.md", page("B"))
    inbox.round()
    file.rename(inbox.path / "moved.md")
    found = inbox.round(delete_missing=True)
    assert found.removed == 0
    assert inbox.titles == {"A", "B"}


def test_a_file_that_comes_back_is_there_again(inbox: Folder) -> None:
    inbox.write("b.md", page("B"))
    file = inbox.write("a.md", page("A"))
    inbox.round()
    away = file.rename(file.with_name(".a"))
    inbox.round()
    away.rename(file)
    inbox.round()
    assert inbox.round(delete_missing=True).removed == 0
    assert inbox.titles == {"A", "B"}


def test_a_story_that_is_no_longer_in_its_file_is_gone_too(inbox: Folder) -> None:
    rows = [
        f'{{"title": "T{n}", "id": "{n}", "body": "The council met on day {n} it said."}}'
        for n in range(3)
    ]
    inbox.write("a.jsonl", "\n".join(rows))
    inbox.round()
    inbox.write("a.jsonl", "\n".join(rows[1:]), age_s=50)
    found = inbox.round(delete_missing=True)
    assert found.removed == 1
    assert inbox.titles == {"T1", "T2"}


def test_a_file_that_was_spoiled_removes_nothing(inbox: Folder) -> None:
    inbox.write("a.md", page("A"))
    inbox.round()
    inbox.write("a.md", "\x00\x01" * 100, age_s=50)
    found = inbox.round(delete_missing=True)
    assert (len(found.stories.refused), found.removed) == (1, 0)
    assert inbox.titles == {"A"}
    assert inbox.round().stories.refused == ()


@pytest.mark.parametrize("gone", ["files", "folder"])
def test_a_folder_that_is_empty_or_not_there_is_an_error_and_removes_nothing(
    inbox: Folder, gone: str
) -> None:
    file = inbox.write("a.md", page("A"))
    inbox.round()
    file.unlink()
    if gone == "folder":
        inbox.path.rmdir()
    found = inbox.round(delete_missing=True)
    assert list(found.failed) == [str(inbox.path)]
    assert found.removed == 0
    assert inbox.titles == {"A"}


def test_links_out_of_the_folder_are_not_followed(inbox: Folder, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text(page("Secret"), "utf-8")
    (inbox.path / "link.md").symlink_to(tmp_path / "secret.md")
    inbox.write("a.md", page("A"))
    inbox.round()
    assert inbox.titles == {"A"}


# Rounds


class Scripted:
    """A source that does what a test says, and counts how often it was read."""

    def __init__(self, name: str, error: Exception | None = None) -> None:
        self.name = name
        self.error = error
        self.read = 0

    def visits(self) -> Iterator[Visit]:
        self.read += 1
        if self.error:
            raise self.error
        yield from ()


class Clock:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr("corpus.watch.time.monotonic", lambda: self.now)


def watch_of(inbox: Folder, *sources: Source, every_s: float = 60) -> Watch:
    return Watch(sources, lambda: Follower(inbox.store, inbox.origins), every_s=every_s)


def test_a_source_that_fails_stops_no_other_and_is_tried_less_and_less(
    inbox: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(monkeypatch)
    bad, good = Scripted("bad", FetchFailed("no answer")), Scripted("good")
    watch = watch_of(inbox, bad, good)
    found = watch.round()
    assert found.failed == {"bad": "no answer"}
    assert (bad.read, good.read) == (1, 1)
    assert watch.due_in() == 60
    clock.now += 60
    assert watch.round().resting == 1
    assert (bad.read, good.read) == (1, 2)
    for reads, wait_s in ((2, 60), (3, 240), (4, 480)):
        clock.now += wait_s
        watch.round()
        assert bad.read == reads
    for _ in range(60):
        clock.now += LONGEST_BACK_OFF_S
        watch.round()
    assert bad.read == 64
    bad.error = None
    clock.now += LONGEST_BACK_OFF_S
    assert watch.round().failed == {}
    clock.now += 60
    watch.round()
    assert bad.read == 66


def test_a_server_that_asks_for_patience_gets_it(
    inbox: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(monkeypatch)
    busy = Scripted("busy", FetchPutOff("https://courier.example/", 7200))
    watch = watch_of(inbox, busy)
    watch.round()
    clock.now += 7199
    watch.round()
    assert busy.read == 1
    clock.now += 1
    watch.round()
    assert busy.read == 2


def test_a_damaged_store_is_no_fault_of_a_source(inbox: Folder) -> None:
    watch = watch_of(inbox, Scripted("a", StoreDamaged("the store is damaged")))
    with pytest.raises(StoreDamaged):
        watch.round()


def test_a_watch_stops_between_stories_and_goes_on_where_it_was(inbox: Folder) -> None:
    for name in "abcd":
        inbox.write(f"{name}.md", page(name))
    asked = iter([False, False, False, False, False])
    watch = Watch(
        [FolderSource(inbox.path, inbox.origins)],
        lambda: Follower(inbox.store, inbox.origins),
        every_s=60,
        stopping=lambda: next(asked, True),
    )
    found = watch.round()
    assert found.stopped
    assert 0 < found.stories.added < 4
    assert found.stories.added == inbox.store.count()
    found = inbox.round()
    assert inbox.titles == {"a", "b", "c", "d"}
    assert found.stories.unchanged == 0
