"""Other values for the same thing contradict an answer; everything that may agree does not."""

from datetime import date

import pytest

from corpus.passages import split_story
from corpus.story import Story
from embeddings.retriever import Hit
from qa.composing.conflict import QUALITY_GAP, SCORE_GAP, contradicting
from qa.evidence import Candidate, Mention
from qa.question import analyse
from qa.reader import Span
from qa.understanding.asked_time import Preference
from qa.understanding.newest import contends

Told = tuple[str, str]
"""A sentence and the words of it that are read as the answer."""

HURT = "How many people were hurt in the Dunmore fire?"
FIRST = ("The fire in Dunmore hurt 14 people.", "14")
SECOND = ("The fire in Dunmore hurt 17 people.", "17")
FIRE = date(2023, 3, 4)


def story_of(sentence: str, *, on: date | None = FIRE, title: str = "A night to forget") -> Story:
    return Story(
        story_id=f"{title} {on} {sentence}",
        source="story.html",
        title=title,
        body=sentence,
        published_at=on,
    )


def candidate(story: Story, words: str, score: float = 9.0) -> Candidate:
    [passage] = split_story(story)
    start = passage.text.index(words)
    span = Span(passage=passage, start=start, end=start + len(words), score=score)
    return Candidate(mentions=(Mention(span=span, hit=Hit(passage=passage, story=story, score=1)),))


def against(question: str, best: Told, rival: Told, **changes: object) -> list[str]:
    """Return what contradicts *best*, where *rival* was read in a story that *changes* describe."""
    other = story_of(rival[0], **({"on": date(2023, 3, 10)} | changes))  # type: ignore[arg-type]
    ranked = [(2.0, candidate(story_of(best[0]), best[1])), (1.5, candidate(other, rival[1]))]
    return [one.span.text for one in contradicting(analyse(question), ranked, {})]


@pytest.mark.parametrize(
    ("question", "best", "rival"),
    [
        (HURT, FIRST, SECOND),
        (
            "Who was elected mayor of Dunmore?",
            ("Ada Quinn was elected mayor of Dunmore.", "Ada Quinn"),
            ("After a recount Bo Lind was elected mayor of Dunmore.", "Bo Lind"),
        ),
        (
            "When does the Dunmore tunnel open?",
            ("The Dunmore tunnel opens on June 3.", "June 3"),
            ("The Dunmore tunnel opens on June 17.", "June 17"),
        ),
        (
            "How long was the Dunmore tunnel closed?",
            ("The Dunmore tunnel was closed for six weeks.", "six weeks"),
            ("The Dunmore tunnel was closed for ten weeks.", "ten weeks"),
        ),
        (
            "What was the cost of the Dunmore tunnel?",
            ("The cost of the Dunmore tunnel was $4 million.", "$4 million"),
            ("The cost of the Dunmore tunnel was $6 million.", "$6 million"),
        ),
    ],
)
def test_another_value_for_the_same_thing_contradicts(
    question: str, best: Told, rival: Told
) -> None:
    assert against(question, best, rival) == [rival[1]]


@pytest.mark.parametrize(
    ("question", "best", "rival"),
    [
        # The same, rounded, or counted beside it
        (HURT, FIRST, ("The fire in Dunmore hurt fourteen people.", "fourteen")),
        (HURT, FIRST, ("The fire in Dunmore hurt an additional 3 people.", "3")),
        (HURT, FIRST, ("The fire in Dunmore hurt 3 more than a fire last year.", "3")),
        (HURT, FIRST, ("The fire in Dunmore hurt 30 percent of people.", "30 percent")),
        # Other things, other times
        (HURT, FIRST, ("In Linden, people hurt in a fire were 17.", "17")),
        (HURT, FIRST, ("The fire in Dunmore cost 17 families their homes.", "17")),
        (HURT, FIRST, ("So far this year, the fire in Dunmore hurt 17 people.", "17")),
        (HURT, FIRST, ("In 2019 hurt people in the Dunmore fire numbered 17 by 2020.", "by")),
        (
            "How many people did the fire hurt on Elm Street?",
            ("The fire on Elm Street hurt 14 people.", "14"),
            ("After Elm Street, the fire on Oak Street hurt 17 people.", "17"),
        ),
        (
            "How many cars did Vesper build in May 2023?",
            ("Vesper built 4,120 cars in May 2023.", "4,120"),
            ("Vesper built 3,870 cars in June 2023.", "3,870"),
        ),
        (
            "How many runners finished the 12th Dunmore marathon?",
            ("At the 12th Dunmore marathon 1,940 runners finished.", "1,940"),
            ("At the 13th Dunmore marathon 2,215 runners finished.", "2,215"),
        ),
        (
            "How much has the Dunmore fund paid?",
            ("Since 2015 the Dunmore fund has paid $3.1 million.", "$3.1 million"),
            ("Since 2015 the Dunmore fund has paid $3.9 million.", "$3.9 million"),
        ),
        (
            "When was a Dunmore doctor first nominated for the medal?",
            ("In 2011, Ada Quinn was the first Dunmore doctor nominated for the medal.", "2011"),
            ("Dunmore doctor Ada Quinn won the medal in 2012, and gave it away.", "2012"),
        ),
        # Questions with several answers, or with answers that are no values
        (
            "Who spoke in Dunmore?",
            ("Ada Quinn spoke in Dunmore.", "Ada Quinn"),
            ("Bo Lind spoke in Dunmore.", "Bo Lind"),
        ),
        (
            "Why did Dunmore close the tunnel?",
            ("Dunmore closed the tunnel for repairs.", "repairs"),
            ("Dunmore closed the tunnel for a film.", "a film"),
        ),
        (
            "Where was the Dunmore treaty signed?",
            ("The Dunmore treaty was signed in Linden.", "Linden"),
            ("The Dunmore treaty was signed in Marrow Hall.", "Marrow Hall"),
        ),
        (
            "Where was the Dunmore treaty signed?",
            ("The Dunmore treaty was signed in Linden.", "Linden"),
            ("The Dunmore treaty was signed in Tarn, a part of Linden.", "Tarn"),
        ),
    ],
)
def test_what_may_agree_or_is_about_something_else_does_not(
    question: str, best: Told, rival: Told
) -> None:
    assert against(question, best, rival) == []


def test_stories_of_other_or_unknown_times_tell_of_other_occasions() -> None:
    assert against(HURT, FIRST, SECOND, on=date(2023, 9, 10)) == []
    assert against(HURT, FIRST, SECOND, on=None) == []


def test_a_question_that_names_its_year_joins_stories_of_all_times() -> None:
    question = "How many people were hurt in the Dunmore fire of 2023?"
    rival = ("The Dunmore fire of 2023 hurt 17 people.", "17")
    assert against(question, FIRST, rival, on=date(2025, 9, 10)) == ["17"]


def test_a_story_does_not_contradict_itself_nor_do_its_reprints() -> None:
    story = story_of(f"{FIRST[0]} {SECOND[0]}")
    reprint = story_of(SECOND[0], on=date(2023, 3, 5))
    ranked = [(2.0, candidate(story, "14")), (1.5, candidate(story, "17"))]
    assert contradicting(analyse(HURT), ranked, {}) == []
    ranked[1] = (1.5, candidate(reprint, "17"))
    same = {story.story_id: "1", reprint.story_id: "1"}
    assert contradicting(analyse(HURT), ranked, same) == []
    assert len(contradicting(analyse(HURT), ranked, {})) == 1


@pytest.mark.parametrize(
    ("quality", "score"), [(2.0 - QUALITY_GAP - 0.1, 9.0), (1.5, 9.0 - SCORE_GAP - 0.1)]
)
def test_what_is_read_with_much_less_certainty_does_not(quality: float, score: float) -> None:
    other = candidate(story_of(SECOND[0], on=date(2023, 3, 10)), "17", score)
    ranked = [(2.0, candidate(story_of(FIRST[0]), "14")), (quality, other)]
    assert contradicting(analyse(HURT), ranked, {}) == []


def test_what_contradicts_comes_newest_first_and_each_story_once() -> None:
    days = [date(2023, 3, 6), date(2023, 3, 20), date(2023, 3, 12)]
    stories = [
        story_of(f"The fire in Dunmore hurt {number} people.", on=day)
        for number, day in zip((17, 21, 25), days, strict=True)
    ]
    ranked = [(2.0, candidate(story_of(FIRST[0]), "14"))]
    ranked += [(1.5, candidate(s, n)) for s, n in zip(stories, ("17", "21", "25"), strict=True)]
    ranked.append((1.4, candidate(stories[0], "17 people")))
    found = contradicting(analyse(HURT), ranked, {})
    assert [mention.span.text for mention in found] == ["21", "25", "17"]


def test_nothing_contradicts_no_answer() -> None:
    assert contradicting(analyse(HURT), [], {}) == []


MARCH = Preference(from_date=date(2023, 3, 8), to_date=date(2023, 3, 31))
ANY_TIME = Preference(from_date=date(2023, 1, 1), to_date=date(2023, 12, 31))


@pytest.mark.parametrize(
    ("prefers", "contrary"),
    [
        (None, ["Bo Lind"]),
        (Preference(newest=True), []),
        (MARCH, []),
        (ANY_TIME, ["Bo Lind"]),
        (Preference(to_date=date(2023, 2, 1)), ["Bo Lind"]),
    ],
)
def test_what_stories_of_another_time_say_contradicts_nothing_that_is_asked_of_one(
    prefers: Preference | None, contrary: list[str]
) -> None:
    newer = story_of("The mayor of Dunmore is Ada Quinn.", on=date(2023, 3, 10))
    older = story_of("The mayor of Dunmore is Bo Lind.", on=date(2023, 3, 4))
    ranked = [(2.0, candidate(newer, "Ada Quinn")), (1.5, candidate(older, "Bo Lind"))]
    rivals = contends(prefers, ranked[0][1].best)
    found = contradicting(analyse("Who is the mayor of Dunmore?"), ranked, {}, contends=rivals)
    assert [one.span.text for one in found] == contrary
