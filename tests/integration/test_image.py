"""The image: its steps are taken, and what they make serves as its user on a read-only root."""

import json
import os
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.image import Container, NoNetwork, Stage, borrow, build, steps, values

STARTS_WITHIN_S = 240
PIP = {
    # pip and setuptools come from the registry; what Dateline needs is borrowed.
    "PIP_NO_DEPS": "1",
    "PIP_RETRIES": "0",
    **{name: os.environ[name] for name in ("PIP_CERT", "PIP_INDEX_URL") if name in os.environ},
}
ASK = """
import json, urllib.request as r
body = json.dumps({"question": "When did DTRA start training Panama?"}).encode()
asked = r.Request("http://127.0.0.1:8000/v1/ask", body, {"Content-Type": "application/json"})
print(r.urlopen(asked, timeout=120).read().decode())
"""
pytestmark = pytest.mark.models


@pytest.fixture(scope="module")
def stages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Stage]:
    if os.geteuid() != 0 or shutil.which("bwrap") is None or shutil.which("setpriv") is None:
        pytest.skip("root and bubblewrap are needed to take the image's steps without Docker")
    try:
        made = build(tmp_path_factory.mktemp("image"), PIP)
    except NoNetwork as error:
        pytest.skip(f"the registry can't be reached: {error}")
    borrow(made[""])
    return made


@pytest.fixture(scope="module")
def container(
    stages: dict[str, Stage], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Container]:
    log = tmp_path_factory.mktemp("log") / "log"
    [command] = values("CMD")
    with stages[""].running(json.loads(command), log) as container:
        until = time.monotonic() + STARTS_WITHIN_S
        while container.run(health_check()).returncode:
            assert container.server.poll() is None, log.read_text("utf-8")
            assert time.monotonic() < until, log.read_text("utf-8")
            time.sleep(1)
        yield container


def health_check() -> list[str]:
    [check] = values("HEALTHCHECK")
    line: list[str] = json.loads(check.partition(" CMD ")[2])
    return line


def test_the_image_holds_the_program_and_its_models(stages: dict[str, Stage]) -> None:
    found = stages[""].run(
        ["python", "-c", "import qa, web, corpus, embeddings as e; print(qa.__file__, e.__file__)"],
        {},
    )
    assert found.stderr == ""
    assert all(path.startswith("/opt/dateline/lib/") for path in found.stdout.split())


def test_the_last_stage_has_nothing_of_the_first_but_what_is_copied(
    stages: dict[str, Stage],
) -> None:
    assert {path.name for path in stages[""].root.iterdir()} == {"data", "etc", "opt"}
    assert (stages["build"].root / "build").is_dir()


def test_it_answers_without_a_network(container: Container) -> None:
    done = container.run(["python", "-c", ASK])
    told = json.loads(done.stdout)
    assert told["status"] == "answered", done.stderr
    assert told["answer"]["text"] == "2017"


def test_its_user_writes_to_the_volume_and_to_tmp_alone(container: Container) -> None:
    def writes(path: str) -> bool:
        return container.run(["touch", path]).returncode == 0

    assert container.run(["id", "--user"]).stdout.strip() == "10001"
    assert writes("/data/probe")
    assert writes("/tmp/probe")
    for path in ("/probe", "/etc/probe", "/opt/dateline/probe", "/usr/local/lib/probe"):
        assert not writes(path)


def test_what_is_installed_belongs_to_root(stages: dict[str, Stage]) -> None:
    packages = (stages[""].root / "opt").rglob("*")
    assert {path.lstat().st_uid for path in packages} == {0}
    assert (stages[""].root / "data").stat().st_uid == 10001


def test_extras_of_the_build_are_what_the_image_has_to_offer(stages: dict[str, Stage]) -> None:
    install = next(step for step in reversed(steps()) if "EXTRAS" in step.value)
    done = stages["build"].run(["sh", "-xc", install.value], PIP | {"EXTRAS": "postgres,milvus"})
    assert done.returncode == 0, done.stderr
    assert re.search(r"'?\.\[postgres,milvus\]'?", done.stderr)
    told = (
        "import importlib.metadata as m; print(*m.metadata('dateline').get_all('Provides-Extra'))"
    )
    offered = stages[""].run(["python", "-c", told], {}).stdout.split()
    assert {"postgres", "milvus"} <= set(offered)


def test_the_health_check_fails_while_the_server_hangs(container: Container) -> None:
    assert container.run(health_check()).returncode == 0
    container.run(["sh", "-c", "kill -STOP -1"])
    try:
        assert container.run(health_check()).returncode != 0
    finally:
        container.run(["sh", "-c", "kill -CONT -1"])
    assert container.run(health_check()).returncode == 0


def test_the_health_check_fails_where_nothing_serves(
    stages: dict[str, Stage], tmp_path: Path
) -> None:
    with stages[""].running(["sleep", "600"], tmp_path / "log") as idle:
        assert "Connection refused" in idle.run(health_check()).stderr
        assert idle.run(health_check()).returncode != 0
