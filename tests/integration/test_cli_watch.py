"""`dateline add URL` and `dateline watch`, from the command line to the store."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from corpus.store import StoryStore
from qa.cli import main
from qa.settings import Settings
from tests.sites import Reply, Site, site

Run = Callable[..., Result]
TEXT = " ".join(f"Pier {n} was repaired by the city in {n} weeks." for n in range(1, 40))
PAGE = (
    "<html><head><title>Harbour</title><meta property='og:type' content='article'></head>"
    f"<body><article><h1>Harbour</h1><p>{TEXT}</p></article></body></html>"
)


@pytest.fixture
def news() -> Iterator[Site]:
    with site() as served:
        served.page("/a", PAGE)
        yield served


@pytest.fixture
def indexed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of stories in the store each time that it was to be indexed."""
    counts: list[int] = []

    def note(
        settings: Settings, store: StoryStore, *on_progress: object, encode: object = None
    ) -> None:
        counts.append(store.count())

    monkeypatch.setattr("qa.commands.stories.bring_up_to_date", note)
    monkeypatch.setattr("qa.assemble.bring_up_to_date", note)
    return counts


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, news: Site, indexed: list[int]) -> Run:
    """Run the command where fetching from *news* is allowed, and indexing does nothing."""
    monkeypatch.chdir(tmp_path)
    for name, value in allowed(news).items():
        monkeypatch.setenv(name, value)
    return lambda *arguments: CliRunner().invoke(main, arguments)


def allowed(news: Site) -> dict[str, str]:
    return {
        "DATELINE_FETCH__ENABLED": "true",
        "DATELINE_FETCH__HOSTS": f"courier.example, {news.host}",
        "DATELINE_FETCH__PRIVATE_ADDRESSES": "true",
        "DATELINE_FETCH__PAUSE_S": "0",
    }


def inbox_with(folder: Path, *names: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name in names:
        file = folder / f"{name}.md"
        file.write_text(f"---\ntitle: {name}\n---\nThe council met on Tuesday, {name} said.\n")
        os.utime(file, (time.time() - 60,) * 2)
    return folder


def test_addresses_and_files_are_added_together(
    run: Run, news: Site, tmp_path: Path, indexed: list[int]
) -> None:
    result = run("add", news.address + "/a", str(inbox_with(tmp_path / "inbox", "b")), "--json")
    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)["added"] == 2
    assert indexed == [2]
    assert news.asked[-1].headers["User-Agent"].startswith("Dateline/")


def test_an_address_that_fails_is_refused_and_stops_no_other(run: Run, news: Site) -> None:
    result = run("add", news.address + "/gone", "http://evil.example/", news.address + "/a")
    assert result.exit_code == 0
    assert "1 added, 0 updated, 0 unchanged, 2 refused" in result.stdout
    assert "/gone: nothing is there (404)" in result.stderr
    assert "evil.example is not among the hosts in fetch.hosts" in result.stderr


def test_an_address_that_is_added_again_costs_nothing_unless_its_story_was_removed(
    run: Run, news: Site, tmp_path: Path
) -> None:
    run("add", news.address + "/a")
    assert "1 unchanged" in run("add", news.address + "/a").stdout
    store = StoryStore(tmp_path / "data" / "stories.sqlite")
    [story] = store.stories_page(2)
    store.remove(story.story_id)
    store.close()
    assert "1 added" in run("add", news.address + "/a").stdout


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ({"DATELINE_FETCH__ENABLED": "false"}, "fetching is off"),
        ({"DATELINE_FETCH__HOSTS": " , "}, "no host is named"),
        ({}, "DATELINE_FETCH__DVIDS_KEY"),
        ({"DATELINE_FETCH__DVIDS_KEY_FILE": "nothing"}, "nothing, can't be read"),
    ],
)
@pytest.mark.parametrize("command", [("add",), ("watch", "--once")])
def test_what_the_settings_do_not_allow_fails_before_anything_is_asked(
    run: Run,
    news: Site,
    monkeypatch: pytest.MonkeyPatch,
    settings: dict[str, str],
    complaint: str,
    command: tuple[str, ...],
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    result = run(*command, news.address + "/a", "dvids:panama")
    assert result.exit_code == 1
    assert complaint in result.stderr
    assert news.asked == []


def test_a_dvids_search_is_added_with_a_key_from_a_file(
    run: Run, news: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "key").write_text("hunter2\n")
    monkeypatch.setenv("DATELINE_FETCH__DVIDS_KEY_FILE", str(tmp_path / "key"))
    monkeypatch.setenv("DATELINE_FETCH__DVIDS_URL", news.address)
    monkeypatch.setenv("DATELINE_FETCH__HOSTS", "courier.example")
    news.replies["/search"] = Reply(content=b'{"results": [{"id": "news:1", "title": "T"}]}')
    asset = {"id": "news:1", "title": "T", "description": TEXT, "branch": "Army", "unit_name": "U"}
    news.replies["/asset"] = Reply(content=json.dumps({"results": asset}).encode())
    result = run("-v", "add", "dvids:panama canal", "--json")
    assert json.loads(result.stdout)["added"] == 1, result.stderr
    assert "q=panama+canal" in news.paths[0]
    assert "hunter2" in news.paths[1]
    assert "hunter2" not in result.output


def test_one_round_reads_everything_tells_it_and_ends(
    run: Run, news: Site, tmp_path: Path, indexed: list[int], caplog: pytest.LogCaptureFixture
) -> None:
    inbox = inbox_with(tmp_path / "inbox", "b", "c")
    places = (str(inbox), news.address + "/a", "--once", "--json")
    result = run("watch", *places)
    assert result.exit_code == 0, result.stderr
    [line] = result.stdout.splitlines()
    report = json.loads(line)
    assert (report["round"], report["added"], report["failed"]) == (1, 3, [])
    assert "round=1 added=3 updated=0 unchanged=0 refused=0 missing=0" in caplog.text
    assert indexed == [3]

    news.asked.clear()
    (inbox / "b.md").unlink()
    report = json.loads(run("watch", *places, "--delete-missing").stdout)
    assert (report["added"], report["unchanged"], report["removed"]) == (0, 1, 1)
    assert report["missing"] == [
        {"place": str(inbox / "b.md"), "reason": "the file is gone", "stories": 1}
    ]
    assert "If-None-Match" in news.asked[-1].headers


def test_one_round_waits_for_a_file_that_was_just_written(run: Run, tmp_path: Path) -> None:
    file = inbox_with(tmp_path / "inbox", "b") / "b.md"
    file.touch()
    result = run("watch", str(file.parent), "--once", "--json")
    first, *_, last = map(json.loads, result.stdout.splitlines())
    assert (first["waiting"], first["added"]) == (1, 0)
    assert (last["waiting"], last["added"]) == (0, 1)


def test_one_round_with_a_source_that_fails_ends_with_status_1(
    run: Run, news: Site, tmp_path: Path
) -> None:
    inbox = inbox_with(tmp_path / "inbox", "b")
    result = run("watch", str(tmp_path / "nothing"), str(inbox), "--once", "--json")
    assert result.exit_code == 1
    report = json.loads(result.stdout)
    assert report["added"] == 1
    assert report["failed"] == [
        {"source": str(tmp_path / "nothing"), "reason": f"{tmp_path / 'nothing'} does not exist"}
    ]


def test_a_store_that_was_emptied_is_filled_again(run: Run, tmp_path: Path) -> None:
    inbox = inbox_with(tmp_path / "inbox", "b")
    run("watch", str(inbox), "--once")
    for file in (tmp_path / "data").glob("stories.sqlite*"):
        file.unlink()
    assert json.loads(run("watch", str(inbox), "--once", "--json").stdout)["added"] == 1


@pytest.mark.parametrize("every", ["0s", "5", "m", "-1m", "1w", "1.5h"])
def test_an_interval_is_a_number_and_a_unit(run: Run, every: str) -> None:
    result = run("watch", ".", "--every", every)
    assert result.exit_code == 2
    assert "write 30s, 5m, 2h or 1d" in result.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_a_watch_cleanly(news: Site, tmp_path: Path, number: signal.Signals) -> None:
    """The process itself, since signals and the pause between rounds are what this is about."""
    command = [sys.executable, "-c", WATCHING, "watch", str(inbox_with(tmp_path / "inbox", "b"))]
    command += ["--every", "1h", "--json", "--data", str(tmp_path / "data")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    report = json.loads(process.stdout.readline())
    assert report["added"] == 1
    time.sleep(0.5)
    process.send_signal(number)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 0, told
    assert told.rstrip().endswith("stopped")
    store = StoryStore(tmp_path / "data" / "stories.sqlite")
    assert store.count() == 1
    store.close()


WATCHING = (
    "import qa.assemble; qa.assemble.bring_up_to_date = lambda *given: None\n"
    "from qa.cli import main; main()"
)


def test_a_watch_that_is_killed_again_and_again_loses_and_doubles_nothing(tmp_path: Path) -> None:
    names = [f"story-{n}" for n in range(300)]
    inbox, data = inbox_with(tmp_path / "inbox", *names), tmp_path / "data"
    command = [sys.executable, "-c", WATCHING, "watch", str(inbox), "--once", "--json"]
    command += ["--data", str(data)]
    written = 0
    for _ in range(4):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        # Killed while it writes: once the store has grown since the last time.
        until = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < until:
            time.sleep(0.02)
            if (now := size_of(data / "stories.sqlite")) > written:
                written = now
                break
        process.kill()
        process.wait(timeout=60)
    last = subprocess.run(command, capture_output=True, text=True, check=True)
    report = json.loads(last.stdout)
    assert report["failed"] == report["refused"] == []
    store = StoryStore(data / "stories.sqlite")
    assert sorted(story.title for story in store.stories_page(1000)) == sorted(names)
    store.close()


def size_of(store: Path) -> int:
    """Return the bytes of the store's files, some of which come and go."""
    size = 0
    for file in store.parent.glob(f"{store.name}*"):
        with suppress(FileNotFoundError):
            size += file.stat().st_size
    return size
