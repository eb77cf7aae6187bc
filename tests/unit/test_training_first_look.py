"""A first look is fitted to what reading everything showed, and judged on other stories."""

import logging
from dataclasses import fields, replace
from pathlib import Path

import pytest

from corpus.passages import split_story
from embeddings.index import EVERY_STORY
from embeddings.retriever import Hit
from qa.reading.enough import StopRule
from qa.reading.first_look import FirstLook
from qa.reading.glances import Glance
from qa.scoring.gold import GoldAnswer, GoldQuestion
from qa.training.fit_first_look import AFTER, Counting, differs, fit, outlooks_of, report, write
from qa.training.read_through import ReadThrough, Said
from qa.understanding.understand import taken_literally
from tests.fakes import WORD_CONFIDENCE, WordReader, mayor_story

MODEL = WORD_CONFIDENCE
HITS = 6
SHOWN = Said(text="Ada Quinn", shown=True, right=True)
TOWNS = ("Springfield", "Shelbyville", "Ogdenville", "Brockway", "Haverbrook", "Waverly")


def read_through(number: int) -> ReadThrough:
    """Return a question that is answered in one of the hits, or, every third, in none."""
    town, impossible = TOWNS[number % len(TOWNS)], number % 3 == 0
    text = f"Who was elected mayor of {town}?"
    hits = []
    for place in range(HITS):
        # Sometimes one that looks just as good names nobody that the reader of words knows.
        named = {number % HITS: "Ada Quinn"}
        if number % 4 == 0:
            named[(number + 3) % HITS] = "Dr Q Quinn"
        right = place in named and not impossible
        body = f"{named[place]} was elected mayor of {town}." if right else "Lee Park sells bread."
        story = mayor_story(story_id=f"s{number}-{place}", title="News", body=body)
        passage = replace(split_story(story)[0], passage_id=HITS * number + place)
        hits.append(Hit(passage=passage, story=story, score=0.03, dense_rank=1, word_rank=1))
    return ReadThrough(
        gold=GoldQuestion(
            id=str(number),
            question=text,
            answers=() if impossible else (GoldAnswer(text="Ada Quinn"),),
            files=() if impossible else (f"s{number}",),
            is_impossible=impossible,
        ),
        meant=taken_literally(text, EVERY_STORY),
        hits=hits,
        spans=WordReader().read(text, hits),
    )


ASKED = [read_through(number) for number in range(60)]


@pytest.fixture(scope="module")
def look() -> FirstLook:
    return fit(ASKED, MODEL)


def test_the_passage_that_answers_is_read_first(look: FirstLook) -> None:
    one = ASKED[1]
    counter = Counting(one)

    spans = StopRule(enough=2, risk=0.01, look=look).read(counter, one.meant, one.hits)

    assert counter.count < HITS
    assert one.said(spans, MODEL) == one.said(one.spans, MODEL)
    assert one.said(spans, MODEL).right


def test_what_reading_on_changes_is_learnt_before_the_answer_is_read() -> None:
    by_place = FirstLook(
        score=dict.fromkeys(("bias", *(field.name for field in fields(Glance))), 0.0), change={}
    )

    late = [changes for _, changes in outlooks_of(ASKED[HITS - 1], by_place, MODEL)]

    assert late == [True] * len([read for read in AFTER if read < HITS])


@pytest.mark.parametrize(
    ("whole", "part", "changed"),
    [
        (SHOWN, replace(SHOWN, text="Quinn"), False),
        (SHOWN, replace(SHOWN, shown=False), True),
        (SHOWN, replace(SHOWN, text="Lee"), True),
        (replace(SHOWN, shown=False), SHOWN, False),
    ],
)
def test_an_answer_is_lost_only_if_reading_all_shows_another(
    whole: Said, part: Said, changed: bool
) -> None:
    assert differs(whole, part) is changed


def test_what_is_read_and_lost_is_reported(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        report(ASKED, MODEL)

    assert "without a look: 6.00 read" in caplog.text
    assert "0 lost" in caplog.text


def test_what_is_written_is_read_again(look: FirstLook, tmp_path: Path) -> None:
    write(look, tmp_path / "look.json")

    loaded = FirstLook.load(tmp_path / "look.json")

    assert (loaded.score, loaded.change) == (look.score, look.change)
