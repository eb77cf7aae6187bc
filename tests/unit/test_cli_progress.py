"""Progress bars tell how far each thing is, how fast it goes and how long it takes yet."""

import io

import pytest
from rich.console import Console
from rich.progress import Progress

from qa.commands import progress
from qa.commands.progress import steps


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    written = io.StringIO()

    def terminal(*, stderr: bool) -> Console:
        assert stderr
        return Console(file=written, force_terminal=True, width=100)

    monkeypatch.setattr(progress, "console", terminal)
    return written


def test_each_thing_has_its_number_rate_and_time_left(
    shown: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = iter(range(0, 10_000, 10))
    monkeypatch.setattr(
        progress,
        "Progress",
        lambda *columns, **options: Progress(
            *columns, **options, get_time=lambda: float(next(seconds)), auto_refresh=False
        ),
    )
    with steps("Encoding", "Indexing") as (encoding, indexing):
        for done in range(0, 1000, 100):
            encoding(done, 20_000)
        indexing(3, 3)
    last = shown.getvalue()
    assert "Encoding" in last
    assert "900/20000" in last
    assert "/s" in last
    assert "Indexing" in last
    assert "3/3" in last
    assert ":" in last.split("900/20000")[1].splitlines()[0]


def test_nothing_is_shown_where_there_is_no_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with steps("Encoding") as (encoding,):
        encoding(1, 2)
    assert capsys.readouterr() == ("", "")
