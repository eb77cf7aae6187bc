"""The installed command with its real parts: add, ask, serve, evaluate, rebuild."""

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep
from urllib.request import Request, urlopen

import pytest

pytestmark = pytest.mark.models

QUESTION = "When did DTRA start training Panama?"
SOURCE = "003_a3c859a9183ed0bf.txt"


def python(*arguments: str, data: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=data.parent,
        env=os.environ | {"DATELINE_DATA": str(data)} | variables,
    )


def dateline(*arguments: str, data: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return python("-m", "qa.cli", *arguments, data=data, **variables)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that holds the bundled stories, indexed."""
    folder = tmp_path_factory.mktemp("dateline") / "data"
    added = dateline("add", "--bundled", data=folder)
    assert added.returncode == 0, added.stderr
    assert added.stdout == "2 added, 0 updated, 0 unchanged, 0 refused\n"
    return folder


def test_a_question_is_answered_from_the_bundled_stories(data: Path) -> None:
    done = dateline("ask", QUESTION, "--json", data=data)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["status"] == "answered"
    assert answer["citations"][0]["source"] == SOURCE
    assert done.stderr == ""


def readme_block(language: str) -> str:
    """Return the README's only example in *language*."""
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    [block] = re.findall(rf"```{language}\n(.*?)```", readme, re.DOTALL)
    return str(block)


def test_the_readme_shows_what_the_command_prints(data: Path) -> None:
    shown = readme_block("console").partition(f'ask "{QUESTION}"\n')[2]
    printed = dateline("ask", QUESTION, data=data).stdout
    assert shown.count("\n") > 3
    for line in shown.splitlines():
        assert line.removesuffix(" …") in printed


def test_the_readme_shows_what_the_endpoint_answers(data: Path) -> None:
    question = "Who runs the Cooperative Threat Reduction Program?"
    shown = json.loads(readme_block("json"))
    period = ("--from", "2019-01-01", "--to", "2019-12-31")
    answer = json.loads(dateline("ask", question, "--json", *period, data=data).stdout)
    assert shown["answer"].items() <= answer["answer"].items()
    [citation] = shown["citations"]
    assert citation.items() <= answer["citations"][0].items()


SERVER = {"flask", "mcp", "sqlalchemy", "gunicorn", "jinja2", "flask_limiter"}
TRAINING = {"torch", "transformers", "sentence_transformers", "safetensors", "scipy", "sklearn"}
FEEDING = {"lxml", "trafilatura", "yaml", "httpx2", "httpcore2", "corpus.ingest", "corpus.files"}
ASKING = {"onnxruntime", "tokenizers", "faiss", "tantivy", "qa.assistant", "qa.reading.windows"}
READING = {"pydantic", "numpy", "rich", "sqlite3", "qa.settings", "corpus.store"}


@pytest.mark.parametrize(
    ("arguments", "needed", "unneeded"),
    [
        (["ask", QUESTION], ASKING, SERVER | TRAINING | FEEDING),
        (["ask", QUESTION, "--json"], ASKING, SERVER | TRAINING | FEEDING),
        (["status"], {"corpus.store"}, SERVER | TRAINING | FEEDING | ASKING),
        (["--help"], {"click"}, SERVER | TRAINING | FEEDING | ASKING | READING),
        (["ask", "--help"], {"click"}, SERVER | TRAINING | FEEDING | ASKING | READING),
        (["serve", "--help"], {"click"}, SERVER | TRAINING | FEEDING | ASKING | READING),
    ],
)
def test_a_command_loads_nothing_that_it_does_not_need(
    data: Path, arguments: list[str], needed: set[str], unneeded: set[str]
) -> None:
    code = (
        "import sys; before = set(sys.modules)\n"  # coverage.py loads SQLite
        "from qa.cli import main\n"
        f"main({arguments!r}, standalone_mode=False)\n"
        "print(*(sys.modules.keys() - before), file=sys.stderr)"
    )
    done = python("-c", code, data=data)
    assert done.returncode == 0, done.stderr
    loaded = set(done.stderr.split())
    assert needed <= loaded
    assert loaded & unneeded == set()


def test_nothing_waits_to_be_indexed(data: Path) -> None:
    status = json.loads(dateline("status", "--json", data=data).stdout)
    assert (status["stories"], status["pending"]) == (2, 0)
    assert status["passages"] > 2
    assert status["encoder"]


def test_a_rebuilt_index_gives_the_same_answer(data: Path) -> None:
    before = json.loads(dateline("ask", QUESTION, "--json", data=data).stdout)
    (data / "index" / "stray").touch()
    rebuilt = dateline("rebuild", data=data)
    assert rebuilt.returncode == 0, rebuilt.stderr
    assert (data / "index").is_dir()
    assert not (data / "index" / "stray").exists()
    after = json.loads(dateline("ask", QUESTION, "--json", data=data).stdout)
    assert before["answer"] == after["answer"]
    assert before["citations"] == after["citations"]


def test_evaluation_finds_the_story(data: Path) -> None:
    gold = {
        "id": "1",
        "question": QUESTION,
        "kind": "date",
        "answers": [{"text": "2017"}],
        "files": [f"seeds/{SOURCE}"],
    }
    (data.parent / "gold.jsonl").write_text(json.dumps(gold), "utf-8")
    done = dateline("evaluate", "gold.jsonl", "--json", data=data)
    assert done.returncode == 0, done.stderr
    scores = json.loads(done.stdout)
    assert scores["n"] == 1
    assert scores["recall_at_5"]["value"] == 1.0


def test_a_missing_reader_fails_with_one_sentence(data: Path, tmp_path: Path) -> None:
    nowhere = str(tmp_path / "none")
    done = dateline("ask", QUESTION, data=data, DATELINE_READER__MODEL=nowhere)
    assert done.returncode == 1
    assert done.stderr.startswith("Error: ")
    assert "Traceback" not in done.stderr


@pytest.fixture
def server(data: Path) -> Iterator[str]:
    """The address of a server over the bundled stories."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "qa.cli", "serve", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        cwd=data.parent,
        env=os.environ | {"DATELINE_DATA": str(data)},
    )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until_answering(f"{address}/healthz")
        yield address
    finally:
        process.terminate()
        process.communicate(timeout=30)
    assert process.returncode == 0


def wait_until_answering(address: str, timeout_s: float = 60) -> None:
    give_up_at = monotonic() + timeout_s
    while True:
        try:
            with urlopen(address, timeout=5) as response:
                assert response.status == 200
                return
        except OSError:  # refused, or taken and not yet answered
            if monotonic() > give_up_at:
                raise
            sleep(0.2)


def test_the_server_answers_over_http_and_ends_when_told(server: str) -> None:
    request = Request(
        f"{server}/v1/ask",
        data=json.dumps({"question": QUESTION}).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urlopen(request, timeout=60) as response:
        answer = json.load(response)
    assert answer["citations"][0]["source"] == SOURCE
