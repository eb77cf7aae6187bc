"""The suite, run again and again: what fails in some order is named, and never forgiven."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.flaky import main

SOMETIMES = """
from pathlib import Path

def test_passes():
    pass

def test_passes_once_only(pytestconfig):
    mark = pytestconfig.rootpath / "mark"
    assert not mark.exists()
    mark.touch()
"""


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    folder = tmp_path / "suite"
    folder.mkdir()
    (folder / "pytest.ini").write_text("[pytest]\n", "utf-8")
    return folder


def ran(suite: Path, body: str, *options: str) -> Result:
    (suite / "test_some.py").write_text(body, "utf-8")
    results = suite.parent / "results"
    line = [f"--folder={results}", "--runs=2", "--rootdir", str(suite), *options, str(suite)]
    return CliRunner().invoke(main, line)


def test_a_test_that_fails_in_one_run_of_two_is_named_and_fails_them_all(suite: Path) -> None:
    result = ran(suite, SOMETIMES)
    assert result.exit_code == 1
    assert "  1 of 2  test_some::test_passes_once_only" in result.output
    assert "test_passes\n" not in result.output
    assert "1 of 2 runs did not pass, 1 tests failed at least once" in result.output


def test_runs_that_all_pass_are_a_success(suite: Path) -> None:
    result = ran(suite, "def test_passes():\n    pass\n")
    assert result.exit_code == 0
    assert "0 of 2 runs did not pass" in result.output


def test_a_run_that_breaks_off_without_a_report_fails_them_all(suite: Path) -> None:
    result = ran(suite, "import os\n\ndef test_ends_it_all():\n    os._exit(7)\n")
    assert result.exit_code == 1
    assert "order 1: 0 failed, pytest ended with 7" in result.output


def test_a_worker_that_crashes_fails_the_run(suite: Path) -> None:
    crash = "import os\n\ndef test_ends_its_worker():\n    os._exit(7)\n"
    result = ran(suite, crash, "-n2", "--dist=loadfile", "--max-worker-restart=0")
    assert result.exit_code == 1
    assert "  2 of 2  " in result.output
    assert "test_ends_its_worker" in result.output
