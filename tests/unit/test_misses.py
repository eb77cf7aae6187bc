"""Misses: each with its cause and the words that were read."""

from dataclasses import replace

from qa.scoring.misses import CAUSES, misses_by_kind
from tests.fakes import abstention_about
from tests.outcomes import answered, five_outcomes, gold, outcome, withheld


def test_misses_are_grouped_by_kind_and_right_answers_left_out() -> None:
    misses = misses_by_kind(five_outcomes())
    assert {kind: [miss.id for miss in missed] for kind, missed in misses.items()} == {
        "person": ["refused"],
        "unanswerable": ["made up"],
    }


def test_each_miss_has_its_cause() -> None:
    elsewhere = gold("story", "Lee Park", file="stories/count.html")
    misses = misses_by_kind(
        [
            outcome(gold("refused", "Ada Quinn"), abstention_about("refused")),
            outcome(gold("made up"), answered("made up", "mayor", 0.9)),
            outcome(elsewhere, answered("story", "Ada Quinn", 0.9)),
            outcome(gold("words", "Springfield"), answered("words", "Ada Quinn", 0.9)),
        ]
    )
    causes = [miss.cause for miss in misses["person"]]
    assert causes == ["refused", "made up", "wrong story", "wrong words"]
    assert list(CAUSES) == causes


def test_a_refusal_shows_what_was_withheld_where_it_stands() -> None:
    [miss] = misses_by_kind([withheld(gold("unsure", "Ada Quinn"), "mayor", 0.3)])["person"]
    assert (miss.refused, miss.given, miss.confidence) == (True, "mayor", 0.3)
    assert miss.message == "No story mentions everything that the question asks about."
    assert miss.sentence is not None
    assert miss.sentence.before == "Ada Quinn was elected "
    assert miss.sentence.words == "mayor"
    assert miss.sentence.after == " of Springfield."
    assert miss.passage is not None
    assert miss.passage.words == "mayor"
    assert miss.passage.after.startswith(" of Springfield. She takes office")


def test_a_passage_that_is_not_known_is_left_out() -> None:
    unsure = withheld(gold("unsure", "Ada Quinn"), "mayor", 0.3)
    [miss] = misses_by_kind([replace(unsure, passage=None)])["person"]
    assert miss.passage is None
    assert miss.sentence is not None


def test_nothing_stands_where_nothing_was_read() -> None:
    [miss] = misses_by_kind([outcome(gold("who", "Ada"), abstention_about("who"))])["person"]
    assert (miss.given, miss.title, miss.sentence, miss.passage) == (None, None, None, None)
