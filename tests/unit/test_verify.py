"""A quote is said to stand somewhere only if it does."""

from dataclasses import replace
from pathlib import Path

import pytest

from corpus.store import StoryStore
from qa.verify import Claim, Verification, verify
from tests.fakes import MAYOR_SENTENCE, mayor_story

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
        (replace(CLAIM, snapshot_sha256="0" * 64), Verification(fault="story_changed")),
        (
            replace(CLAIM, snapshot_sha256="0" * 64, quote="Lee Park"),
            Verification(fault="story_changed", found="Ada Quinn"),
        ),
    ],
)
def test_what_does_not_hold_says_why(
    store: StoryStore, claim: Claim, verification: Verification
) -> None:
    assert verify(store, claim) == verification
    assert not verification.verified
