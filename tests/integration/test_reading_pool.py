"""Several processes read files at once, and the store holds what one would have put in it."""

import io
import multiprocessing
import os
import tarfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from corpus import ingest as ingesting
from corpus import reading_pool
from corpus.errors import UnreadableSource
from corpus.ingest import IngestReport, ingest
from corpus.reading import PART_CHARS, PART_OUTCOMES, Part, parts, read_file
from corpus.reading_pool import Named, read_side_by_side
from corpus.refusal import Refusal
from corpus.sources import Outcome
from corpus.store import StoryStore


def page(number: int, sentences: int = 3) -> str:
    told = " ".join(f"Council member {number} counted {n} votes." for n in range(sentences))
    return f"---\ntitle: Vote {number}\ndate: 2024-05-07\nurl: /news/{number}\n---\n{told}\n"


def written(folder: Path, count: int, sentences: int = 3) -> list[Named]:
    folder.mkdir()
    for number in range(count):
        (folder / f"{number:03}.md").write_text(page(number, sentences), "utf-8")
    return named(folder)


def named(folder: Path) -> list[Named]:
    return [(file, file.name) for file in sorted(folder.iterdir())]


def read(files: list[Named], processes: int = 2, **limit: float) -> list[tuple[str, str]]:
    """Return the source and the title, or the reason, of all that *files* hold."""
    return [
        told(outcome) for held in read_side_by_side(files, processes, **limit) for outcome in held
    ]


def told(outcome: Outcome) -> tuple[str, str]:
    return outcome.source, outcome.reason if isinstance(outcome, Refusal) else outcome.title


def titles(count: int) -> list[tuple[str, str]]:
    return [(f"{number:03}.md", f"Vote {number}") for number in range(count)]


@contextmanager
def never_ending(folder: Path, name: str) -> Iterator[Path]:
    """Make a file that nobody can read to its end, or even open, until the block is left."""
    file = folder / name
    os.mkfifo(file)
    yield file
    assert not multiprocessing.active_children()


def mixed(folder: Path) -> Path:
    """Make a folder of good pages, an archive, the same story twice and files of no use."""
    written(folder, 70)
    with tarfile.open(folder / "030-more.tar.gz", "w:gz") as archive:
        for number in range(100, 250):
            content = page(number).encode()
            member = tarfile.TarInfo(f"{number}.md")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    (folder / "010-again.md").write_text(page(60), "utf-8")
    (folder / "020-binary.bin").write_bytes(bytes(range(256)) * 10)
    (folder / "021-empty.html").write_bytes(b"")
    (folder / "022-list.json").write_text('{"file": "a"}', "utf-8")
    (folder / "023-twice.gz").write_bytes(b"\x1f\x8b no gzip")
    (folder / "024-home.html").write_text("<html><body><p>Welcome.</p></body></html>", "utf-8")
    (folder / "040-long.md").write_text(page(999, 8_000), "utf-8")
    return folder


def taken_in(folder: Path, store_path: Path, processes: int) -> tuple[IngestReport, list[Any]]:
    with closing(StoryStore(store_path)) as store:
        report = ingest(store, [folder], publisher="Springfield Post", processes=processes)
        pending = store.pending(1000)
        same = store.same_as([story.story_id for story, _ in pending])
        return report, [*pending, same]


def test_the_store_and_the_report_are_the_same_whatever_the_number_of_processes(
    tmp_path: Path,
) -> None:
    folder = mixed(tmp_path / "pages")
    report, stored = taken_in(folder, tmp_path / "1.sqlite", 1)
    assert report.counts == {"added": 221, "updated": 0, "unchanged": 1, "refused": 5}
    for processes in (2, 3):
        again, also_stored = taken_in(folder, tmp_path / f"{processes}.sqlite", processes)
        assert again.counts == report.counts
        assert list(map(told, again.refused)) == list(map(told, report.refused))
        assert [type(one.error) for one in again.refused] == [
            type(one.error) for one in report.refused
        ]
        assert also_stored == stored


def test_a_file_that_never_ends_is_refused_and_the_others_are_read(tmp_path: Path) -> None:
    written(tmp_path / "pages", 40)
    with never_ending(tmp_path / "pages", "019-never.md"):
        outcomes = read(named(tmp_path / "pages"), limit_s=0.5)
    expected = titles(40)
    expected.insert(20, ("019-never.md", "takes longer than 0.5 seconds to read"))
    assert sorted(outcomes) == sorted(expected)
    assert outcomes == sorted(outcomes)


def test_every_file_that_never_ends_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    for number in range(4):
        os.mkfifo(tmp_path / "pages" / f"{number}.md")
    outcomes = read(named(tmp_path / "pages"), limit_s=0.2)
    assert [source for source, _ in outcomes] == ["0.md", "1.md", "2.md", "3.md"]
    assert {reason for _, reason in outcomes} == {"takes longer than 0.2 seconds to read"}


def test_a_file_whose_process_is_killed_is_refused_and_the_others_are_read(tmp_path: Path) -> None:
    written(tmp_path / "pages", 40)
    with never_ending(tmp_path / "pages", "000-deadly.md") as file:

        def kill_its_reader() -> None:
            # Opening for writing waits for the reader; it is the only one that doesn't end then.
            with file.open("wb"):
                for process in multiprocessing.active_children():
                    process.kill()

        killer = threading.Thread(target=kill_its_reader)
        killer.start()
        outcomes = read(named(tmp_path / "pages"))
        killer.join()
    refused = [reason for _, reason in outcomes if "process" in reason]
    # The other process was killed too, whatever it was at.
    assert 1 <= len(refused) <= 2
    assert all("SIGKILL" in reason for reason in refused)
    assert "000-deadly.md" in outcomes[0]
    assert [source for source, _ in outcomes] == [name for _, name in named(tmp_path / "pages")]


def test_where_no_process_starts_the_files_are_read_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    files = written(tmp_path / "pages", 40)
    monkeypatch.setattr(reading_pool, "serve", os.abort)  # which knows no such arguments
    assert read(files) == titles(40)
    assert "can't be started" in caplog.text


def test_where_the_system_lets_no_process_be_the_files_are_read_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    files = written(tmp_path / "pages", 40)

    def refuse(process: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr("multiprocessing.process.BaseProcess.start", refuse)
    assert read(files) == titles(40)
    assert "Resource temporarily unavailable" in caplog.text


def test_what_waits_for_its_turn_is_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path / "pages", 60, sentences=300)
    kept = []
    keep = reading_pool._Pool._keep

    def noted(pool: reading_pool._Pool, worker: reading_pool._Worker, part: Part) -> None:
        keep(pool, worker, part)
        kept.append(pool._chars)

    monkeypatch.setattr(reading_pool._Pool, "_keep", noted)
    monkeypatch.setattr(reading_pool, "MOST_WAITING_CHARS", 50_000)
    with never_ending(tmp_path / "pages", "000-late.md") as file:

        def write() -> None:
            with suppress(BrokenPipeError):  # whoever reads may have seen enough
                file.write_text(page(99), "utf-8")

        slow = threading.Timer(1, write)
        slow.start()
        outcomes = read(named(tmp_path / "pages"))
        slow.join()
    reason = "can't be opened: File or stream is not seekable."
    assert outcomes == sorted([*titles(60), ("000-late.md", reason)])
    assert 50_000 < max(kept) < 50_000 + 2 * len(page(0, 300))


def test_stopping_early_leaves_no_process_behind(tmp_path: Path) -> None:
    reading = read_side_by_side(written(tmp_path / "pages", 40), 2)
    assert [told(outcome) for outcome in next(reading)] == titles(1)
    assert multiprocessing.active_children()
    reading.close()  # type: ignore[attr-defined] # a generator's
    assert not multiprocessing.active_children()


def test_a_few_files_are_read_without_another_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path / "pages", ingesting.SEVERAL_FILES - 1)
    monkeypatch.setattr(ingesting, "read_side_by_side", None)
    with closing(StoryStore(tmp_path / "stories.sqlite")) as store:
        report = ingest(store, [tmp_path / "pages"], processes=2)
    assert report.added == ingesting.SEVERAL_FILES - 1


def test_a_single_large_archive_is_read_beside_storing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = mixed(tmp_path / "pages")
    monkeypatch.setattr(ingesting, "MUCH_BYTES", 100)
    with closing(StoryStore(tmp_path / "stories.sqlite")) as store:
        report = ingest(store, [folder / "030-more.tar.gz"], processes=4)
    assert report.added == 150


def test_parts_are_bounded_and_hold_everything_in_order() -> None:
    reason = UnreadableSource("bad")
    short = [Refusal(source=str(number), error=reason) for number in range(PART_OUTCOMES * 2 + 1)]
    lengths = [len(part.outcomes) for part in parts(short)]
    assert lengths == [PART_OUTCOMES, PART_OUTCOMES, 1]
    assert [one for part in parts(short) for one in part.outcomes] == short
    assert [part.last for part in parts(short)] == [False, False, True]
    assert [part.last for part in parts([])] == [True]


def test_a_part_of_long_stories_is_bounded_by_their_text(tmp_path: Path) -> None:
    [(file, source)] = written(tmp_path / "pages", 1, sentences=4000)
    [story] = read_file(file, source)
    sent = list(parts([story] * 8))
    assert all(part.chars < 2 * PART_CHARS for part in sent)
    assert sum(len(part.outcomes) for part in sent) == 8
