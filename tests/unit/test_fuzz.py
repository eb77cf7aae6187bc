"""A short leg of the fuzzing that `make fuzz` does for as long as one likes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def test_fuzzing_for_some_seconds_finds_nothing(tmp_path: Path) -> None:
    pytest.importorskip("atheris", reason="atheris is not installed for this platform")
    options = ["-max_total_time=4", "-timeout=20", "-max_len=65536", "-verbosity=0"]
    # libFuzzer goes by getrusage's peak, in which Linux counts that of the process that began it.
    options += ["-rss_limit_mb=0", "-malloc_limit_mb=1024"]
    run = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.fuzz_sources", *options, str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-3000:]
