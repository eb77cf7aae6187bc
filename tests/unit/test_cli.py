"""The `dateline` command over stand-ins: what it prints where, and how it ends."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from importlib.metadata import version
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from corpus.errors import StoreDamaged
from corpus.story import Story
from embeddings.errors import ModelNotFound
from embeddings.index import Filters
from qa.answer import Resolution
from qa.cli import main
from qa.errors import ReaderNotFound
from qa.operations.following import open_intake_log
from qa.settings import Settings
from tests.fakes import FakeAssistant, abstention_about, answer_with, cite

QUESTION = "Who is mayor of Springfield?"
SENTENCE = "Ada Quinn was elected mayor of Springfield."
HEAVY = {"numpy", "faiss", "onnxruntime", "trafilatura", "rich.progress", "pydantic", "torch"}
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command with a data folder of its own and settings from nowhere else."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATELINE_DATA", str(tmp_path / "data"))

    def run_command(*arguments: str, typed: str = "") -> Result:
        return CliRunner().invoke(main, arguments, input=typed)

    return run_command


@pytest.fixture
def asked(assistant: FakeAssistant, monkeypatch: pytest.MonkeyPatch) -> FakeAssistant:
    """The assistant that the command assembles."""
    monkeypatch.setattr("qa.assemble.assemble", lambda settings: assistant)
    return assistant


@pytest.fixture
def indexed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of stories in the store each time that it was to be indexed."""
    counts: list[int] = []
    monkeypatch.setattr(
        "qa.commands.stories.bring_up_to_date",
        lambda settings, store, *on_progress, encode: counts.append(store.count()),
    )
    return counts


def page(folder: Path, name: str = "mayor.md", title: str = "Springfield elects a mayor") -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_text(f"---\ntitle: {title}\ndate: 2021-11-03\n---\n\n{SENTENCE * 12}\n", "utf-8")
    return file


def test_the_answer_is_printed_with_its_marked_sentence_and_source(
    run: Run, asked: FakeAssistant
) -> None:
    result = run("ask", QUESTION)
    assert result.exit_code == 0
    answer, standing, _, heading, title, sentence, link = result.stdout.splitlines()
    assert answer == "Ada Quinn"
    assert standing == "confidence 93% (high)"
    assert heading == "Sources:"
    assert title == " 1. Springfield elects a mayor, Springfield Gazette, 2021-11-03"
    assert sentence == "    **Ada Quinn** was elected mayor of Springfield."
    assert link == "    https://news.example/mayor#:~:text=x"
    assert result.stderr == ""


def test_the_time_that_words_come_to_is_printed_below_them(run: Run, asked: FakeAssistant) -> None:
    told = Resolution(value="2021-11-02", words="Tuesday", relative_to=date(2021, 11, 3))
    asked.answers[QUESTION] = replace(asked.answers[QUESTION], text="on Tuesday", resolution=told)

    assert run("ask", QUESTION).stdout.splitlines()[:2] == [
        "on Tuesday",
        "that is 2 November 2021, counted from the story’s date of publication, 3 November 2021",
    ]
    asked.answers[QUESTION] = replace(asked.answers[QUESTION], text="2 November 2021")
    assert run("ask", QUESTION).stdout.splitlines()[1] == "confidence 93% (high)"


def test_json_is_one_object_and_nothing_else(run: Run, asked: FakeAssistant) -> None:
    result = run("ask", QUESTION, "--json")
    assert result.exit_code == 0
    printed = json.loads(result.stdout)
    assert printed["answer"]["text"] == "Ada Quinn"
    assert result.stderr == ""


def test_a_pipe_gets_no_colours_and_unbroken_lines(
    run: Run, asked: FakeAssistant, story: Story
) -> None:
    long = f"{'Ada Quinn, as foreseen by all, '} was elected{' again' * 40}."
    told = replace(story, body=long)
    asked.answers[QUESTION] = answer_with(QUESTION, [cite(told, "Ada Quinn", long)])
    result = run("ask", QUESTION)
    assert "\x1b" not in result.stdout
    assert any(line.endswith("again again.") for line in result.stdout.splitlines())


def test_words_of_a_story_cannot_command_the_terminal(
    run: Run, asked: FakeAssistant, story: Story
) -> None:
    told = replace(story, body="Ada \x1b[2JQuinn\x9b1m [bold]won[/bold].", title="A \x07 title")
    asked.answers[QUESTION] = answer_with(QUESTION, [cite(told, "won", told.body)])
    result = run("ask", QUESTION)
    assert not {"\x1b", "\x9b", "\x07"} & set(result.stdout)
    assert "[bold]**won**[/bold]." in result.stdout


def test_an_abstention_gives_its_reason_and_what_came_nearest(
    run: Run, asked: FakeAssistant, story: Story
) -> None:
    nearest = cite(story, "Ada Quinn", SENTENCE, role="nearest")
    asked.answers[QUESTION] = abstention_about(QUESTION, [nearest])
    result = run("ask", QUESTION)
    assert result.exit_code == 0
    assert "No story mentions everything that the question asks about." in result.stdout
    assert "Not found: year 2019" in result.stdout
    assert "Nearest in the stories:" in result.stdout
    assert SENTENCE in result.stdout


def test_stories_that_disagree_are_shown_with_their_roles(
    run: Run, asked: FakeAssistant, story: Story
) -> None:
    other = replace(story, story_id="ff", title="Count contested")
    citations = [
        cite(story, "Ada Quinn", SENTENCE),
        cite(other, "Quinn", SENTENCE, n=2, role="conflicts"),
    ]
    asked.answers[QUESTION] = answer_with(QUESTION, citations, status="conflict")
    result = run("ask", QUESTION)
    assert "The stories disagree:" in result.stdout
    assert "1 says otherwise" in result.stdout
    assert " 2. Count contested, Springfield Gazette, 2021-11-03, says otherwise" in result.stdout


def test_of_stories_that_disagree_the_newest_comes_first(
    run: Run, asked: FakeAssistant, story: Story
) -> None:
    newer = replace(story, story_id="ff", title="Count contested", published_at=date(2022, 1, 2))
    citations = [
        cite(story, "Ada Quinn", SENTENCE),
        cite(newer, "Springfield", SENTENCE, n=2, role="conflicts"),
    ]
    asked.answers[QUESTION] = answer_with(QUESTION, citations, status="conflict")
    shown = run("ask", QUESTION).stdout
    assert shown.index(" 2. Count contested") < shown.index(" 1. Springfield elects")


def test_filters_reach_the_assistant(run: Run, asked: FakeAssistant) -> None:
    options = ("--from", "2021-01-02", "--to", "2021-12-31", "--publisher", "Gazette")
    result = run("ask", QUESTION, *options, "--story-id", "aa", "--story-id", "bb")
    assert result.exit_code == 0
    [(_, filters)] = asked.asked
    assert filters.from_date is not None
    assert filters.from_date.isoformat() == "2021-01-02"
    assert filters == Filters(
        from_date=filters.from_date,
        to_date=filters.from_date.replace(month=12, day=31),
        publisher="Gazette",
        story_ids=("aa", "bb"),
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ("ask",),
        ("ask", QUESTION, "--from", "yesterday"),
        ("add",),
        ("remove",),
        ("evaluate",),
        ("serve", "--port", "70000"),
        ("nonsense",),
        ("ask", QUESTION, "--nonsense"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_why(run: Run, arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Usage:" in result.stderr


@pytest.mark.parametrize(
    "failure",
    [
        ModelNotFound("The encoder is not in /models."),
        ReaderNotFound("The reader is not in /models."),
        StoreDamaged("stories.sqlite is damaged."),
    ],
)
def test_a_failure_ends_with_1_and_one_sentence(
    run: Run, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    def fail(settings: object) -> None:
        raise failure

    monkeypatch.setattr("qa.assemble.assemble", fail)
    result = run("ask", QUESTION, "--json")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr == f"Error: {failure}\n"


def test_an_empty_question_fails(run: Run, asked: FakeAssistant) -> None:
    result = run("ask", "  ")
    assert result.exit_code == 1
    assert result.stderr == "Error: Ask a question: the text was empty.\n"


def test_a_wrong_setting_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_READER__PASSAGES", "many")
    result = run("status")
    assert result.exit_code == 1
    assert "reader.passages" in result.stderr


def test_chat_answers_each_line_and_survives_what_is_no_question(
    run: Run, asked: FakeAssistant
) -> None:
    too_long = "who " * 300
    result = run("chat", typed=f"{QUESTION}\n\n{too_long}\nWho else?\n")
    assert result.exit_code == 0
    assert [question for question, _ in asked.asked] == [QUESTION, "Who else?"]
    assert result.stdout.startswith("Ada Quinn\n")
    assert "No story mentions everything" in result.stdout
    assert "ask it in at most 1,000" in result.stderr


def test_added_stories_are_counted_and_indexed(
    run: Run, indexed: list[int], tmp_path: Path
) -> None:
    page(tmp_path / "stories")
    first = run("add", "stories")
    assert (first.exit_code, first.stdout) == (
        0,
        "1 added, 0 updated, 0 unchanged, 0 refused\n",
    )
    again = run("add", "stories")
    assert again.stdout == "0 added, 0 updated, 1 unchanged, 0 refused\n"
    assert indexed == [1, 1]


def test_nothing_is_read_where_no_cluster_can_be_reached(run: Run, tmp_path: Path) -> None:
    page(tmp_path / "stories")
    result = run("add", "stories", "--ray", "head")
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")
    assert "head: an address is" in result.stderr or "pip install 'dateline[ray]'" in result.stderr
    assert not (tmp_path / "data").exists()


def test_a_refused_file_is_named_and_the_rest_added(
    run: Run, indexed: list[int], tmp_path: Path
) -> None:
    page(tmp_path / "stories")
    (tmp_path / "stories" / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(200))
    result = run("add", "stories")
    assert result.exit_code == 0
    assert result.stdout == "1 added, 0 updated, 0 unchanged, 1 refused\n"
    assert result.stderr.startswith("photo.jpg: ")


def test_a_report_is_one_json_object(run: Run, indexed: list[int], tmp_path: Path) -> None:
    page(tmp_path / "stories")
    (tmp_path / "stories" / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(200))
    result = run("add", "stories", "--json")
    report = json.loads(result.stdout)
    assert (report["added"], report["updated"], report["unchanged"]) == (1, 0, 0)
    assert [refusal["source"] for refusal in report["refused"]] == ["photo.jpg"]
    assert result.stderr == ""


def test_adding_nothing_readable_fails(run: Run, indexed: list[int], tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(200))
    result = run("add", "photo.jpg")
    assert result.exit_code == 1
    assert result.stderr.endswith("Error: No story was read.\n")


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
def test_a_file_that_may_not_be_read_is_named(run: Run, indexed: list[int], tmp_path: Path) -> None:
    page(tmp_path).chmod(0)
    result = run("add", "mayor.md")
    assert result.exit_code == 1
    assert "mayor.md: " in result.stderr


@pytest.mark.parametrize(
    ("path", "complaint"),
    [
        ("nothing.html", "does not exist"),
        ("https://news.example/mayor", "fetching is off"),
        ("dvids:panama", "DATELINE_FETCH__ENABLED=true"),
    ],
)
def test_a_path_that_is_no_file_fails(
    run: Run, indexed: list[int], path: str, complaint: str
) -> None:
    result = run("add", path)
    assert result.exit_code == 1
    assert complaint in result.stderr
    assert indexed == []


def test_bundled_stories_are_added_only_if_wanted_and_only_to_an_empty_store(
    run: Run, indexed: list[int], tmp_path: Path
) -> None:
    assert "2 added" in run("add", "--bundled", "--if-empty").stdout
    page(tmp_path)
    assert "0 added, 0 updated, 0 unchanged" in run("add", "mayor.md", "--if-empty").stdout
    assert "1 added" in run("add", "mayor.md").stdout


def test_removed_stories_are_gone_and_unknown_ones_fail(
    run: Run, indexed: list[int], tmp_path: Path
) -> None:
    page(tmp_path)
    run("add", "mayor.md")
    [story] = json.loads(run("status", "--json").stdout)["latest"]
    assert run("remove", story["story_id"]).exit_code == 0
    assert indexed == [1, 0]
    again = run("remove", story["story_id"])
    assert again.exit_code == 1
    assert story["story_id"] in again.stderr


def test_status_tells_what_the_store_holds(run: Run, indexed: list[int], tmp_path: Path) -> None:
    page(tmp_path / "stories", "a.md", "First title")
    page(tmp_path / "stories", "b.md", "Second title")
    run("add", "stories")
    status = json.loads(run("status", "--json", "--latest", "1").stdout)
    assert status["stories"] == 2
    assert status["passages"] == status["pending"] > 0
    assert (status["first_date"], status["last_date"]) == ("2021-11-03", "2021-11-03")
    assert len(status["latest"]) == 1
    told = run("status").stdout
    assert "First title" in told
    assert status["latest"][0]["story_id"] in told


def test_status_of_an_empty_store(run: Run) -> None:
    status = json.loads(run("status", "--json").stdout)
    assert (status["stories"], status["latest"], status["first_date"]) == (0, [], None)
    assert run("status").exit_code == 0


def test_status_tells_where_answers_begin(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    status = json.loads(run("status", "--json").stdout)
    assert 0 < status["answers_from"] < 1
    assert 0.5 < status["held_out_right"] <= 1
    assert "right on held-out questions" in run("status").stdout

    monkeypatch.setenv("DATELINE_ANSWER__THRESHOLD", "0.7")

    status = json.loads(run("status", "--json").stdout)
    assert (status["answers_from"], status["held_out_right"]) == (0.7, None)
    assert "from 70% confidence on\n" in run("status").stdout


def test_a_damaged_store_fails_with_one_sentence(run: Run, tmp_path: Path) -> None:
    run("status")
    [store] = [file for file in (tmp_path / "data").iterdir() if "-" not in file.name]
    store.write_bytes(b"This is no database. " * 100)
    result = run("status")
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")
    assert "damaged" in result.stderr
    assert result.stderr.count("\n") == 1


def test_data_names_the_folder(run: Run, tmp_path: Path) -> None:
    assert run("status", "--data", str(tmp_path / "elsewhere")).exit_code == 0
    assert (tmp_path / "elsewhere").is_dir()
    assert not (tmp_path / "data").exists()


@pytest.fixture
def gold(asked: FakeAssistant, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """The name of a file with a question that is answered right."""
    line = {"id": "1", "question": QUESTION, "kind": "person", "answers": [{"text": "Ada Quinn"}]}
    (tmp_path / "gold.jsonl").write_text(json.dumps(line), "utf-8")
    monkeypatch.setattr("qa.commands.evaluate.assemble", lambda settings: asked)
    return "gold.jsonl"


def test_evaluation_prints_its_scores_as_json_or_as_a_table(
    run: Run, gold: str, tmp_path: Path
) -> None:
    result = run("evaluate", gold, "--json", "--misses", "misses.jsonl")
    assert result.exit_code == 0
    printed = json.loads(result.stdout)
    assert (printed["n"], printed["accuracy"]["value"]) == (1, 1.0)
    assert [question["given"] for question in printed["questions"]] == ["Ada Quinn"]
    assert "against" not in printed
    assert (tmp_path / "misses.jsonl").read_text("utf-8") == ""
    told = run("evaluate", gold).stdout
    assert "exact_match" in told
    assert "Against" not in told


def test_an_evaluation_writes_a_page(run: Run, gold: str, tmp_path: Path) -> None:
    result = run("evaluate", gold, "--report", "report.html")
    assert (result.exit_code, result.stderr) == (0, "")
    page = (tmp_path / "report.html").read_text("utf-8")
    assert "over 1 question of gold.jsonl" in page
    assert "data:image/svg+xml" in page


@pytest.mark.parametrize("as_json", [True, False])
def test_an_evaluation_is_compared_with_an_earlier_one(
    run: Run, gold: str, asked: FakeAssistant, tmp_path: Path, as_json: bool
) -> None:
    right = asked.answers.pop(QUESTION)
    (tmp_path / "old.json").write_text(run("evaluate", gold, "--json").stdout, "utf-8")
    asked.answers[QUESTION] = right
    options = ("--json",) if as_json else ()
    result = run("evaluate", gold, "--against", "old.json", "--report", "report.html", *options)
    assert result.exit_code == 0
    assert "Comparison with old.json" in (tmp_path / "report.html").read_text("utf-8")
    if as_json:
        against = json.loads(result.stdout)["against"]
        assert (against["file"], against["n"]) == ("old.json", 1)
        assert against["mcnemar"] == {"gained": ["1"], "lost": [], "p": 1.0}
        assert against["scores"]["f1"]["difference"]["value"] == 1.0
    else:
        assert "Against old.json, 1 question in both:" in result.stdout
        assert "1 gained, 0 lost: p = 1 (McNemar, exact)" in result.stdout


def test_a_score_that_falls_short_ends_with_1_after_everything_was_printed(
    run: Run, gold: str, tmp_path: Path
) -> None:
    limits = ("--fail-under", "f1=0.9", "--fail-under", "ece=0.01", "--fail-under", "mrr=0.5")
    result = run("evaluate", gold, "--json", "--report", "report.html", *limits)
    assert result.exit_code == 1
    assert json.loads(result.stdout)["n"] == 1
    told = "Error: ece is 0.07, over 0.01. mrr is not defined by these questions.\n"
    assert result.stderr == told
    assert (tmp_path / "report.html").exists()
    assert run("evaluate", gold, "--fail-under", "f1=0.9").exit_code == 0


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (("--fail-under", "beauty=1"), "'beauty' is no score"),
        (("--fail-under", "f1=high"), "'f1=high' has no number after f1="),
        (("--against", "gold.jsonl"), "gold.jsonl is not what `dateline evaluate --json` prints"),
        (("--against", "none.json"), "none.json can't be read"),
        (("--report", "."), "is a directory"),
    ],
)
def test_a_wrong_option_ends_with_2_before_a_question_is_asked(
    run: Run, gold: str, asked: FakeAssistant, options: tuple[str, ...], complaint: str
) -> None:
    result = run("evaluate", gold, *options)
    assert (result.exit_code, result.stdout, asked.asked) == (2, "", [])
    assert complaint in result.stderr


def test_a_page_that_cannot_be_made_fails_before_a_question_is_asked(
    run: Run, gold: str, asked: FakeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = run("evaluate", gold, "--report", "none/report.html")
    assert (result.exit_code, asked.asked) == (1, [])
    assert result.stderr == "Error: none/report.html can't be written: its folder is not there.\n"
    for module in ("qa.report", "qa.scoring.report_plots", "qa.scoring.plots"):
        monkeypatch.delitem(sys.modules, module, raising=False)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    result = run("evaluate", gold, "--report", "report.html")
    assert (result.exit_code, asked.asked) == (1, [])
    told = "--report (matplotlib) needs the extra 'report': pip install 'dateline[report]'"
    assert result.stderr == f"Error: {told}\n"


def test_runs_without_a_question_in_common_are_not_compared(
    run: Run, gold: str, asked: FakeAssistant, tmp_path: Path
) -> None:
    old = json.loads(run("evaluate", gold, "--json").stdout)
    old["questions"][0]["id"] = "2"
    (tmp_path / "old.json").write_text(json.dumps(old), "utf-8")
    asked.asked.clear()
    result = run("evaluate", gold, "--against", "old.json")
    assert (result.exit_code, asked.asked) == (1, [])
    assert result.stderr == "Error: The earlier run has none of these questions.\n"


def test_a_wrong_gold_file_is_named(run: Run, asked: FakeAssistant, tmp_path: Path) -> None:
    (tmp_path / "gold.jsonl").write_text("{}\n", "utf-8")
    result = run("evaluate", "gold.jsonl", "--json")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "gold.jsonl, line 1" in result.stderr


def test_serving_without_stories_fails(run: Run) -> None:
    result = run("serve")
    assert result.exit_code == 1
    assert "dateline add" in result.stderr


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The command lines that the process was to become, instead of becoming them."""
    lines: list[list[str]] = []
    monkeypatch.setattr(os, "execv", lambda program, line: lines.append(line))
    monkeypatch.setattr(os, "environ", os.environ.copy())
    return lines


def test_serving_on_a_port_in_use_fails_with_one_sentence(
    run: Run, indexed: list[int], started: list[list[str]]
) -> None:
    run("add", "--bundled")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = run("serve", "--port", str(port))
    assert result.exit_code == 1
    assert result.stderr.startswith(f"Error: Can't listen on port {port} of 127.0.0.1: ")
    assert "in use" in result.stderr
    assert started == []


def test_serving_becomes_the_server_with_what_was_given(
    run: Run, indexed: list[int], started: list[list[str]], tmp_path: Path
) -> None:
    run("add", "--bundled")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    run("serve", "--port", str(port), "--data", "data")
    [line] = started
    assert line[:3] == [sys.executable, "-m", "web.serving"]
    assert f"127.0.0.1:{port}" in line
    assert os.environ["DATELINE_DATA"] == str(tmp_path / "data")
    assert os.environ["DATELINE_WEB__PORT"] == str(port)
    assert os.environ["MALLOC_ARENA_MAX"] == "2"


def test_serving_without_a_place_for_conversations_fails_with_one_sentence(
    run: Run, indexed: list[int], started: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    run("add", "--bundled")
    url = "postgresql://someone:s3cret@127.0.0.1:1/dateline"
    monkeypatch.setenv("DATELINE_CONVERSATIONS__URL", url)
    result = run("serve", "--port", "8099")
    assert (result.exit_code, started) == (1, [])
    assert result.stderr.startswith("Error: The database of conversations, postgresql+psycopg://")
    assert "s3cret" not in result.stderr


def test_an_address_that_is_not_ours_fails(run: Run, indexed: list[int]) -> None:
    run("add", "--bundled")
    result = run("serve", "--host", "192.0.2.1", "--port", "8099")
    assert result.exit_code == 1
    assert "Can't listen" in result.stderr


def test_mcp_without_stories_fails(run: Run, started: list[list[str]]) -> None:
    result = run("mcp")
    assert (result.exit_code, started) == (1, [])
    assert "dateline add" in result.stderr


def test_mcp_becomes_its_server_over_the_given_stories(
    run: Run, indexed: list[int], started: list[list[str]], tmp_path: Path
) -> None:
    run("add", "--bundled")
    run("mcp", "--data", "data")
    assert started == [[sys.executable, "-m", "web.mcp_stdio"]]
    assert os.environ["DATELINE_DATA"] == str(tmp_path / "data")


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; from qa.cli import main\n"
        "try: main(['--help'])\n"
        "finally: print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "Answer questions" in done.stdout
    assert "qa.cli" in done.stderr.split()
    assert HEAVY & set(done.stderr.split()) == set()


def test_the_version_is_the_package_s(run: Run) -> None:
    assert run("--version").stdout.strip() == f"dateline, version {version('dateline')}"


# What is counted for who watches


def test_add_and_watch_count_what_they_refuse(run: Run, indexed: list[int], tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "empty.html").write_text("", "utf-8")
    run("add", "in")
    run("watch", "in", "nowhere", "--once")

    totals = open_intake_log(Settings(data=tmp_path / "data")).totals()
    assert sum(totals.failures.values()) == 3
    assert totals.failures["UnreadableSource"] >= 1


def test_an_add_that_fails_as_a_whole_is_counted(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise ModelNotFound("no encoder")

    monkeypatch.setattr("qa.commands.stories.bring_up_to_date", fails)
    (tmp_path / "story.md").write_text("# A title\n\n" + "Words of a story. " * 40, "utf-8")
    assert run("add", "story.md").exit_code == 1
    totals = open_intake_log(Settings(data=tmp_path / "data")).totals()
    assert totals.failures == {"ModelNotFound": 1}
    assert totals.outcomes["added"] == 1


def test_serve_names_the_extra_that_traces_need(
    run: Run, indexed: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "story.md").write_text("# A title\n\n" + "Words of a story. " * 40, "utf-8")
    run("add", "story.md")
    missing = "opentelemetry.exporter.otlp.proto.http.trace_exporter"
    monkeypatch.setitem(sys.modules, missing, None)
    monkeypatch.setenv("DATELINE_TELEMETRY__TRACES", "http://127.0.0.1:4318/v1/traces")
    result = run("serve", "--port", str(free_port()))
    assert result.exit_code == 1
    assert result.stderr == (
        "Error: telemetry.traces (OpenTelemetry) needs the extra 'telemetry': "
        "pip install 'dateline[telemetry]'\n"
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
