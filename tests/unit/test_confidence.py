"""Confidence is a probability that moves as it should."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from qa.composing.features import Features, Standing
from qa.confidence import ConfidenceModel, band_of
from qa.errors import ReaderDamaged, ReaderNotFound

STANDING = Standing(quality=0, margin=1, names_lacking=0, years_lacking=0, ordinals_lacking=0)
POOR = Features(gap=0, retrieval=0, words=0, meaning=0, sentence=0, agreement=0, fit=0)


def test_the_probability_grows_with_quality_and_margin() -> None:
    p = ConfidenceModel.load().confidence(STANDING).p

    assert ConfidenceModel.load().confidence(replace(STANDING, quality=1)).p > p
    assert ConfidenceModel.load().confidence(replace(STANDING, margin=3)).p > p


@pytest.mark.parametrize("lacking", ["names_lacking", "years_lacking", "ordinals_lacking"])
def test_a_name_or_year_that_the_story_lacks_lowers_the_probability(lacking: str) -> None:
    model = ConfidenceModel.load()

    doubtful = replace(STANDING, **{lacking: 1.0})

    assert model.confidence(doubtful).p < model.confidence(STANDING).p


def test_a_passage_that_was_found_and_read_with_ease_is_better() -> None:
    model = ConfidenceModel.load()

    for field in ("gap", "retrieval", "sentence", "fit"):
        assert model.quality(replace(POOR, **{field: 1.0})) > model.quality(POOR)


def test_the_operating_point_is_part_of_the_model() -> None:
    point = ConfidenceModel.load().operating_point

    assert 0 < point.threshold < 1
    assert 0 < point.shown < 1
    assert 0.5 < point.right <= 1


@pytest.mark.parametrize(("p", "band"), [(0.95, "high"), (0.7, "medium"), (0.3, "low")])
def test_bands_follow_the_probability(p: float, band: str) -> None:
    assert band_of(p) == band


def test_a_missing_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReaderNotFound, match=r"nothing\.json can't be read"):
        ConfidenceModel.load(tmp_path / "nothing.json")


@pytest.mark.parametrize("content", ["{", json.dumps({"ranking": {}})])
def test_a_damaged_model_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "confidence.json").write_text(content, "utf-8")

    with pytest.raises(ReaderDamaged, match="no confidence model"):
        ConfidenceModel.load(tmp_path / "confidence.json")
