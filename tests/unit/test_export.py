import json
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from corpus.ingest import ingest
from corpus.store import StoryStore
from qa.cli import main
from qa.errors import ExportNotWritten
from qa.operations.export import write_files
from tests.fakes import mayor_story

MAYORS = [mayor_story(story_id=f"mayor{n}", source=f"wire/{n}.html") for n in range(5)]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with five stories."""
    (tmp_path / "data").mkdir()
    with closing(StoryStore(tmp_path / "data" / "stories.sqlite")) as store:
        store.add(MAYORS)
    return tmp_path / "data"


def test_export_is_added_as_the_same_stories(data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "export"
    run = CliRunner().invoke(main, ["export", str(folder), "--data", str(data)])
    with closing(StoryStore(tmp_path / "other.sqlite")) as store:
        first, again = ingest(store, [folder]), ingest(store, [folder])
        added = store.stories_after("", 10)

    assert (run.exit_code, run.stderr) == (0, f"{folder}: 5 stories in 1 file.\n")
    assert (first.added, again.unchanged) == (5, 5)
    assert added == MAYORS


def test_export_to_standard_output_holds_nothing_else(data: Path) -> None:
    run = CliRunner().invoke(main, ["export", "-", "--form", "ninjs", "--data", str(data)])

    lines = [json.loads(line) for line in run.stdout.splitlines()]
    assert [line["altids"]["dateline"] for line in lines] == [f"mayor{n}" for n in range(5)]


def test_no_file_is_larger_than_is_read(tmp_path: Path) -> None:
    assert write_files(["x" * 30] * 10, tmp_path / "export", most=100) == 4

    files = sorted((tmp_path / "export").iterdir())
    assert "".join(file.read_text() for file in files) == ("x" * 30 + "\n") * 10
    assert max(file.stat().st_size for file in files) <= 100


def test_folder_with_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(ExportNotWritten, match="is not empty"):
        write_files(["{}"], tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["notes.txt"]
