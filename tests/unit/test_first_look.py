"""Before anything is read, hits that speak of what is asked are told from those that don't."""

import json
import time
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from corpus.passages import split_story
from embeddings.retriever import Hit
from qa.errors import ReaderDamaged, ReaderNotFound
from qa.question import analyse
from qa.reading.first_look import LEAST, FirstLook, Outlook
from qa.reading.glances import Glance, glances
from tests.fakes import mayor_story

BAKERY = "Bo Lind bakes bread. Nobody knows why."
ELECTION = "Ada Quinn was elected mayor of Springfield on 9 May 2019. She won."


def hit(body: str, *, rank: int = 1, story_id: str = "s") -> Hit:
    story = mayor_story(story_id=story_id, title="News", body=body)
    passage = replace(split_story(story)[0], passage_id=rank)
    return Hit(passage=passage, story=story, score=0.03, dense_rank=rank, word_rank=rank)


def seen(question: str, *hits: Hit) -> list[Glance]:
    names = [field.name for field in fields(Glance)]
    rows = glances(analyse(question), hits)
    return [Glance(**dict(zip(names, map(float, row), strict=True))) for row in rows]


def test_a_passage_with_the_questions_words_looks_better() -> None:
    bakery, election = seen("Who was elected mayor of Springfield?", hit(BAKERY), hit(ELECTION))

    for sign in ("told", "sentence", "names", "shaped"):
        assert getattr(election, sign) > getattr(bakery, sign)


@pytest.mark.parametrize(
    ("question", "fitting", "other"),
    [
        (
            "When was the mayor elected?",
            "The mayor was elected in May 2021.",
            "A mayor is elected.",
        ),
        ("How many mayors met?", "At the fair 40 mayors met.", "At the fair the mayors met."),
        ("Who met the mayor?", "The mayor met Lee Park.", "The mayor met friends."),
    ],
)
def test_a_sentence_that_looks_like_an_answer_counts(
    question: str, fitting: str, other: str
) -> None:
    good, bad = seen(question, hit(fitting), hit(other))

    assert good.shaped > bad.shaped


def test_years_count_where_the_question_names_them() -> None:
    in_2019, bakery = seen("Who was elected in 2019?", hit(ELECTION), hit(BAKERY))
    unasked, _ = seen("Who was elected?", hit(BAKERY), hit(ELECTION))

    assert (in_2019.years, bakery.years, unasked.years) == (1, 0, 1)


def test_a_story_met_before_and_places_are_told() -> None:
    first, second = seen("Who?", hit(ELECTION), hit(ELECTION, rank=4))

    assert (first.again, second.again) == (0, 1)
    assert (first.words, second.words) == (1, 0.5)


def test_the_bundled_look_expects_more_of_the_passage_that_answers() -> None:
    look = FirstLook.load()
    hits = [hit(BAKERY, rank=1), hit(ELECTION, rank=2, story_id="t")]

    bakery, election = look.expected(analyse("Who was elected mayor of Springfield?"), hits)

    assert election > bakery


def test_the_bundled_look_thinks_the_rest_likelier_to_matter_the_more_it_promises() -> None:
    look = FirstLook.load()
    read = np.array([1.0, 0.0])
    poor = Outlook.of(read, np.array([1.0, 0.0, -6.0]))
    rich = Outlook.of(read, np.array([1.0, 0.0, 4.0]))
    clear = Outlook.of(np.array([9.0, 0.0]), np.array([1.0, 0.0, -6.0]))

    assert look.chance(clear) < look.chance(poor) < look.chance(rich)


def test_what_has_no_answer_at_all_counts_as_the_least() -> None:
    outlook = Outlook.of(np.array([-90.0]), np.array([0.0, 0.0]))

    assert outlook.best == LEAST / 10


def test_nothing_found_looks_like_nothing() -> None:
    assert len(glances(analyse("Who?"), [])) == 0


def test_a_megabyte_is_seen_in_linear_time() -> None:
    story = mayor_story(body="A. " * 10 + "?!A " * 250_000)
    passage = replace(split_story(story)[0], text=story.body, end=len(story.body))
    began = time.process_time()

    glances(analyse("Who was elected?"), [Hit(passage=passage, story=story, score=0.03)])

    assert time.process_time() - began < 10


def test_a_missing_look_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReaderNotFound, match=r"nothing\.json can't be read"):
        FirstLook.load(tmp_path / "nothing.json")


@pytest.mark.parametrize("content", ["{", json.dumps({"score": {}})])
def test_a_damaged_look_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "look.json").write_text(content, "utf-8")

    with pytest.raises(ReaderDamaged, match="no first look"):
        FirstLook.load(tmp_path / "look.json")
