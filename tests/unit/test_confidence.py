"""Confidence is a probability made from features that can be followed."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.story import Passage, Story
from embeddings.retriever import Hit
from qa.confidence import ConfidenceModel, Features, band_of, features_of
from qa.errors import ReaderDamaged, ReaderNotFound
from qa.evidence import Candidate, Mention
from qa.question import analyse
from qa.reader import Span
from tests.fakes import mayor_story

NOTHING = Features(
    gap=0, retrieval=0, coverage=0, names_lacking=0, years_lacking=0, type_fits=0, mentions=0
)


def candidate_of(story: Story, words: str, *, score: float = 5) -> Candidate:
    passage = Passage(
        passage_id=1, story_id=story.story_id, ordinal=0, start=0, end=80, text=story.body[:80]
    )
    start = passage.text.index(words)
    span = Span(passage=passage, start=start, end=start + len(words), score=score)
    hit = Hit(passage=passage, story=story, score=2 / 61)
    return Candidate(mentions=(Mention(span=span, hit=hit),))


def test_features_are_read_off_the_question_and_the_passage() -> None:
    story = mayor_story()
    question = analyse("When did voters go to the polls in Springfield and Ogdenville in 2021?")

    features = features_of(question, candidate_of(story, "Tuesday"))

    assert features.gap == 0.5
    assert features.retrieval == 1
    assert features.coverage == pytest.approx(3 / 6)  # voters, polls, springfield
    assert features.names_lacking == 0.5  # Ogdenville
    assert features.years_lacking == 0  # the story is of 2021
    assert features.type_fits == 1
    assert features.mentions == 0


def test_a_name_is_no_date() -> None:
    story = mayor_story(body="Voters chose Ada Quinn." + " " * 80)

    features = features_of(analyse("When was the vote?"), candidate_of(story, "Ada Quinn"))

    assert features.type_fits == 0


def test_the_probability_grows_with_quality_and_margin() -> None:
    model = ConfidenceModel.load()

    assert model.confidence(2, 0).p > model.confidence(0, -2).p
    assert model.confidence(2, -1).p >= model.confidence(2, 1.9).p


def test_a_name_that_the_story_lacks_lowers_the_quality() -> None:
    model = ConfidenceModel.load()

    assert model.quality(replace(NOTHING, names_lacking=1)) < model.quality(NOTHING)


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
