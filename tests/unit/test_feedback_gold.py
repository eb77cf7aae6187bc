"""Feedback as gold: what votes settle, and what they leave for a person to decide."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.story import Story
from embeddings.index import Filters
from qa.answer import Answer
from qa.conversation import Complaint, Feedback, Verdict
from qa.errors import InvalidFeedback, InvalidGold
from qa.scoring.feedback_gold import gold_lines
from qa.scoring.gold import GoldQuestion, read_gold
from qa.serialize import answer_json
from tests.fakes import (
    MAYOR_QUESTION,
    MAYOR_SENTENCE,
    abstention_about,
    answer_with,
    cite,
    mayor_story,
)

STORY = mayor_story()
ELSEWHERE = mayor_story(story_id="ff", source="wire/mayor.txt", title="A mayor, at last")
Line = dict[str, Any]


def cited(*stories: Story) -> Answer:
    """Return the answer that cites the same sentence of each story."""
    citations = [
        cite(story, "Ada Quinn", MAYOR_SENTENCE, n=n, role="supports" if n > 1 else "primary")
        for n, story in enumerate(stories, start=1)
    ]
    return answer_with(MAYOR_QUESTION, citations)


ANSWERED = cited(STORY, ELSEWHERE)
ABSTAINED = abstention_about(
    MAYOR_QUESTION, [cite(STORY, "Ada Quinn", MAYOR_SENTENCE, role="nearest")]
)


def vote(
    verdict: Verdict,
    answer: Answer = ANSWERED,
    *,
    citation: int | None = None,
    complaint: Complaint | None = None,
    comment: str | None = None,
) -> Feedback:
    return Feedback(
        answer=answer_json(answer),
        verdict=verdict,
        given_at=datetime(2024, 5, 1, tzinfo=UTC),
        citation=citation,
        complaint=complaint,
        comment=comment,
    )


def line_of(*votes: Feedback) -> Line:
    [line] = gold_lines(votes)
    return line


def why(*votes: Feedback) -> list[str]:
    """Return why a person has to decide; nothing if none has to."""
    line = line_of(*votes)
    if "review" not in line:
        return []
    assert (line["answers"], line["files"], line["evidence"]) == ([], [], None)
    assert not line["is_impossible"]
    reasons: list[str] = line["review"]["why"]
    return reasons


def test_an_answer_that_was_voted_up_is_gold_as_it_stands() -> None:
    line = line_of(vote("up"))
    assert line.pop("id").startswith("feedback_")
    assert line == {
        "question": MAYOR_QUESTION,
        "kind": "feedback",
        "answers": [{"text": "Ada Quinn"}],
        "files": ["stories/mayor.html", "wire/mayor.txt"],
        "evidence": MAYOR_SENTENCE,
        "is_impossible": False,
        "filters": {},
    }


def test_an_abstention_that_was_voted_up_is_an_impossible_question() -> None:
    line = line_of(vote("up", ABSTAINED))
    assert line["is_impossible"]
    assert (line["answers"], line["files"], line["evidence"]) == ([], [], None)
    assert "review" not in line


def test_a_vote_down_is_for_a_person_who_is_told_everything() -> None:
    read = cite(ELSEWHERE, "ward 7", "The count in ward 7 took until midnight.", role="read")
    answer = replace(cited(STORY), also_read=(read,), question="And who is it?")
    given = vote("down", answer, complaint="outdated", comment="Bob Ray, since May.")
    assert line_of(given)["review"] == {
        "done": False,
        "why": ["the answer was voted down"],
        "votes": [
            {
                "verdict": "down",
                "complaint": "outdated",
                "comment": "Bob Ray, since May.",
                "citation": None,
                "file": None,
                "asked": "And who is it?",
                "answered": "Ada Quinn",
                "given_at": "2024-05-01T00:00:00+00:00",
            }
        ],
        "candidates": [
            {
                "file": "stories/mayor.html",
                "title": "Springfield elects a mayor",
                "sentence": MAYOR_SENTENCE,
            },
            {
                "file": "wire/mayor.txt",
                "title": "A mayor, at last",
                "sentence": "The count in ward 7 took until midnight.",
            },
        ],
    }


def test_an_abstention_that_was_voted_down_comes_with_what_was_nearest() -> None:
    line = line_of(vote("down", ABSTAINED, complaint="should_have_answered"))
    assert line["review"]["votes"][0]["answered"] is None
    assert [each["sentence"] for each in line["review"]["candidates"]] == [MAYOR_SENTENCE]


def test_a_question_is_one_line_however_it_is_spaced_and_capitalised() -> None:
    shouted = replace(ANSWERED, standalone=f"  {MAYOR_QUESTION.upper()}  ", answer_id="ans_9")
    first, second = gold_lines([vote("up"), vote("up", replace(ANSWERED, standalone="Who else?"))])
    assert first["id"] != second["id"]
    line = line_of(vote("up"), vote("up", shouted))
    assert line["question"] == MAYOR_QUESTION
    assert line["id"] == first["id"]


def test_a_question_is_asked_as_it_was_understood() -> None:
    followed = replace(ANSWERED, question="And who is it?")
    assert line_of(vote("up", followed))["question"] == MAYOR_QUESTION


def test_filters_that_the_asker_set_stay_and_those_read_out_of_the_question_go() -> None:
    narrowed = replace(
        ANSWERED,
        filters=Filters(from_date=date(2021, 1, 1), publisher="Springfield Gazette"),
        inferred=("from",),
    )
    lines = gold_lines([vote("up", narrowed), vote("up")])
    assert [line["filters"] for line in lines] == [{"publisher": "Springfield Gazette"}, {}]
    assert lines[0]["id"] != lines[1]["id"]


def test_other_words_for_the_same_answer_are_answers_too() -> None:
    shorter = replace(ANSWERED, text="Quinn", answer_id="ans_9")
    line = line_of(vote("up"), vote("up", shorter))
    assert line["answers"] == [{"text": "Ada Quinn"}, {"text": "Quinn"}]
    assert "review" not in line


def test_both_sides_of_a_conflict_that_was_voted_up_are_answers() -> None:
    told = mayor_story(story_id="ee", source="rival.html", body="Bob Ray was elected mayor.")
    citations = [
        cite(STORY, "Ada Quinn", MAYOR_SENTENCE),
        cite(told, "Bob Ray", "Bob Ray was elected mayor.", n=2, role="conflicts"),
    ]
    line = line_of(vote("up", answer_with(MAYOR_QUESTION, citations, status="conflict")))
    assert line["answers"] == [{"text": "Ada Quinn"}, {"text": "Bob Ray"}]
    assert line["files"] == ["stories/mayor.html", "rival.html"]


def test_a_supporting_source_that_was_voted_down_is_no_file() -> None:
    line = line_of(vote("up"), vote("down", citation=2))
    assert line["files"] == ["stories/mayor.html"]
    assert "review" not in line


def test_a_source_that_was_voted_up_stays() -> None:
    line = line_of(vote("up"), vote("up", citation=2))
    assert line["files"] == ["stories/mayor.html", "wire/mayor.txt"]
    assert "review" not in line


OTHER = replace(ANSWERED, text="Bob Ray", answer_id="ans_9")


@pytest.mark.parametrize(
    ("votes", "reason"),
    [
        ([vote("down")], "the answer was voted down"),
        ([vote("up"), vote("down")], "the answer was voted up and down"),
        ([vote("up"), vote("down", ABSTAINED)], "the answer was voted up and down"),
        ([vote("up"), vote("up", ABSTAINED)], "an answer was voted up, and that there is none"),
        ([vote("up"), vote("up", OTHER)], "different answers were voted up"),
        ([vote("up", complaint="incomplete")], "a vote up came with a complaint"),
        ([vote("up", citation=1)], "only sources were voted on"),
        ([vote("down", citation=2)], "only sources were voted on"),
        (
            [vote("up"), vote("down", citation=1)],
            "the source of the answer's words was voted down",
        ),
        (
            [vote("up"), vote("up", citation=2), vote("down", citation=2)],
            "a source was voted up and down",
        ),
        (
            [vote("up"), vote("down", citation=3)],
            "a source was voted on that the answer does not cite",
        ),
        (
            [vote("up", ABSTAINED), vote("up", ABSTAINED, citation=1)],
            "what came nearest was voted on",
        ),
    ],
)
def test_what_votes_leave_in_doubt_is_for_a_person(votes: list[Feedback], reason: str) -> None:
    assert reason in why(*votes)
    assert why(*reversed(votes))


some_votes = st.lists(
    st.builds(
        vote,
        st.sampled_from(["up", "down"]),
        st.sampled_from([ANSWERED, ABSTAINED, OTHER]),
        citation=st.none() | st.integers(1, 3),
        complaint=st.none() | st.just("incomplete"),
    ),
    min_size=1,
    max_size=5,
)


@given(votes=some_votes, random=st.randoms())
def test_whatever_was_voted_a_line_is_settled_or_says_why_not_in_any_order(
    votes: list[Feedback], random: Random
) -> None:
    line = line_of(*votes)
    reasons = why(*votes)
    gold = GoldQuestion.model_validate(line)
    assert gold.under_review == bool(reasons)
    assert reasons or all(each.verdict == "up" for each in votes if each.citation is None)
    random.shuffle(votes)
    shuffled = line_of(*votes)
    assert set(why(*votes)) == set(reasons)
    assert (shuffled["id"], set(shuffled["files"])) == (line["id"], set(line["files"]))


def test_the_source_that_a_vote_was_on_is_named() -> None:
    told = line_of(vote("down", citation=2, comment="Another Springfield."))["review"]["votes"]
    assert [(each["citation"], each["file"]) for each in told] == [(2, "wire/mayor.txt")]


def test_feedback_on_what_is_no_answer_is_named() -> None:
    odd = replace(vote("up"), answer={"id": "ans_7", "question": {"raw": "Who?"}})
    with pytest.raises(InvalidFeedback, match=r"ans_7 .* question\.standalone"):
        gold_lines([odd])


def test_lines_wait_for_their_review_and_are_asked_after_it(tmp_path: Path) -> None:
    file = tmp_path / "feedback.jsonl"
    other = replace(ANSWERED, standalone="Who won?")
    settled, doubtful = gold_lines([vote("up"), vote("down", other)])
    left_out: list[int] = []

    def write(*lines: Line) -> None:
        file.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")

    write(settled, doubtful)
    assert [gold.question for gold in read_gold([file], left_out.append)] == [MAYOR_QUESTION]
    assert left_out == [1]

    write(doubtful)
    with pytest.raises(InvalidGold, match="but what is under review"):
        read_gold([file])

    review = doubtful.pop("review")
    assert isinstance(review, dict)
    write(settled, doubtful)
    with pytest.raises(InvalidGold, match=r"line 2: .*has answers or is impossible"):
        read_gold([file])

    for decided in (
        {"answers": [{"text": "Bob Ray"}], "review": review | {"done": True}},
        {"answers": [{"text": "Bob Ray"}]},
        {"is_impossible": True, "review": None},
    ):
        write(settled, doubtful | decided)
        left_out.clear()
        assert [gold.question for gold in read_gold([file], left_out.append)][1] == "Who won?"
        assert left_out == []
