"""What is shipped: our package names are ours alone, and the image is what it should be."""

import re
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.image import values

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", ["corpus", "embeddings", "qa", "web"])
def test_no_other_distribution_ships_our_package(name: str) -> None:
    assert set(packages_distributions()[name]) == {"dateline"}


def test_the_image_does_not_run_as_root() -> None:
    assert values("USER")
    assert values("USER")[-1] not in {"root", "0"}


def test_the_image_is_built_on_pinned_releases() -> None:
    assert values("FROM")
    for base in values("FROM"):
        assert re.match(r"python:3\.\d+\.\d+-slim-\w+( AS \w+)?$", base)


def test_the_image_says_whether_it_is_healthy() -> None:
    [check] = values("HEALTHCHECK")
    assert "/healthz" in check


def test_the_image_is_built_from_files_that_are_there_and_not_ignored() -> None:
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    copied = [
        source
        for line in values("COPY")
        if not line.startswith("--from")
        for source in line.split()[:-1]
    ]
    assert copied
    for source in copied:
        assert (ROOT / source).exists()
        assert f"!{source}" in ignored


def test_the_image_needs_no_network_to_run() -> None:
    assert any("HF_HUB_OFFLINE=1" in line for line in values("ENV"))


def test_the_image_installs_what_is_pinned() -> None:
    installs = [line for line in values("RUN") if "pip install" in line]
    assert installs
    assert all("--constraint constraints.txt" in line for line in installs)


def test_every_pin_is_exact_and_names_no_machine() -> None:
    pins = (ROOT / "constraints.txt").read_text("utf-8").splitlines()[1:]
    assert pins
    for pin in pins:
        assert re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][0-9A-Za-z.]*", pin)


def test_every_requirement_is_pinned() -> None:
    def plain(name: str) -> str:
        return re.sub(r"[-_.]+", "-", re.split(r"[=<>\[]", name)[0]).lower()

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = [*project["project"]["dependencies"]]
    groups = [project["dependency-groups"], project["project"]["optional-dependencies"]]
    for group in groups:
        wanted += [name for names in group.values() for name in names]
    pinned = {plain(pin) for pin in (ROOT / "constraints.txt").read_text("utf-8").splitlines()[1:]}
    assert {plain(name) for name in wanted} - pinned == set()


def test_the_licence_is_whole() -> None:
    licence = (ROOT / "LICENSE").read_text("utf-8")
    assert "Apache License" in licence
    assert "END OF TERMS AND CONDITIONS" in licence
