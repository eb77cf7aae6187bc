"""The documentation is true: what it names is there."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from qa.cli import main

ROOT = Path(__file__).resolve().parents[2]
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
MODULES = [
    file
    for package in ("corpus", "embeddings", "qa", "web")
    for suffix in ("py", "html", "js")
    for file in (ROOT / package).rglob(f"*.{suffix}")
]
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))

each_page = pytest.mark.parametrize(
    "page", PAGES, ids=[str(file.relative_to(ROOT)) for file in PAGES]
)


def code_in(page: Path) -> str:
    """Return what stands in backticks or in a fenced block."""
    return "\n".join(re.findall(r"```.*?```|`[^`\n]+`", page.read_text("utf-8"), re.DOTALL))


@each_page
def test_every_command_that_a_page_names_is_there(page: Path) -> None:
    named = re.findall(r"(?:^|[`/ ])dateline ([a-z]+)\b", code_in(page), re.MULTILINE)
    assert set(named) <= set(main.commands)


@each_page
def test_every_make_target_that_a_page_names_is_there(page: Path) -> None:
    named = re.findall(r"(?:^|[` ])make (?:[A-Z]+=\S+ )*([a-z-]+)", code_in(page), re.MULTILINE)
    assert set(named) <= TARGETS


@each_page
def test_every_file_that_a_page_links_to_is_there(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_command_that_a_message_names_is_there() -> None:
    named = {
        command
        for module in MODULES
        for command in re.findall(r"`dateline ([a-z]+)", module.read_text("utf-8"))
    }
    assert named
    assert named <= set(main.commands)


def test_every_command_and_option_explains_itself() -> None:
    for name, command in main.commands.items():
        assert command.help, name
        for parameter in command.params:
            if parameter.param_type_name == "option":
                assert getattr(parameter, "help", None), f"{name} {parameter.name}"


def test_every_make_target_explains_itself() -> None:
    listed = subprocess.run(
        ["make", "-s", "-C", str(ROOT), "help"], capture_output=True, text=True, check=True
    )
    told = {line.split()[0] for line in listed.stdout.splitlines()}
    assert told == TARGETS


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
def test_the_ci_script_is_valid() -> None:
    subprocess.run(["bash", "-n", str(ROOT / ".ci" / "run")], check=True)
