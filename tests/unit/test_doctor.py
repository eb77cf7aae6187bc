import json
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from corpus.errors import StoreBusy
from corpus.store import StoryStore
from qa.cli import main
from qa.operations import checks
from qa.operations.doctor import Finding, examine, well
from qa.settings import Settings
from tests.fakes import mayor_story


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A data folder with one story that is not indexed."""
    (tmp_path / "data").mkdir()
    with closing(StoryStore(tmp_path / "data" / "stories.sqlite")) as store:
        store.add([mayor_story()])
    return Settings(data=tmp_path / "data")


def test_a_check_that_fails_is_told_and_the_others_are_made(settings: Settings) -> None:
    def failing(settings: Settings) -> Iterator[Finding]:
        yield well("stories", "two of them read")
        raise StoreBusy("stories.sqlite is being written to; try again in a moment")

    def unreadable(settings: Settings) -> Iterator[Finding]:
        yield well("files", (settings.data / "nothing").read_text())

    def fine(settings: Settings) -> Iterator[Finding]:
        yield well("rest", "fine")

    found = [*examine(settings, {"stories": failing, "files": unreadable, "rest": fine})]

    assert [(finding.what, finding.verdict) for finding in found] == [
        ("stories", "ok"),
        ("stories", "fault"),
        ("files", "fault"),
        ("rest", "ok"),
    ]
    assert "being written to" in found[1].says
    assert "nothing: No such file" in found[2].says


def test_misspelt_variable_is_told(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_READR__THREADS", "2")
    monkeypatch.setenv("DATELINE_READER__THREADS", "2")

    [found] = checks.settings_given(settings)

    assert found.verdict == "warning"
    assert "DATELINE_READR__THREADS" in found.says
    assert "DATELINE_READER__THREADS" not in found.says


def test_stories_without_vectors_are_told(settings: Settings) -> None:
    found = [*checks.stories(settings)]
    assert [finding.verdict for finding in found] == ["ok", "warning"]
    assert "no vector yet" in found[1].says


def test_empty_store_is_a_fault(tmp_path: Path) -> None:
    [found] = checks.stories(Settings(data=tmp_path / "new"))
    assert (found.verdict, found.says) == ("fault", "there are none")


def test_story_of_a_day_to_come_is_told(settings: Settings) -> None:
    with closing(StoryStore(settings.data / "stories.sqlite")) as store:
        store.add([mayor_story(story_id="future", published_at=date(2999, 1, 1))])
    assert "2999-01-01" in [*checks.stories(settings)][-1].says


@pytest.mark.parametrize(
    ("free", "verdict"), [(1_000, "fault"), (100_000_000, "warning"), (10**12, "ok")]
)
def test_room_on_the_disk(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, free: int, verdict: str
) -> None:
    with (settings.data / "large").open("wb") as file:
        file.truncate(90_000_000)
    monkeypatch.setattr("shutil.disk_usage", lambda path: SimpleNamespace(free=free))
    [found] = checks.disk(settings)
    assert found.verdict == verdict


def test_open_door_is_told(settings: Settings) -> None:
    everywhere = settings.web.model_copy(update={"host": "::"})
    open_to_all = settings.model_copy(update={"web": everywhere})
    [found] = checks.web(open_to_all)
    assert found.verdict == "warning"
    (settings.data / "api-keys.json").write_text('{"keys": []}')
    [found] = checks.web(open_to_all)
    assert found.verdict == "ok"


def test_command_prints_one_object_and_ends_with_1_for_a_fault(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "CHECKS", {"disk": checks.disk, "stories": checks.stories})
    run = CliRunner().invoke(main, ["doctor", "--json", "--data", str(settings.data)])
    told = json.loads(run.stdout)
    assert (run.exit_code, told["well"]) == (0, True)
    assert [finding["what"] for finding in told["findings"]] == ["disk", "stories", "stories"]

    monkeypatch.setattr(checks, "CHECKS", {"answers": lambda settings: iter([_broken()])})
    run = CliRunner().invoke(main, ["doctor", "--data", str(settings.data)])
    assert run.exit_code == 1
    assert "FAULT   answers" in run.stdout


def _broken() -> Finding:
    return Finding(what="answers", verdict="fault", says="none", do="Look.")


def test_folder_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    run = CliRunner().invoke(main, ["doctor", "--data", str(tmp_path / "nowhere")])
    assert (run.exit_code, "is not there" in run.output) == (1, True)
    assert not (tmp_path / "nowhere").exists()
