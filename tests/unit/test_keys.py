"""The file of API keys: what it keeps, what it refuses, when it is read again."""

import json
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner

from qa.cli import main
from qa.errors import KeyNameTaken, KeyNotFound, KeysDamaged
from qa.keys import SCOPES, KeyFile, open_keys
from qa.settings import Settings


@pytest.fixture
def file(tmp_path: Path) -> KeyFile:
    return KeyFile(tmp_path / "data" / "api-keys.json")


def test_a_key_is_found_by_itself_and_by_nothing_else(file: KeyFile) -> None:
    one, other = file.add("one", ["ask"], None), file.add("other", SCOPES, "5/second")

    found = file.find(other)
    assert found is not None
    assert (found.name, found.scopes, found.rate) == ("other", SCOPES, "5/second")
    assert one != other
    for wrong in ("", one[:-1], f"{one} ", found.sha256, "\udc80"):
        assert file.find(wrong) is None


def test_the_file_tells_no_key_and_only_its_owner_reads_it(file: KeyFile) -> None:
    key = file.add("one", ["ask"], None)

    assert key.removeprefix("dateline_") not in file.path.read_text("utf-8")
    assert len(key.removeprefix("dateline_")) >= 43  # 256 bits in base 64
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert list(file.path.parent.iterdir()) == [file.path]


def test_what_another_process_wrote_counts_at_once(file: KeyFile) -> None:
    assert file.keys() is None
    key = KeyFile(file.path).add("one", ["ask"], None)
    assert file.find(key) is not None
    KeyFile(file.path).remove("one")
    assert file.find(key) is None
    assert file.keys() == ()


def test_a_name_is_given_once(file: KeyFile) -> None:
    file.add("one", ["ask"], None)
    with pytest.raises(KeyNameTaken):
        file.add("one", ["ask"], None)
    with pytest.raises(KeyNotFound):
        file.remove("two")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"keys": [{"name": "one"}]}',
        '{"keys": [], "more": 1}',
        '{"keys": [{"name": "a", "scopes": ["root"], "made_on": "2026-01-01", "sha256": "%s"}]}'
        % ("0" * 64),
    ],
)
def test_a_damaged_file_lets_nobody_in(file: KeyFile, text: str) -> None:
    file.path.parent.mkdir()
    file.path.write_text(text, "utf-8")
    with pytest.raises(KeysDamaged):
        file.find("anything")


def test_a_file_that_cannot_be_read_or_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "api-keys.json").mkdir()
    with pytest.raises(KeysDamaged, match="can't be read"):
        KeyFile(tmp_path / "api-keys.json").keys()
    (tmp_path / "file").touch()
    with pytest.raises(KeysDamaged, match="can't be"):
        KeyFile(tmp_path / "file" / "keys.json").add("one", ["ask"], None)


def test_settings_name_the_file(tmp_path: Path) -> None:
    assert open_keys(Settings(data=tmp_path)).path == tmp_path / "api-keys.json"
    elsewhere = Settings.model_validate({"web": {"api_keys": tmp_path / "k.json"}})
    assert open_keys(elsewhere).path == tmp_path / "k.json"


def dateline(data: Path, *words: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, ["keys", *words, "--data", str(data)])
    return result.exit_code, result.stdout, result.stderr


def test_command_prints_a_key_once_and_lists_it_without(tmp_path: Path) -> None:
    status, key, _ = dateline(
        tmp_path, "add", "bot", "--scope", "ask", "--scope", "feedback", "--rate", "60/minute"
    )
    assert status == 0
    assert open_keys(Settings(data=tmp_path)).find(key.strip()) is not None
    _, listed, _ = dateline(tmp_path, "list")
    assert listed.startswith("bot: ask, feedback, 60/minute, made on 20")
    listing = json.loads(dateline(tmp_path, "list", "--json")[1])
    assert listing["needed"] is True
    assert [set(entry) for entry in listing["keys"]] == [{"name", "scopes", "rate", "made_on"}]


def test_command_takes_a_key_back_and_warns_after_the_last(tmp_path: Path) -> None:
    assert "answer everyone" in dateline(tmp_path, "list")[1]
    assert json.loads(dateline(tmp_path, "list", "--json")[1]) == {"needed": False, "keys": []}
    dateline(tmp_path, "add", "bot")
    status, _, warning = dateline(tmp_path, "remove", "bot")
    assert status == 0
    assert "answer nobody" in warning
    assert str(tmp_path / "api-keys.json") in warning


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("add", "two words"), 2),
        (("add", "bot", "--rate", "often"), 2),
        (("add", "bot", "--scope", "root"), 2),
        (("remove", "nobody"), 1),
    ],
)
def test_command_explains_what_it_refuses(
    tmp_path: Path, words: tuple[str, ...], status: int
) -> None:
    ended, _, told = dateline(tmp_path, *words)
    assert ended == status
    assert "Error: " in told


def test_command_offers_every_scope() -> None:
    told = CliRunner().invoke(main, ["keys", "add", "--help"]).output
    assert all(scope in told for scope in SCOPES)
