"""The table of ASVS names every requirement once, and no test that isn't there."""

import ast
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "docs" / "asvs.md"
# The ids of level 1 and 2, from the standard's own table:
# https://github.com/OWASP/ASVS/blob/v5.0.0/5.0/docs_en
LEVEL_2 = (ROOT / "tests/data/asvs-5.0.0-level-2.txt").read_text("utf-8").split()
ID = re.compile(r"V\d+(?:\.\d+)*(?:\.\*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    ids: tuple[str, ...]
    applies: bool
    control: str
    tests: tuple[str, ...]


def rows() -> list[Row]:
    """Return the rows of the table."""
    found = []
    for line in TABLE.read_text("utf-8").splitlines():
        if line.startswith("| V"):
            asks, applies, control, tests = (cell.strip() for cell in line[1:-1].split(" |"))
            assert applies in ("yes", "no"), line
            ids = re.match(rf"(?:{ID.pattern}(?:, )?)+", asks)
            assert ids, line
            found.append(
                Row(
                    ids=tuple(ID.findall(ids[0])),
                    applies=applies == "yes",
                    control=control,
                    tests=tuple(re.findall(r"`([^`]+)`", tests)),
                )
            )
    return found


def covered(name: str) -> list[str]:
    """Return the requirements that *name* stands for."""
    if not name.endswith(".*"):
        return [name]
    return [requirement for requirement in LEVEL_2 if requirement.startswith(name[:-1])]


@cache
def names_in(path: str) -> set[str]:
    """Return the names of the tests in a file."""
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    return {found.name for found in tree.body if isinstance(found, ast.FunctionDef)}


def test_every_requirement_of_level_1_and_2_stands_in_the_table_once() -> None:
    named = Counter(each for row in rows() for name in row.ids for each in covered(name))

    assert len(LEVEL_2) == len(set(LEVEL_2)) == 253
    assert set(LEVEL_2) - named.keys() == set()
    assert named.keys() - set(LEVEL_2) == set()
    assert [name for name, times in named.items() if times > 1] == []


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.ids[0])
def test_what_applies_has_a_test_and_what_does_not_a_reason(row: Row) -> None:
    assert row.control
    assert bool(row.tests) == row.applies
    for test in row.tests:
        path, name = test.split("::")
        assert name in names_in(path), test


def test_every_page_on_security_is_linked() -> None:
    pages = {
        page: (ROOT / page).read_text("utf-8")
        for page in ("README.md", "SECURITY.md", "docs/security.md", "docs/threat-model.md")
    }

    assert "SECURITY.md" in pages["README.md"]
    assert "asvs.md" in pages["docs/security.md"]
    assert "threat-model.md" in pages["docs/security.md"]
    assert "## Dependencies" in pages["SECURITY.md"]
    assert "## What is logged" in pages["docs/security.md"]
    for title in ("Boundaries", "What is protected", "Keys and cryptography"):
        assert f"## {title}" in pages["docs/threat-model.md"]
