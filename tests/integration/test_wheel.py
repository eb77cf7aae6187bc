"""The wheel that the image installs holds everything that the packages need."""

import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("corpus", "embeddings", "qa", "web")
UNSHIPPED = ("tests/gold",)


def files_of(package: str, root: Path) -> set[str]:
    return {
        str(file.relative_to(root))
        for file in (root / package).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }


def test_the_wheel_holds_every_file_of_the_packages_and_no_other(tmp_path: Path) -> None:
    pytest.importorskip("setuptools", reason="the wheel is built with the environment's setuptools")
    source = tmp_path / "source"
    source.mkdir()
    for folder in (*PACKAGES, *UNSHIPPED):
        shutil.copytree(
            ROOT / folder, source / folder, ignore=shutil.ignore_patterns("__pycache__")
        )
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    pip_wheel = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation"]
    subprocess.run(
        [*pip_wheel, "--wheel-dir", str(tmp_path), str(source)], check=True, capture_output=True
    )
    [wheel] = tmp_path.glob("dateline-*.whl")
    shipped = set(ZipFile(wheel).namelist())
    wanted = {file for package in PACKAGES for file in files_of(package, source)}
    assert {"corpus/schema.sql", "qa/cli.py"} < wanted
    assert wanted - shipped == set()
    assert {file for file in shipped - wanted if ".dist-info/" not in file} == set()
