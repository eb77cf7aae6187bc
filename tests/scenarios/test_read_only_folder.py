"""What users see of a data folder that can't be written: a server over a read-only mount."""

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from benchmarks.load import running_server
from qa.commands.stories import BUNDLED, add_stories
from qa.settings import Settings

pytestmark = pytest.mark.models

QUESTION = "Where was the Global Congress on Chemical Security and Emerging Threats held?"


def mounted_read_only(folder: Path, script: str) -> "subprocess.CompletedProcess[str]":
    """Run *script* of Python where *folder* is mounted read-only, for it and its children alone."""
    mount = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$1" -c "$2" "$0"'
    return subprocess.run(
        ["unshare", "--mount", "sh", "-c", mount, str(folder), sys.executable, script],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        timeout=240,
    )


@pytest.fixture
def data(tmp_path: Path) -> Path:
    data = tmp_path / "data"
    add_stories(Settings(data=data), [str(BUNDLED)], publisher=None, if_empty=False)
    try:
        tried = mounted_read_only(data, "import os, sys; print(os.access(sys.argv[1], os.W_OK))")
    except FileNotFoundError:
        pytest.skip("there is no unshare")
    if tried.stdout.strip() != "False":
        pytest.skip("nothing can be mounted read-only here")
    return data


def post(port: int, path: str, body: object) -> dict[str, object]:
    request = Request(
        f"http://127.0.0.1:{port}{path}",
        json.dumps(body).encode(),
        {"Content-Type": "application/json"},
    )
    with urlopen(request, timeout=60) as response:
        told: dict[str, object] = json.load(response)
    return told


def served_and_added(folder: str) -> None:
    """Print what is seen of a server over *folder*, and of a command that adds to it."""
    data = Path(folder)
    with running_server(data, {}) as server:
        begun = post(server.port, "/v1/conversations", {})
        asked = {"question": QUESTION, "conversation_id": begun["id"]}
        answers = [post(server.port, "/v1/ask", asked) for _ in range(2)]
    command = [sys.executable, "-m", "qa.cli", "add", __file__, "--data", folder]
    added = subprocess.run(command, capture_output=True, text=True)
    told = {"answers": answers, "added": (added.returncode, added.stderr)}
    sys.stdout.write(json.dumps(told))


def test_a_folder_that_cannot_be_written_is_answered_from_and_adding_to_it_says_why(
    data: Path,
) -> None:
    before = {file: file.read_bytes() for file in data.rglob("*") if file.is_file()}
    script = (
        "import sys; from tests.scenarios.test_read_only_folder import served_and_added;"
        " served_and_added(sys.argv[1])"
    )
    ran = mounted_read_only(data, script)
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout.splitlines()[-1])

    assert [answer["conversation"]["turn"] for answer in told["answers"]] == [1, 2]
    assert all(answer["status"] == "answered" for answer in told["answers"])
    code, said = told["added"]
    assert code == 1
    assert "can't be written" in said
    assert "Traceback" not in said
    assert {file: file.read_bytes() for file in data.rglob("*") if file.is_file()} == before
