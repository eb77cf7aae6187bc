"""The code stays small enough to read: short modules, short functions, no unsafe loading."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = [
    file
    for package in ("corpus", "embeddings", "qa", "web")
    for file in (ROOT / package).rglob("*.py")
]
MODULE_LINES = 250
FUNCTION_LINES = 40
POSITIONAL_PARAMETERS = 5

each_module = pytest.mark.parametrize(
    "module", MODULES, ids=[str(file.relative_to(ROOT)) for file in MODULES]
)
Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(module: Path) -> list[Function]:
    tree = ast.parse(module.read_text("utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, Function)]


def test_there_are_modules_to_look_at() -> None:
    assert len(MODULES) > 20


@each_module
def test_a_module_fits_in_a_head(module: Path) -> None:
    assert len(module.read_text("utf-8").splitlines()) <= MODULE_LINES


@each_module
def test_a_function_fits_on_a_screen(module: Path) -> None:
    lengths = {f.name: (f.end_lineno or f.lineno) - f.lineno + 1 for f in functions(module)}
    assert {name: length for name, length in lengths.items() if length > FUNCTION_LINES} == {}


@each_module
def test_a_call_can_be_read(module: Path) -> None:
    count_of = {
        function.name: len([a for a in function.args.args if a.arg not in {"self", "cls"}])
        for function in functions(module)
    }
    assert {name: n for name, n in count_of.items() if n > POSITIONAL_PARAMETERS} == {}


@each_module
def test_nothing_is_read_that_could_run_code(module: Path) -> None:
    unsafe = r"\b(pickle|joblib|dill|marshal|shelve)\b|allow_pickle\s*=\s*True|torch\.load"
    assert re.findall(unsafe, module.read_text("utf-8")) == []
