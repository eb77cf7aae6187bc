"""The confidence model is fitted to what was asked, and judged on what it was not fitted to."""

import json
from pathlib import Path

import numpy as np
import pytest

from corpus.story import Passage
from embeddings.retriever import Hit
from qa.confidence import ConfidenceModel
from qa.evidence import Candidate, Mention
from qa.question import analyse
from qa.reader import Span
from qa.scoring.gold import GoldAnswer, GoldQuestion
from qa.training.ask_rows import Asked
from qa.training.fit_confidence import FOLDS, HeldOut, draw, fit, held_out, write
from tests.fakes import mayor_story

FIELDS = 7


def candidate(words: str) -> Candidate:
    story = mayor_story()
    start = story.body.index(words)
    passage = Passage(
        passage_id=1,
        story_id=story.story_id,
        ordinal=0,
        start=0,
        end=len(story.body),
        text=story.body,
    )
    span = Span(passage=passage, start=start, end=start + len(words), score=1.0)
    return Candidate(mentions=(Mention(span=span, hit=Hit(passage=passage, story=story, score=1)),))


def asked(number: int, *, right: bool) -> Asked:
    """Return a question whose first candidate is right if its first feature says so."""
    features = np.zeros((2, FIELDS))
    features[0, 0] = 1.0 if right else -1.0
    features[1, 0] = -2.0
    return Asked(
        gold=GoldQuestion(
            id=str(number),
            question="Who was elected?",
            answers=(GoldAnswer(text="Ada Quinn"),) if right else (),
            is_impossible=not right,
        ),
        question=analyse("Who was elected?"),
        candidates=[candidate("Ada Quinn"), candidate("January 2022")],
        features=features,
        right=np.array([right, False]),
        group=str(number),
        weight=1.0,
    )


QUESTIONS = [asked(number, right=number % 3 > 0) for number in range(6 * FOLDS)]


def test_what_speaks_for_an_answer_raises_its_probability() -> None:
    fitted = fit(QUESTIONS)

    believed, doubted = (fitted.top(asked(0, right=right))[0] for right in (True, False))

    p = fitted.calibration.predict_proba([believed, doubted])[:, 1]
    assert p[0] > 0.8
    assert p[1] < 0.2


def test_each_question_is_rated_by_models_that_have_not_seen_its_story() -> None:
    rated = held_out(QUESTIONS)

    assert rated.right.tolist() == [number % 3 > 0 for number in range(6 * FOLDS)]
    assert rated.p[rated.right].min() > rated.p[~rated.right].max()


def test_an_operating_point_says_what_is_shown_and_right() -> None:
    rated = HeldOut(
        p=np.array([0.9, 0.8, 0.6, 0.1]),
        right=np.array([True, False, True, False]),
        impossible=np.array([False, False, False, True]),
    )

    assert rated.at(0.5).shown == 0.75
    assert rated.at(0.5).right == pytest.approx(2 / 3, abs=0.001)
    assert rated.well_decided(0.5) == 0.75
    assert rated.at(0.95).right == 1.0


def test_what_was_held_out_is_drawn(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    rated = held_out(QUESTIONS)

    draw(rated, rated.at(0.5), tmp_path)

    assert {file.name for file in tmp_path.iterdir()} == {"reliability.svg", "risk.svg"}
    assert all(b"<svg" in file.read_bytes() for file in tmp_path.iterdir())


def test_what_is_written_can_be_loaded_and_gives_the_same_probability(tmp_path: Path) -> None:
    fitted = fit(QUESTIONS)
    write(fitted, held_out(QUESTIONS).at(0.5), tmp_path / "confidence.json")

    model = ConfidenceModel.load(tmp_path / "confidence.json")

    assert model.operating_point.threshold == 0.5
    names = list(json.loads((tmp_path / "confidence.json").read_text())["ranking"])
    assert names[:2] == ["bias", "gap"]
    assert model.ranking["gap"] == pytest.approx(fitted.ranking.coef_[0][0], abs=1e-4)
