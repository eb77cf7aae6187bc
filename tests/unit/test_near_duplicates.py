"""The same words published again are told from another issue of a series."""

import subprocess
import sys
import time
from datetime import date, timedelta

import pytest

from corpus.near_duplicates import BANDS, BRIEF, DAYS, Wording, alike, bands_of, wording_of

DAY = date(2024, 6, 18)
TITLE = "Lorries banned from the bridge"
BODY = (
    "FLORENCE — The bridge over the Arno was closed to lorries on Tuesday after engineers found"
    " cracks in 2 of its piers, mayor Ada Quinn said.\n\n"
    "“Nobody was hurt, and nobody will be,” Quinn told reporters at the town hall, where she spoke"
    " for half an hour about the state of roads and bridges. Buses may still cross at walking pace,"
    " and a ferry takes bicycles and their riders to the other bank, free of charge, from dawn"
    " until the last train has left the station on the far side of the river. Work began at once,"
    " in the rain, and goes on by night under lamps that can be seen from the hills. The repair"
    " will cost 1.5 million euros and take until October."
)


def wording(body: str = BODY, title: str = TITLE, day: date | None = DAY) -> Wording:
    return wording_of(title, body, day)


@pytest.mark.parametrize(
    "copy",
    [
        BODY.replace("FLORENCE — ", ""),
        BODY.replace("“", '"').replace("”", '"').replace(" — ", " -- "),
        BODY.replace("town hall", "city hall"),
        BODY.rpartition(" The repair")[0],
        BODY + "\n\nThe bridge was built in 1345 and has stood ever since.",
        BODY.replace("Ada Quinn", "AdaQuinn"),
    ],
    ids=["no dateline", "other quotes", "a word", "cut", "longer", "glued"],
)
def test_the_same_words_are_alike(copy: str) -> None:
    assert alike(wording(), wording(copy))
    assert alike(wording(copy), wording())
    assert set(bands_of(BODY)) & set(bands_of(copy))


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("1.5 million", "1.6 million"),
        ("in 2 of", "in 3 of"),
        ("on Tuesday", "on Friday"),
        ("half an hour", "Half an hour, in Latin,"),
        ("1.5 million", "1.5 billion"),
        ("until October", "until March"),
        ("over the Arno", "over the Tiber"),
    ],
)
def test_other_facts_in_the_same_place_make_another_story(ours: str, theirs: str) -> None:
    other = BODY.replace(ours, theirs)
    if ours == "half an hour":  # A name more on one side alone is a longer version.
        assert alike(wording(), wording(other))
    else:
        assert not alike(wording(), wording(other))
        assert not alike(wording(other), wording())


def test_titles_tell_issues_of_a_series_apart() -> None:
    april, june = (wording(title=f"Visitors in {month}") for month in ("April", "June"))

    assert not alike(april, june)


def test_a_title_that_says_the_same_otherwise_tells_nothing_apart() -> None:
    assert alike(wording(), wording(title="Bridge closed to lorries"))


def test_other_words_are_another_story() -> None:
    half = BODY[: len(BODY) // 2] + " She then went home." * 8

    assert not alike(wording(), wording(half))


def test_a_brief_form_that_is_used_again_later_is_another_story() -> None:
    brief = "This week's photographs show people at work and at play all over the country."
    later = [DAY + timedelta(days=days) for days in (DAYS, DAYS + 1)]

    assert len(brief.split()) < BRIEF <= len(BODY.split())
    assert alike(wording(brief), wording(brief, day=later[0]))
    assert not alike(wording(brief), wording(brief, day=later[1]))
    assert alike(wording(brief), wording(brief, day=None))
    assert alike(wording(), wording(day=later[1]))


@pytest.mark.parametrize("body", ["", "One", "Two words", "…—“”", "日本 語 の 新聞", "\ud83d!"])
def test_hardly_any_words_are_compared_too(body: str) -> None:
    assert len(bands_of(body)) == BANDS
    assert alike(wording(body), wording(body))
    assert not alike(wording(body), wording())


def test_bands_are_the_same_in_every_process() -> None:
    script = f"from corpus.near_duplicates import bands_of; print(bands_of({BODY!r}))"
    told = {
        subprocess.run(
            [sys.executable, "-c", script],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
        ).stdout.strip()
        for seed in ("1", "2")
    }

    assert told == {str(bands_of(BODY))}


def test_bands_are_those_that_stores_hold() -> None:
    # Another value means that stores which exist have to be linked again, by a migration.
    assert bands_of("The bridge was closed to lorries on 18 June 2024.")[:2] == [
        -7617733072035016070,
        -2707615223139873748,
    ]


@pytest.mark.parametrize("unit", ["1,", "1.,", "a ", "A", "“", "9"])
def test_megabytes_take_linear_time(unit: str) -> None:
    def cost(size: int) -> float:
        text = unit * (size // len(unit)) + "x"
        began = time.process_time()
        wording(text)
        bands_of(text)
        return time.process_time() - began

    small = min(cost(100_000) for _ in range(3))
    assert cost(1_000_000) < 60 * small + 0.05
