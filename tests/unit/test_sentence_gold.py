"""The splitter against 317 sentences of real news, labelled by hand."""

import json
from pathlib import Path

from benchmarks.sentence_cases import HARD
from benchmarks.sentences import boundaries, f1
from corpus.sentences import sentence_spans

GOLD = Path(__file__).resolve().parents[1] / "gold" / "sentences.jsonl"


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


def test_boundaries_in_air_force_news_are_found() -> None:
    paragraphs = [json.loads(line)["sentences"] for line in GOLD.read_text("utf-8").splitlines()]
    assert sum(map(len, paragraphs)) >= 300
    _, _, score = f1(split, paragraphs)
    assert score >= 0.99


def test_hard_cases_are_split_right() -> None:
    wrong = [case for case in HARD if boundaries(split(" ".join(case))) != boundaries(case)]
    assert wrong == []
