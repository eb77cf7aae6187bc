"""Settings: where they come from, what is refused, and that each is documented."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from qa.errors import InvalidSettings
from qa.settings import Settings, load_settings
from qa.settings_page import main, settings_page

PAGE = Path(__file__).resolve().parents[2] / "docs" / "settings.md"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run in a folder without dateline.toml and without DATELINE_ variables."""
    monkeypatch.chdir(tmp_path)
    for name in ("DATELINE_DATA", "DATELINE_WEB__PORT", "DATELINE_READER__PASSAGES"):
        monkeypatch.delenv(name, raising=False)


def fields(model: type[BaseModel], path: str = "") -> Iterator[tuple[str, FieldInfo]]:
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from fields(field.annotation, f"{path}{name}__")
        else:
            yield f"DATELINE_{path}{name}".upper(), field


def test_the_defaults_are_valid() -> None:
    assert load_settings() == Settings()


def test_a_keyword_wins_over_the_environment_and_that_over_the_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Path("dateline.toml").write_text("[web]\nport = 1111\nthreads = 2\n", "utf-8")
    assert load_settings().web.port == 1111
    monkeypatch.setenv("DATELINE_WEB__PORT", "2222")
    assert load_settings().web.port == 2222
    settings = load_settings(web={"port": 3333})
    assert (settings.web.port, settings.web.threads) == (3333, 2)


@pytest.mark.parametrize(
    ("toml", "complaint"),
    [
        ("dat = 'x'", "dat: "),
        ("[web]\nprot = 1", "web.prot: "),
        ("[web]\nport = 70000", "web.port: "),
        ("[reader]\npassages = 0", "reader.passages: "),
        ("[reader]\nengine = 'huggingface'", "reader: .*needs reader.model"),
    ],
)
def test_a_wrong_setting_is_named(toml: str, complaint: str) -> None:
    Path("dateline.toml").write_text(toml, "utf-8")
    with pytest.raises(InvalidSettings, match=complaint):
        load_settings()


@pytest.mark.parametrize(("variable", "field"), list(fields(Settings)))
def test_every_setting_has_a_sentence_and_stands_in_the_page(
    variable: str, field: FieldInfo
) -> None:
    assert field.description
    assert field.description.endswith(".")
    page = PAGE.read_text("utf-8")
    assert f"`{variable}`" in page
    assert field.description in page


def test_the_page_is_what_the_code_says() -> None:
    assert PAGE.read_text("utf-8") == settings_page()


def test_a_page_that_is_out_of_date_fails_the_check() -> None:
    page = Path("settings.md")
    main([str(page)])
    main([str(page), "--check"])
    page.write_text("something else", "utf-8")
    with pytest.raises(SystemExit, match="make docs"):
        main([str(page), "--check"])
