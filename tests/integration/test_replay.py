"""Answers given again by other processes, threads and indexes: the same bytes."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from qa.assemble import assemble, open_conversations
from qa.assistant import Assistant
from qa.commands.stories import add_stories, rebuild_index
from qa.receipt import canonical
from qa.serialize import answer_json
from qa.settings import Settings

pytestmark = pytest.mark.models

OWN = Path(__file__).parents[1] / "gold"
BUNDLED = Path(__file__).parents[2] / "corpus" / "stories"
REPLAYS = """
import sys
from pathlib import Path
from qa.assemble import assemble
from qa.replay import read_receipt, replay
from qa.settings import load_settings
assistant = assemble(load_settings(data=Path(sys.argv[1])))
for line in sys.stdin:
    print(replay(assistant, read_receipt(line)).bytes)
"""
ELSEWHERE = """---
title: A bakery opens in Leeds
date: 2024-03-05
---

A bakery opened in Leeds on Tuesday. Its owner, Bo Lind, sells bread and buns to all who come by.
"""


def run(*arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        input=typed,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": str(BUNDLED.parents[1])},
    )


def dateline(*arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    return run("-m", "qa.cli", *arguments, typed=typed)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A data folder with Dateline's own stories."""
    settings = Settings(data=tmp_path_factory.mktemp("replay") / "data")
    add_stories(settings, [BUNDLED, OWN / "stories"], publisher=None, if_empty=False)
    return settings


@pytest.fixture(scope="module")
def assistant(settings: Settings) -> Assistant:
    return replace(assemble(settings), cache=None)  # each answer is made anew


@pytest.fixture(scope="module")
def given(assistant: Assistant) -> list[str]:
    """Fifty answers as JSON."""
    lines = (OWN / "questions.jsonl").read_text("utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines]
    every = max(1, len(questions) // 50)
    return [json.dumps(answer_json(assistant.ask(q))) for q in questions[::every][:50]]


def test_fifty_answers_are_given_again_by_another_process(
    settings: Settings, given: list[str]
) -> None:
    done = run("-c", REPLAYS, str(settings.data), typed="\n".join(given))

    assert done.returncode == 0, done.stderr
    assert len(given) == 50
    assert done.stdout.splitlines() == [canonical(json.loads(answer)) for answer in given]


def test_threads_side_by_side_give_the_same_answers(assistant: Assistant, given: list[str]) -> None:
    questions = [json.loads(answer)["question"]["raw"] for answer in given[:20]]
    with ThreadPoolExecutor(max_workers=4) as threads:
        answers = [*threads.map(assistant.ask, questions)]

    assert [canonical(answer_json(answer)) for answer in answers] == [
        canonical(json.loads(answer)) for answer in given[:20]
    ]


def test_an_answer_is_given_again_by_its_id_and_from_standard_input(
    settings: Settings, given: list[str]
) -> None:
    conversations = open_conversations(settings)
    conversations.append(conversations.begin(), json.loads(given[0]))
    conversations.close()
    data = ("--data", str(settings.data))

    by_id = dateline("replay", json.loads(given[0])["id"], *data)
    piped = dateline("replay", "-", *data, typed=given[0])

    assert (by_id.returncode, by_id.stderr) == (0, "")
    assert by_id.stdout == piped.stdout == canonical(json.loads(given[0])) + "\n"
    assert dateline("replay", "ans_0", *data).returncode == 1


def test_an_index_built_anew_gives_the_same_and_another_story_is_told(
    settings: Settings, given: list[str], tmp_path: Path
) -> None:
    rebuild_index(settings)
    rebuilt = run("-c", REPLAYS, str(settings.data), typed="\n".join(given))
    (tmp_path / "bakery.md").write_text(ELSEWHERE, "utf-8")
    (tmp_path / "answer.json").write_text(given[0], "utf-8")
    add_stories(settings, [tmp_path / "bakery.md"], publisher=None, if_empty=False)
    after = dateline("replay", str(tmp_path / "answer.json"), "--data", str(settings.data))

    assert rebuilt.stdout.splitlines() == [canonical(json.loads(answer)) for answer in given]
    assert after.returncode == 1
    assert "The stories have changed: it was of change" in after.stderr
    assert "The answer is the same, and rests on the same words." in after.stderr
    assert json.loads(after.stdout)["answer"]["text"] == json.loads(given[0])["answer"]["text"]
