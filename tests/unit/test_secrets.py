"""Passwords and keys come from variables or files, and are told nowhere."""

import json
import logging
import traceback
from contextlib import closing
from pathlib import Path
from typing import cast

import pytest
from click.testing import CliRunner
from pydantic import ValidationError

from corpus.store import StoryStore
from qa.assistant import Assistant
from qa.cli import main
from qa.conversations.sql_conversations import SqlConversations
from qa.errors import ConversationsUnavailable, InvalidSettings
from qa.operations import checks
from qa.settings import Settings, load_settings
from tests.fakes import FakeAssistant, mayor_story
from web import create_app

SECRET = "hunter2-of-the-newsroom"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of secrets that the settings read."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "secrets"
    folder.mkdir()
    monkeypatch.setenv("DATELINE_SECRETS_DIR", str(folder))
    return folder


@pytest.fixture
def all_secret(monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings in which every secret is the same words."""
    for name, value in {
        "CONVERSATIONS__URL": f"postgresql+psycopg://dateline:{SECRET}@127.0.0.1:1/dateline",
        "MILVUS_TOKEN": SECRET,
        "FETCH__DVIDS_KEY": SECRET,
        "WEB__LIMITS__STORAGE": f"nowhere://:{SECRET}@127.0.0.1:1",
    }.items():
        monkeypatch.setenv(f"DATELINE_{name}", value)
    return load_settings()


def test_each_file_gives_the_setting_that_it_is_named_for(folder: Path) -> None:
    (folder / "DATELINE_CONVERSATIONS__URL").write_text("sqlite:///told.sqlite\n", "utf-8")
    (folder / "dateline_milvus_token").write_text(SECRET, "utf-8")

    settings = load_settings()

    assert settings.conversations.url
    assert settings.conversations.url.get_secret_value() == "sqlite:///told.sqlite"
    assert settings.milvus_token
    assert settings.milvus_token.get_secret_value() == SECRET


def test_a_volume_of_kubernetes_is_read_through_its_links(folder: Path) -> None:
    (folder / "..2024").mkdir()
    (folder / "..2024" / "DATELINE_FETCH__DVIDS_KEY").write_text(SECRET, "utf-8")
    (folder / "..data").symlink_to("..2024")
    (folder / "DATELINE_FETCH__DVIDS_KEY").symlink_to("..data/DATELINE_FETCH__DVIDS_KEY")

    key = load_settings().fetch.dvids_key

    assert key
    assert key.get_secret_value() == SECRET


def test_a_variable_wins_over_a_file_of_secrets_and_that_over_toml(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("dateline.toml").write_text("milvus_token = 'toml'\n[web]\nport = 1111\n", "utf-8")
    (folder / "DATELINE_MILVUS_TOKEN").write_text("file", "utf-8")
    assert load_settings().milvus_token == load_settings(milvus_token="file").milvus_token
    monkeypatch.setenv("DATELINE_MILVUS_TOKEN", "variable")
    assert load_settings().milvus_token == load_settings(milvus_token="variable").milvus_token
    assert load_settings().web.port == 1111


def test_a_folder_of_secrets_that_is_not_there_stops_dateline(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATELINE_SECRETS_DIR", str(folder / "nothing"))

    with pytest.raises(InvalidSettings, match=r"nothing.*does not exist"):
        load_settings()


def test_doctor_names_the_file_of_secrets_that_is_no_setting(folder: Path) -> None:
    (folder / "DATELINE_MILVUS_TOKN").write_text(SECRET, "utf-8")
    (folder / "somebody-elses").write_text("", "utf-8")

    [found] = checks.settings_given(load_settings())

    assert found.verdict == "warning"
    assert "DATELINE_MILVUS_TOKN" in found.says
    assert "somebody" not in found.says


def test_settings_show_no_secret(all_secret: Settings) -> None:
    assert SECRET not in f"{all_secret!r} {all_secret} {all_secret.model_dump_json()}"


@pytest.mark.parametrize(
    ("name", "value"),
    [("INDEX_ENGINE", "milvus"), ("FETCH__PAUSE_S", "x"), ("CONVERSATIONS", f'{{"url": "{SECRET}')],
)
def test_what_is_said_of_wrong_settings_shows_no_secret(
    all_secret: Settings, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"DATELINE_{name}", value)

    with pytest.raises(InvalidSettings) as refused:
        load_settings()

    assert SECRET not in "".join(traceback.format_exception(refused.value))


def test_what_the_database_and_the_counters_refuse_shows_no_secret(
    all_secret: Settings, assistant: FakeAssistant, conversations: SqlConversations
) -> None:
    assert all_secret.conversations.url
    with pytest.raises(ConversationsUnavailable) as refused:
        SqlConversations(all_secret.conversations.url.get_secret_value())
    assert SECRET not in "".join(traceback.format_exception(refused.value))

    web = all_secret.web.model_copy(
        update={"limits": all_secret.web.limits.model_copy(update={"enabled": True})}
    )
    settings = all_secret.model_copy(update={"web": web})
    with pytest.raises(InvalidSettings) as uncounted:
        create_app(settings, cast(Assistant, assistant), conversations)
    assert SECRET not in "".join(traceback.format_exception(uncounted.value))


@pytest.mark.parametrize("uri", ["http://user:pass@milvus:19530", "http://milvus/?user:pass@x"])
def test_an_address_of_milvus_takes_no_password(uri: str) -> None:
    with pytest.raises(ValidationError, match="milvus_uri"):
        Settings(milvus_uri=uri)


def test_doctor_backup_and_status_show_no_secret(
    all_secret: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with closing(StoryStore(tmp_path / "stories.sqlite")) as store:
        store.add([mayor_story()])
    told = [
        CliRunner().invoke(main, [*command, "--data", str(tmp_path)])
        for command in (["doctor"], ["status"], ["backup", str(tmp_path / "kept")])
    ]

    assert all(SECRET not in f"{result.output}{result.exception!r}" for result in told)
    assert SECRET not in caplog.text
    kept = [file for file in (tmp_path / "kept").rglob("*") if file.is_file()]
    assert not any(SECRET.encode() in file.read_bytes() for file in kept)


def test_metrics_and_problems_show_no_secret(
    all_secret: Settings, assistant: FakeAssistant, conversations: SqlConversations
) -> None:
    client = create_app(all_secret, cast(Assistant, assistant), conversations).test_client()

    for path in ("/metrics", "/healthz", "/readyz", "/openapi.json", "/about", "/nothing"):
        assert SECRET not in client.get(path).text
    assert SECRET not in json.dumps(client.post("/v1/ask", json={"question": ""}).json)
