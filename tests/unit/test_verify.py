"""A quote is said to stand somewhere only if it does."""

from dataclasses import replace
from pathlib import Path

import pytest

from corpus.store import StoryStore
from qa.verify import Claim, Verification, claim_of, holds, verify
from tests.fakes import MAYOR_QUESTION, MAYOR_SENTENCE, answer_with, cite, mayor_story

STORY = mayor_story(body=f"😀 É. {MAYOR_SENTENCE}")
START = STORY.body.index("Ada Quinn")
CLAIM = Claim(story_id=STORY.story_id, start=START, end=START + 9, quote="Ada Quinn")


@pytest.fixture
def store(tmp_path: Path) -> StoryStore:
    store = StoryStore(tmp_path / "stories.sqlite")
    store.put([(STORY, [])])
    return store


@pytest.mark.parametrize("sha256", [None, STORY.sha256])
def test_words_that_stand_there_are_verified(store: StoryStore, sha256: str | None) -> None:
    assert verify(store, replace(CLAIM, snapshot_sha256=sha256)).verified


@pytest.mark.parametrize(
    ("claim", "verification"),
    [
        (replace(CLAIM, story_id="none"), Verification(fault="story_not_found")),
        (replace(CLAIM, quote="ada quinn"), Verification(fault="words_differ", found="Ada Quinn")),
        (replace(CLAIM, end=START + 3), Verification(fault="words_differ", found="Ada")),
        (replace(CLAIM, end=len(STORY.body) + 1), Verification(fault="out_of_range")),
        (replace(CLAIM, start=START + 9), Verification(fault="out_of_range")),
        (replace(CLAIM, start=-1), Verification(fault="out_of_range")),
        (replace(CLAIM, snapshot_sha256="0" * 64), Verification(fault="story_changed")),
        (
            replace(CLAIM, snapshot_sha256="0" * 64, quote="Lee Park"),
            Verification(fault="story_changed", found="Ada Quinn"),
        ),
        (
            replace(CLAIM, snapshot_sha256="0" * 64, end=len(STORY.body) + 1),
            Verification(fault="story_changed"),
        ),
    ],
)
def test_what_does_not_hold_says_why(
    store: StoryStore, claim: Claim, verification: Verification
) -> None:
    assert verify(store, claim) == verification
    assert not verification.verified


def test_the_whole_body_may_be_claimed(store: StoryStore) -> None:
    assert verify(store, replace(CLAIM, start=0, end=len(STORY.body), quote=STORY.body)).verified


def test_a_claim_of_an_earlier_version_is_checked_against_that_one(store: StoryStore) -> None:
    store.put([(replace(STORY, body="Nobody won."), [])])
    claim = replace(CLAIM, snapshot_sha256=STORY.sha256)

    assert verify(store, claim) == Verification(superseded=True)
    assert verify(store, replace(claim, quote="Lee Park!")) == Verification(
        fault="words_differ", found="Ada Quinn", superseded=True
    )


def test_a_citation_claims_its_quote_at_its_place_in_the_body_as_it_was() -> None:
    citation = cite(STORY, "Ada Quinn", MAYOR_SENTENCE)

    assert claim_of(citation) == replace(CLAIM, snapshot_sha256=STORY.sha256)


def test_an_answer_holds_while_all_that_it_shows_stands_in_the_stories(store: StoryStore) -> None:
    other = replace(STORY, story_id="other")
    store.put([(other, [])])
    shown = [cite(story, "Ada Quinn", MAYOR_SENTENCE) for story in (STORY, other)]
    answer = answer_with(MAYOR_QUESTION, shown)

    assert holds(store, answer)

    store.put([(replace(other, body=f"{other.body} It rained."), [])])
    assert not holds(store, answer)

    store.remove(other.story_id)
    assert not holds(store, answer)
