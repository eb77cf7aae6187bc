"""The bounds of `make quality` bite: a reader that sees too little falls short of them."""

import re
from contextlib import closing
from pathlib import Path

import pytest

from corpus.ingest import ingest
from qa.assemble import assemble, open_store
from qa.evaluate import answer_all
from qa.scoring.gold import read_gold
from qa.scoring.scores import Scores, scores_of
from qa.settings import ReaderSettings, Settings

ROOT = Path(__file__).resolve().parents[2]
GOLD = ROOT / "tests" / "gold"

pytestmark = pytest.mark.models


def bounds() -> dict[str, float]:
    """Return the least of each score, as the Makefile has them."""
    line = re.search(r"^QUALITY := (.+)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert line
    return {score: float(least) for score, least in (p.split("=") for p in line[1].split())}


def missed(scores: Scores) -> set[str]:
    """Return the names of the scores below their bounds."""
    return {name for name, least in bounds().items() if value_of(scores, name) < least}


def value_of(scores: Scores, name: str) -> float:
    estimate = scores.estimates[name]
    return estimate.value if estimate else 0.0


def test_a_reader_of_one_passage_falls_short(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, reader=ReaderSettings(passages=1))
    with closing(open_store(settings)) as store:
        report = ingest(store, [ROOT / "corpus" / "stories", GOLD / "stories"])
    assert not report.refused
    questions = read_gold([GOLD / "questions.jsonl"])
    assistant = assemble(settings)
    with closing(assistant.store):
        outcomes = answer_all(assistant, questions, lambda _done, _of: None)
    assert {"accuracy", "f1"} <= missed(scores_of(outcomes))
