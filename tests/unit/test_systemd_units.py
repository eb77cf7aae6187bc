"""The units of `deploy/systemd/`: systemd takes them, and they give away as little as they can."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from qa.cli import main

ROOT = Path(__file__).parents[2]
UNITS = ROOT / "deploy" / "systemd"
PROGRAM = "/opt/dateline/bin/dateline"
SERVICES = ("dateline", "dateline-watch", "dateline-backup")

MOST_EXPOSED = 2.0
"""systemd's own measure, 0 to 10: a unit without any care has 9.6, and systemd calls 2 OK."""

needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed"
)


@needs_systemd
def test_systemd_finds_nothing_to_say_about_the_units(tmp_path: Path) -> None:
    units = sorted(file.name for file in UNITS.iterdir() if file.suffix in {".service", ".timer"})
    for name in units:
        # verify looks for the program
        written = (UNITS / name).read_text("utf-8").replace(PROGRAM, "/bin/true")
        (tmp_path / name).write_text(written, "utf-8")
    line = ["systemd-analyze", "verify", "--man=no", *(str(tmp_path / name) for name in units)]
    done = subprocess.run(line, check=False, capture_output=True, text=True)
    about_ours = [line for line in done.stderr.splitlines() if "dateline" in line]
    assert (done.returncode, about_ours) == (0, [])


@needs_systemd
@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_exposed_little(name: str) -> None:
    line = ["systemd-analyze", "security", "--offline=true", "--json=short"]
    line += [f"--threshold={MOST_EXPOSED * 10:.0f}", str(UNITS / f"{name}.service")]
    done = subprocess.run(line, check=False, capture_output=True, text=True)
    worst = sorted(
        (float(part["exposure"]), part["name"]) for part in json.loads(done.stdout or "[]")
        if part.get("exposure")
    )  # fmt: skip
    assert done.returncode == 0, worst[-5:]


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_writes_to_its_own_folders_alone(name: str) -> None:
    told = dict(_lines(name))
    assert told["User"] == "dateline"
    assert told["ProtectSystem"] == "strict"
    assert told["NoNewPrivileges"] == "yes"
    assert told["CapabilityBoundingSet"] == ""
    assert told["StateDirectory"].split()[0] == "dateline"
    assert told["Environment"] == "DATELINE_DATA=/var/lib/dateline"


def test_the_server_reaches_nothing_but_this_machine() -> None:
    told = dict(_lines("dateline"))
    assert (told["IPAddressDeny"], told["IPAddressAllow"]) == ("any", "localhost")


@pytest.mark.parametrize("name", SERVICES)
def test_what_a_service_runs_is_a_command_of_ours_with_options_it_has(name: str) -> None:
    ran = re.findall(rf"{PROGRAM} (\w+)([^\n']*)", (UNITS / f"{name}.service").read_text("utf-8"))
    assert ran
    for command, arguments in ran:
        known = {option for part in main.commands[command].params for option in part.opts}
        assert set(re.findall(r"--[\w-]+", arguments)) <= known


def _lines(name: str) -> Iterator[tuple[str, str]]:
    for line in (UNITS / f"{name}.service").read_text("utf-8").splitlines():
        if "=" in line and not line.startswith("#"):
            setting, _, value = line.partition("=")
            yield setting, value
