"""Data folders as older Datelines wrote them: today's reads each, and answers as from new ones.

A folder for each form that one ever had: both schemas of the stories, the first with and without
its index of publishers; an index of the words before and after a glossary stood beside it. Each was
made by `dateline add` of the three STORIES and, where there were conversations, by a question and
its feedback through `dateline serve`, with the code of the commits 55ddb02^, c389caa^, c389caa and
5d7417f^. tests/unit/test_migrations.py has the cases that no such folder shows.
"""

import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from corpus.connection import SCHEMA_VERSION
from corpus.ingest import ingest
from qa.assemble import assemble, open_conversations, open_store
from qa.cli import main
from qa.kept_answer import completed
from qa.keys import open_keys
from qa.settings import Settings, load_settings

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ROOT / "tests" / "data" / "folders"
STORIES = [
    ROOT / "tests" / "gold" / "stories" / name
    for name in (
        "2022-11-15-carrow-library.md",
        "2023-03-04-cannery-fire.md",
        "2024-04-17-bridge-council.md",
    )
]
QUESTIONS = (
    "Who is the architect of the Carrow Library repair?",
    "How much did the Halden Foundation give?",
    "When did the cannery burn?",
)
CONVERSATIONS = {
    "schema-1": "e80673cfaee52c996c23cac585b6745e",
    "schema-2": "73931ce83eaed8ab014dc238c8e5da66",
    "schema-2-with-suggestions": "8f7b5c56129cb3ce537b208c3fe88ee8",
}
OLDER = {
    "schema-1-without-publishers": 1,
    "schema-1": 1,
    "schema-2": 2,
    "schema-2-with-suggestions": 2,
}
"""The folders, each with its schema."""

pytestmark = pytest.mark.models


@pytest.fixture(params=sorted(OLDER))
def name(request: pytest.FixtureRequest) -> str:
    """The name of an older folder."""
    return str(request.param)


@pytest.fixture
def older(name: str, tmp_path: Path) -> Settings:
    """The settings of an older folder, unpacked."""
    with tarfile.open(FOLDERS / f"{name}.tar.xz") as tar:
        tar.extractall(tmp_path / name, filter="data")
    return load_settings(data=tmp_path / name)


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> list[object]:
    """What is answered from the same stories, read today."""
    settings = load_settings(data=tmp_path_factory.mktemp("new"))
    with closing(open_store(settings)) as store:
        ingest(store, STORIES)
    return answered(settings)


def answered(settings: Settings) -> list[object]:
    assistant = assemble(settings)
    found = [assistant.ask(text) for text in QUESTIONS]
    return [
        (answer.status, answer.text, [(cited.story_id, cited.quote) for cited in answer.citations])
        for answer in found
    ]


def schema(settings: Settings) -> int:
    with closing(sqlite3.connect(settings.data / "stories.sqlite")) as connection:
        [version] = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


def test_there_is_a_folder_of_every_schema() -> None:
    assert set(OLDER.values()) == set(range(1, SCHEMA_VERSION + 1))
    assert {file.name for file in FOLDERS.iterdir()} == {f"{name}.tar.xz" for name in OLDER}


def test_an_older_folder_answers_as_a_new_one(
    name: str, older: Settings, answers: list[object]
) -> None:
    assert schema(older) == OLDER[name]
    assert answered(older) == answers
    assert schema(older) == SCHEMA_VERSION


def test_an_older_folder_is_found_sound_once_it_is_used(older: Settings) -> None:
    assemble(older)
    checked = CliRunner().invoke(main, ["doctor", "--data", str(older.data)])
    assert checked.exit_code == 0, checked.output


def test_stories_of_an_older_folder_are_known_again(older: Settings) -> None:
    with closing(open_store(older)) as store:
        assert ingest(store, STORIES).unchanged == len(STORIES)


@pytest.mark.parametrize("name", sorted(CONVERSATIONS))
def test_a_conversation_of_an_older_folder_goes_on(name: str, older: Settings) -> None:
    with closing(open_conversations(older)) as conversations:
        [turn] = conversations.latest_turns(CONVERSATIONS[name], 5)
        [given] = conversations.feedback()
    assert completed(turn.answer)["answer"]["text"] == "Mikael Strand"
    assert given.verdict == "up"


@pytest.mark.parametrize("name", sorted(CONVERSATIONS))
def test_keys_of_an_older_folder_are_known(older: Settings) -> None:
    [key] = open_keys(older).keys() or ()
    assert key.name == "bot"
