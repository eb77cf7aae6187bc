"""How much an installation takes on disk."""

from pathlib import Path

from benchmarks.peers.legs import DATELINE
from benchmarks.peers.process import ROOT

OWN = ("corpus", "embeddings", "qa", "web")
"""Dateline's packages, which its environment only points to."""
MB = 2**20


def installed_mb(environments: Path, name: str) -> float | None:
    """Return the MB of the packages in the environment *name*; None if it was not made.

    pip, which every environment has, does not count, nor does what Python compiles by itself.
    """
    folders = list((environments / name).glob("lib/python*/site-packages")) if name else []
    if not folders:
        return None
    size = sum(_bytes(folder) for folder in folders)
    if name == DATELINE.environment:
        size += sum(_bytes(ROOT / package) for package in OWN)
    return size / MB


def _bytes(folder: Path) -> int:
    left_out = {"__pycache__", "pip", "setuptools"}
    return sum(
        path.lstat().st_size
        for path in folder.rglob("*")
        if path.is_file() and not left_out & set(path.relative_to(folder).parts)
    )
