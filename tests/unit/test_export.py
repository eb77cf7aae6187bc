import json
from contextlib import closing
from datetime import UTC, datetime, time
from pathlib import Path

import pytest
from click.testing import CliRunner

from corpus.ingest import ingest
from corpus.store import StoryStore
from corpus.story import Story
from qa.cli import main
from qa.errors import ExportNotWritten
from qa.operations.export import write_files
from tests.fakes import mayor_story

FULL = mayor_story(
    story_id="mayor0",
    source="wire/0.html",
    url="https://news.example.org/mayor",
    byline="Ines Duarte",
    caption="The mayor at the ford.",
    about="The mayor of Varnhill.",
    tags=("Varnhill", "Mayors, and others"),
)
MAYORS = [FULL, *(mayor_story(story_id=f"mayor{n}", source=f"wire/{n}.html") for n in range(1, 5))]


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


def test_ninjs_is_added_as_the_same_stories_in_the_fields_that_it_has(
    data: Path, tmp_path: Path
) -> None:
    run = CliRunner().invoke(main, ["export", "-", "--form", "ninjs", "--data", str(data)])
    (tmp_path / "wire.jsonl").write_text(run.stdout, "utf-8")
    with closing(StoryStore(tmp_path / "other.sqlite")) as store:
        first = ingest(store, [tmp_path / "wire.jsonl"])
        again = ingest(store, [tmp_path / "wire.jsonl"])
        added = store.stories_after("", 10)

    assert (first.added, again.unchanged) == (5, 5)
    assert [ninjs_fields(story) for story in added] == [ninjs_fields(story) for story in MAYORS]
    assert added[0].tags == FULL.tags


def ninjs_fields(story: Story) -> tuple[object, ...]:
    """Return what ninjs holds of *story*, and a day as its midnight."""
    moment = story.published_at
    if moment is not None and not isinstance(moment, datetime):
        moment = datetime.combine(moment, time(), UTC)
    held = story.story_id, story.title, story.body, story.url, story.byline, moment
    return *held, story.caption, story.about, story.tags


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
