"""IntakeLog: what came in and what was refused, over all runs."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest

from corpus.errors import FetchFailed, NotAStory
from corpus.ingest import IngestReport
from corpus.intake_log import IntakeLog, IntakeTotals
from corpus.refusal import Refusal


def report(*, added: int = 0, refused: int = 0) -> IngestReport:
    refusal = Refusal(source="secret/place.html", error=NotAStory("it is a home page"))
    return IngestReport(added=added, refused=(refusal,) * refused)


def test_runs_add_up(tmp_path: Path) -> None:
    log = IntakeLog(tmp_path / "intake.sqlite")
    log.record(report(added=3, refused=2))
    log.record(report(added=1, refused=1), [FetchFailed("no answer")])

    totals = IntakeLog(tmp_path / "intake.sqlite").totals()
    assert totals.outcomes == {"added": 4, "unchanged": 0, "updated": 0}
    assert totals.failures == {"FetchFailed": 1, "NotAStory": 3}
    assert totals.last_run
    assert datetime.now(UTC) - totals.last_run < timedelta(minutes=1)
    assert totals.last_failure == totals.last_run


def test_a_run_without_failure_leaves_the_last_one_as_it_was(tmp_path: Path) -> None:
    log = IntakeLog(tmp_path / "intake.sqlite")
    log.record(report(added=1))
    assert log.totals().last_failure is None
    assert log.totals().last_run


def test_nothing_was_counted_before_the_first_run(tmp_path: Path) -> None:
    assert IntakeLog(tmp_path / "intake.sqlite").totals() == IntakeTotals()
    assert list(tmp_path.iterdir()) == []


def test_no_name_of_a_file_and_no_message_is_kept(tmp_path: Path) -> None:
    IntakeLog(tmp_path / "intake.sqlite").record(report(refused=1))
    written = (tmp_path / "intake.sqlite").read_bytes()
    assert b"NotAStory" in written
    assert b"secret" not in written
    assert b"home page" not in written


def test_runs_that_end_at_once_are_all_counted(tmp_path: Path) -> None:
    log = IntakeLog(tmp_path / "intake.sqlite")
    threads = [Thread(target=log.record, args=(report(added=1, refused=1),)) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert log.totals().outcomes["added"] == 12
    assert log.totals().failures == {"NotAStory": 12}


def test_a_file_that_cannot_be_used_fails_no_run_and_is_warned_of(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "intake.sqlite").write_bytes(b"no database at all" * 100)
    log = IntakeLog(tmp_path / "intake.sqlite")
    log.record(report(added=1))
    assert log.totals() == IntakeTotals()
    assert "isn't counted" in caplog.text
    assert "can't be told" in caplog.text
