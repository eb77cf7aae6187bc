"""What is known of a candidate is read off the question, the passage and the story."""

from dataclasses import replace

import pytest

from corpus.story import Passage, Story
from embeddings.retriever import Hit
from qa.composing.features import features_of, missing_names, standing_of
from qa.evidence import Candidate, Mention
from qa.question import analyse
from qa.reader import Span
from tests.fakes import mayor_story


def candidate_of(story: Story, words: str, *, word_rank: int | None = 4) -> Candidate:
    passage = Passage(
        passage_id=1, story_id=story.story_id, ordinal=0, start=0, end=80, text=story.body[:80]
    )
    start = passage.text.index(words)
    span = Span(passage=passage, start=start, end=start + len(words), score=5)
    hit = Hit(passage=passage, story=story, score=2 / 61, dense_rank=1, word_rank=word_rank)
    return Candidate(mentions=(Mention(span=span, hit=hit),))


def test_features_are_read_off_the_question_and_the_passage() -> None:
    story = mayor_story()
    question = analyse("When did voters go to the polls in Springfield and Ogdenville in 2021?")

    features = features_of(question, candidate_of(story, "Tuesday"))

    assert features.gap == 0.5
    assert features.retrieval == 1
    assert features.words == 0.5
    assert features.meaning == 1
    assert features.sentence == pytest.approx(2 / 6)  # voters and polls, of six words
    assert features.agreement == 0
    assert features.fit == 1


def test_a_passage_that_the_search_by_words_missed_has_no_word_rank() -> None:
    candidate = candidate_of(mayor_story(), "Tuesday", word_rank=None)

    assert features_of(analyse("When was the vote?"), candidate).words == 0


def test_other_passages_that_say_the_same_agree() -> None:
    candidate = candidate_of(mayor_story(), "Tuesday")
    mention = candidate.best
    elsewhere = replace(mention, span=replace(mention.span, score=4.0))
    doubted = replace(mention, span=replace(mention.span, score=-1.0))

    agreed = Candidate(mentions=(mention, elsewhere, elsewhere, doubted))

    assert features_of(analyse("When was the vote?"), agreed).agreement == pytest.approx(2 / 3)


def test_a_question_without_meaningful_words_is_covered_by_any_sentence() -> None:
    assert (
        features_of(analyse("When was it?"), candidate_of(mayor_story(), "Tuesday")).sentence == 1
    )


def test_what_the_story_lacks_of_the_question_is_a_share() -> None:
    question = analyse("When did Springfield and Ogdenville vote in 2021 and 1950?")

    standing = standing_of(question, candidate_of(mayor_story(), "Tuesday"), 1.0, 0.5)

    assert standing.names_lacking == 0.5  # Ogdenville
    assert standing.years_lacking == 0.5  # the story is of 2021
    assert standing.ordinals_lacking == 0
    assert (standing.quality, standing.margin) == (1.0, 0.5)


def test_a_place_that_the_passage_does_not_count_is_lacking() -> None:
    story = mayor_story(body="On Tuesday the seventeenth mayor took office.")

    asked = (analyse(f"When did the {place} mayor start?") for place in ("17th", "18th"))
    lacking = [
        standing_of(question, candidate_of(story, "Tuesday"), 1.0, None).ordinals_lacking
        for question in asked
    ]

    assert lacking == [0, 1]


@pytest.mark.parametrize(("runner_up", "margin"), [(None, 3.0), (-9.0, 3.0), (0.0, 1.0)])
def test_the_margin_has_a_limit_which_a_lone_candidate_has(
    runner_up: float | None, margin: float
) -> None:
    candidate = candidate_of(mayor_story(), "Tuesday")

    assert standing_of(analyse("When was it?"), candidate, 1.0, runner_up).margin == margin


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("Who trained Panama?", ()),  # as in Panamanian
        ("Who met at the US-EU talks?", ()),
        ("Who spoke for Namibia's bank?", ("Namibia's",)),
        ("Who trained Colombia?", ("Colombia",)),
        ("Who fired Patriots?", ("Patriots",)),  # not as in repatriated
    ],
)
def test_a_name_is_missing_if_no_word_of_the_story_begins_like_it(
    question: str, missing: tuple[str, ...]
) -> None:
    story = mayor_story(body="The EU trained Panamanian police and repatriated refugees.")

    assert missing_names(analyse(question), story) == missing
