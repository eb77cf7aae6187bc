"""Feeds mutated files to every reader, with coverage: `make fuzz MINUTES=60`.

Inputs that reach new code are kept in the folder that is named first; one that fails is kept as
crash-*, one that takes longer than `-timeout` as timeout-*, under `-artifact_prefix`.
"""

import io
import logging
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["corpus"]):
    from corpus.passages import split_story
    from corpus.refusal import Refusal
    from corpus.sources import read_each

from tests.fuzz.seeds import SEEDS


def read_once(content: bytes) -> None:
    """Read *content* and check what holds of every outcome."""
    for outcome in read_each(io.BytesIO(content), "fuzz"):
        if isinstance(outcome, Refusal):
            assert outcome.reason
            continue
        assert outcome.title.strip()
        assert outcome.body.strip()
        for passage in split_story(outcome):
            assert outcome.body[passage.start : passage.end] == passage.text


def main() -> None:
    """Fuzz with libFuzzer's options, such as `-max_total_time=60`."""
    logging.disable()
    with tempfile.TemporaryDirectory() as seeds:
        for name, content in SEEDS.items():
            (Path(seeds) / name).write_bytes(content)
        atheris.Setup([*sys.argv, seeds], read_once)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
