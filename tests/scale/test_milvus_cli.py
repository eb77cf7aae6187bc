"""The installed command with Milvus: answers as with the embedded index, and clear errors."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from qa.cli import main
from tests.milvus import Server

pytestmark = pytest.mark.models

QUESTION = "When did DTRA start training Panama?"


def dateline(*arguments: str, data: Path, **variables: str) -> Result:
    environment = {"DATELINE_DATA": str(data), "DATELINE_MILVUS_SEARCH_S": "3"} | variables
    return CliRunner(env=environment).invoke(main, [*arguments])


def asked(data: Path, **variables: str) -> list[object]:
    """Return what is answered, with its citations.

    Not the confidence: it depends a little on how the other passages rank.
    """
    done = dateline("ask", QUESTION, "--json", data=data, **variables)
    assert done.exit_code == 0, done.stderr
    answer = json.loads(done.stdout)
    return [answer["status"], answer["answer"]["text"], answer["citations"]]


def test_stories_are_added_and_cited_as_with_the_embedded_index(
    mortal: Server, tmp_path: Path
) -> None:
    milvus = {"DATELINE_INDEX_ENGINE": "milvus", "DATELINE_MILVUS_URI": mortal.uri}
    here, there = tmp_path / "embedded", tmp_path / "served"
    for data, variables in ((here, {}), (there, milvus)):
        added = dateline("add", "--bundled", data=data, **variables)
        assert added.exit_code == 0, added.stderr
    answer = asked(there, **milvus)
    assert answer == asked(here)
    assert answer[0] == "answered"
    rebuilt = dateline("rebuild", data=there, **milvus)
    assert rebuilt.exit_code == 0, rebuilt.stderr
    status = json.loads(dateline("status", "--json", data=there, **milvus).stdout)
    assert status["index"]["passages"] == status["passages"]
    assert status["index"]["change"] == status["change"]
    assert status["index"]["detail"].endswith("up to date")

    mortal.kill()
    failed = dateline("ask", QUESTION, data=there, **milvus)
    assert (failed.exit_code, failed.stdout) == (1, "")
    assert failed.stderr.startswith(f"Error: the index at {mortal.uri} can't be reached")
    assert failed.stderr.count("\n") == 1
    told = dateline("status", data=there, **milvus)
    assert told.exit_code == 0
    assert "can't be reached" in told.stdout.replace("\n", " ")


def test_engine_without_an_address_is_refused(tmp_path: Path) -> None:
    done = dateline("ask", "Who?", data=tmp_path / "data", DATELINE_INDEX_ENGINE="milvus")
    assert done.exit_code != 0
    assert "milvus_uri" in done.stderr
