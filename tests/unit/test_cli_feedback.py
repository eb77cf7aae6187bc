"""`dateline feedback`: what it counts, writes and forgets."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from qa.assemble import open_conversations
from qa.cli import main
from qa.conversation import Feedback
from qa.conversations.sql_conversations import SqlConversations
from qa.errors import ConversationNotFound
from qa.serialize import answer_json
from qa.settings import Settings
from tests.fakes import MAYOR_QUESTION, FakeAssistant

NOW = datetime(2024, 5, 1, tzinfo=UTC)
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command with a data folder of its own and settings from nowhere else."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()

    def run_command(*arguments: str, typed: str = "") -> Result:
        return CliRunner().invoke(main, arguments, input=typed)

    return run_command


@pytest.fixture
def voted(tmp_path: Path, run: Run, assistant: FakeAssistant) -> list[Feedback]:
    """One vote up, one down on another question, one on a source."""
    answer = assistant.answers[MAYOR_QUESTION]
    other = replace(answer, standalone="Who won in Ōsaka\u2028?", answer_id="ans_9")
    votes = [
        Feedback(answer=answer_json(answer), verdict="up", given_at=NOW),
        Feedback(
            answer=answer_json(other),
            verdict="down",
            given_at=NOW + timedelta(seconds=1),
            complaint="wrong_source",
            comment="Not \x1b[2J that one.\nThe other.",
        ),
        Feedback(answer=answer_json(answer), verdict="up", given_at=NOW + timedelta(1), citation=1),
    ]
    keep(tmp_path, *votes)
    return votes


def keep(folder: Path, *votes: Feedback) -> None:
    store = open_conversations(Settings(data=folder / "data"))
    for vote in votes:
        store.put_feedback(vote)
    store.close()


def kept(folder: Path) -> list[Feedback]:
    store = open_conversations(Settings(data=folder / "data"))
    feedback = [*store.feedback()]
    store.close()
    return feedback


def lines_in(file: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in file.read_text("utf-8").split("\n") if line]


def test_votes_are_counted_by_verdict_and_complaint(run: Run, voted: list[Feedback]) -> None:
    result = run("feedback")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [
        "answers    1 up, 1 down",
        "sources    1 up, 0 down",
        "complaints 1 wrong source",
    ]


def test_programs_get_one_object(run: Run, voted: list[Feedback]) -> None:
    assert json.loads(run("feedback", "--json").stdout) == {
        "votes": 3,
        "answers": {"up": 1, "down": 1},
        "sources": {"up": 1, "down": 0},
        "complaints": {"wrong_source": 1},
        "file": None,
        "lines": 0,
        "to_review": 0,
        "forgotten": 0,
    }


def test_no_feedback_is_no_failure_and_no_file(run: Run, tmp_path: Path) -> None:
    result = run("feedback", "--to", "gold.jsonl", "--clear")
    assert (result.exit_code, result.stdout) == (0, "No feedback yet.\n")
    assert not (tmp_path / "gold.jsonl").exists()


def test_a_gold_file_is_written_and_the_feedback_stays(
    run: Run, voted: list[Feedback], tmp_path: Path
) -> None:
    result = run("feedback", "--to", "gold.jsonl")
    assert result.exit_code == 0
    assert "2 questions written to gold.jsonl." in result.stdout
    assert "1 to be reviewed: " in result.stdout
    settled, doubtful = lines_in(tmp_path / "gold.jsonl")
    assert (settled["question"], "review" in settled) == (MAYOR_QUESTION, False)
    assert (doubtful["question"], "review" in doubtful) == ("Who won in Ōsaka\u2028?", True)
    assert "Ōsaka" in (tmp_path / "gold.jsonl").read_text("utf-8")
    assert kept(tmp_path) == voted


def test_a_file_that_is_there_is_left_alone_and_nothing_is_forgotten(
    run: Run, voted: list[Feedback], tmp_path: Path
) -> None:
    (tmp_path / "gold.jsonl").write_text("hours of review", "utf-8")
    result = run("feedback", "--to", "gold.jsonl", "--clear", "--yes")
    assert result.exit_code == 1
    assert result.stderr == "Error: gold.jsonl is there already; name another file.\n"
    assert (tmp_path / "gold.jsonl").read_text("utf-8") == "hours of review"
    assert kept(tmp_path) == voted


def test_a_file_that_cannot_be_written_is_named_and_nothing_is_forgotten(
    run: Run, voted: list[Feedback], tmp_path: Path
) -> None:
    result = run("feedback", "--to", "none/gold.jsonl", "--clear", "--yes")
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: none/gold.jsonl can't be written: ")
    assert kept(tmp_path) == voted


def test_feedback_is_forgotten_once_it_is_written(
    run: Run, voted: list[Feedback], tmp_path: Path
) -> None:
    result = run("feedback", "--to", "gold.jsonl", "--clear", "--yes", "--json")
    printed = json.loads(result.stdout)
    assert (printed["lines"], printed["to_review"], printed["forgotten"]) == (2, 1, 3)
    assert len(lines_in(tmp_path / "gold.jsonl")) == 2
    assert kept(tmp_path) == []


@pytest.mark.parametrize(("typed", "left"), [("y\n", 0), ("n\n", 3), ("", 3)])
def test_forgetting_asks_back(
    run: Run, voted: list[Feedback], tmp_path: Path, typed: str, left: int
) -> None:
    result = run("feedback", "--clear", typed=typed)
    assert "Forget 3 votes, which are written to no file?" in result.stderr
    assert len(kept(tmp_path)) == left


def test_a_vote_that_comes_in_meanwhile_is_not_forgotten(
    run: Run, voted: list[Feedback], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = replace(voted[0], verdict="down", given_at=NOW + timedelta(2))

    def confirm(question: str, err: bool) -> bool:
        keep(tmp_path, late)
        return True

    monkeypatch.setattr("click.confirm", confirm)
    assert "2 votes forgotten." in run("feedback", "--to", "gold.jsonl", "--clear").stdout
    assert kept(tmp_path) == [late]


def test_counting_leaves_old_conversations_to_the_server(run: Run, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/data/conversations.sqlite"
    store = SqlConversations(url, clock=lambda: NOW)
    conversation_id = store.begin()
    assert run("feedback").exit_code == 0
    assert store.conversation(conversation_id).began_at == NOW
    open_conversations(Settings(data=tmp_path / "data")).close()
    with pytest.raises(ConversationNotFound):
        store.conversation(conversation_id)
    store.close()


def test_a_folder_that_is_not_there_is_named(run: Run) -> None:
    result = run("feedback", "--data", "none")
    assert result.exit_code == 1
    assert "none/conversations.sqlite" in result.stderr


def test_what_feedback_settled_is_evaluated_and_the_rest_told(
    run: Run,
    voted: list[Feedback],
    assistant: FakeAssistant,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("qa.commands.evaluate.assemble", lambda settings: assistant)
    run("feedback", "--to", "gold.jsonl")
    result = run("evaluate", "gold.jsonl", "--json")
    assert result.exit_code == 0
    assert result.stderr == "1 question waits for review, and was not asked.\n"
    [question] = json.loads(result.stdout)["questions"]
    assert (question["question"], question["given"]) == (MAYOR_QUESTION, "Ada Quinn")
