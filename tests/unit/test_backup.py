"""Backups over a store with stand-in vectors: whole, or refused with a reason."""

import io
import json
import os
import sqlite3
import tarfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from corpus.store import StoryStore
from qa.cli import main
from qa.errors import BackupDamaged, BackupNotWritten, RestoreRefused
from qa.operations.backup import back_up
from qa.operations.restore import restore
from qa.operations.snapshot import belongs
from qa.settings import Settings
from tests.fakes import mayor_story


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A data folder with one story and what looks like an index."""
    data = tmp_path / "data"
    (data / "index" / "words").mkdir(parents=True)
    (data / "index" / "words" / "meta.json").write_text("{}")
    (data / "index" / "lock").touch()
    (data / "api-keys.json").write_text('{"keys": []}')
    with closing(StoryStore(data / "stories.sqlite")) as store:
        store.add([mayor_story()])
    return Settings(data=data)


@pytest.fixture
def file(settings: Settings, tmp_path: Path) -> Path:
    """Its backup."""
    path = tmp_path / "backup.tar"
    back_up(settings, path)
    return path


def members(path: Path) -> dict[str, bytes]:
    with tarfile.open(path) as tar:
        return {entry.name: tar.extractfile(entry).read() for entry in tar}  # type: ignore[union-attr]


def packed(path: Path, contents: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w") as tar:
        for name, content in contents.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return path


def test_backup_holds_the_folder_and_says_so(file: Path) -> None:
    held = members(file)
    told = json.loads(held.pop("manifest.json"))

    assert held.keys() == {"stories.sqlite", "index/words/meta.json", "api-keys.json"}
    assert told["files"].keys() == held.keys()
    assert told["stories"] == 1


def test_what_is_restored_is_what_was_kept(file: Path, settings: Settings, tmp_path: Path) -> None:
    restore(file, tmp_path / "restored")

    with closing(StoryStore(tmp_path / "restored" / "stories.sqlite")) as store:
        assert store.story(mayor_story().story_id) == mayor_story()
    assert (tmp_path / "restored" / "index" / "words" / "meta.json").read_text() == "{}"
    assert (tmp_path / "restored" / "api-keys.json").read_text() == '{"keys": []}'
    assert not (tmp_path / "restored" / "manifest.json").exists()


def test_backup_is_its_owners_alone(file: Path) -> None:
    assert file.stat().st_mode & 0o777 == 0o600


def test_backup_takes_what_was_just_written_and_no_half_of_what_is_being_written(
    settings: Settings, tmp_path: Path
) -> None:
    path = settings.data / "stories.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("DELETE FROM stories")
        contents = back_up(settings, tmp_path / "backup.tar")
        writer.execute("ROLLBACK")

    assert contents.stories == 1


def test_older_backup_is_never_overwritten(file: Path, settings: Settings) -> None:
    before = file.read_bytes()
    with pytest.raises(BackupNotWritten, match="is there already"):
        back_up(settings, file)
    assert file.read_bytes() == before


def test_folder_without_stories_is_not_backed_up(tmp_path: Path) -> None:
    with pytest.raises(BackupNotWritten, match="holds no stories"):
        back_up(Settings(data=tmp_path / "nothing"), tmp_path / "backup.tar")
    assert list(tmp_path.iterdir()) == []


def test_damaged_stories_are_not_backed_up(settings: Settings, tmp_path: Path) -> None:
    path = settings.data / "stories.sqlite"
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(20 * 4096))
    with pytest.raises(BackupNotWritten):
        back_up(settings, tmp_path / "backup.tar")
    assert [found.name for found in tmp_path.iterdir()] == ["data"]


@pytest.fixture
def refused(file: Path, tmp_path: Path) -> Iterator[Callable[[dict[str, bytes]], str]]:
    """Restore a backup of such contents, and return why that is refused."""

    def restored(contents: dict[str, bytes]) -> str:
        with pytest.raises(BackupDamaged) as error:
            restore(packed(tmp_path / "changed.tar", contents), tmp_path / "restored")
        return str(error.value)

    yield restored
    assert list((tmp_path / "restored").iterdir()) == []


def test_every_changed_file_is_seen(file: Path, refused: Callable[[dict[str, bytes]], str]) -> None:
    held = members(file)
    for name in held.keys() - {"manifest.json"}:
        assert name in refused(held | {name: held[name][:-1] + b"?"})
        assert name in refused({other: held[other] for other in held if other != name})


def test_file_that_no_backup_holds_is_refused(
    file: Path, refused: Callable[[dict[str, bytes]], str]
) -> None:
    for name in ("../evil", "/etc/evil", "index/../../evil", "other.sqlite"):
        assert "which no backup does" in refused({name: b"", **members(file)})


def test_backup_without_its_end_is_refused(
    file: Path, refused: Callable[[dict[str, bytes]], str]
) -> None:
    held = members(file)
    del held["manifest.json"]
    assert "cut off" in refused(held)


def test_backup_of_a_later_form_is_refused(
    file: Path, refused: Callable[[dict[str, bytes]], str]
) -> None:
    held = members(file)
    told = json.loads(held["manifest.json"]) | {"form": 2}
    assert "another Dateline" in refused(held | {"manifest.json": json.dumps(told).encode()})


@pytest.mark.parametrize("bytes_kept", [0, 100, 5000, -20000])
def test_backup_that_is_cut_off_is_refused(file: Path, tmp_path: Path, bytes_kept: int) -> None:
    cut = tmp_path / "cut.tar"
    cut.write_bytes(file.read_bytes()[:bytes_kept])
    with pytest.raises(BackupDamaged):
        restore(cut, tmp_path / "restored")
    assert list((tmp_path / "restored").iterdir()) == []


def test_folder_in_use_is_left_alone(file: Path, settings: Settings) -> None:
    before = sorted(settings.data.rglob("*"))
    with pytest.raises(RestoreRefused, match="is not empty"):
        restore(file, settings.data)
    assert sorted(settings.data.rglob("*")) == before


def test_restore_that_was_killed_can_be_done_again(file: Path, tmp_path: Path) -> None:
    left = tmp_path / "restored" / ".restoring"
    left.mkdir(parents=True)
    (left / "stories.sqlite").write_text("half")
    restore(file, tmp_path / "restored")
    assert not left.exists()


def test_commands_say_what_they_did(settings: Settings, tmp_path: Path) -> None:
    run, path, folder = CliRunner().invoke, str(tmp_path / "b.tar"), str(tmp_path / "restored")
    made = run(main, ["backup", path, "--data", str(settings.data)])
    again = run(main, ["restore", path, "--data", folder])
    refused = run(main, ["restore", path, "--data", folder])

    assert made.output.startswith(f"{path}: 1 story, ")
    assert again.output.startswith(f"{folder}: 1 story, as of 20")
    assert (refused.exit_code, "is not empty" in refused.output) == (1, True)


@pytest.mark.parametrize(
    ("name", "may"),
    [
        ("stories.sqlite", True),
        ("index/words/meta.json", True),
        ("index", False),
        ("index//words", False),
        ("./stories.sqlite", False),
        ("stories.sqlite-wal", False),
    ],
)
def test_names_in_a_backup(name: str, may: bool) -> None:
    assert belongs(name) is may
