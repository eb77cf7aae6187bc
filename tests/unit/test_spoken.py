"""What pronouns and pointing words stand for after a turn."""

import pytest

from qa.followups.mentions import Spoken, names_in_order
from qa.followups.references import referred


def turn(
    question: str,
    answer: str | None,
    type_: str = "description",
    *,
    asked: str | None = None,
    resolution: str | None = None,
) -> Spoken:
    return Spoken(
        asked=asked or question,
        question=question,
        answer=answer,
        type=type_,
        sentence=None,
        story_ids=(),
        resolution=resolution,
    )


FERRY = turn("Where does the ferry to Aldra depart?", "Springfield Harbour.", "place")
WARD = turn("Who is the engineer of the old bridge?", "Piotr Valdane", "person")


def test_there_is_the_place_of_the_answer() -> None:
    assert FERRY.meant_by("place") == "Springfield Harbour"


def test_there_is_else_a_place_of_the_question() -> None:
    assert turn("Who lives in Port Aldra?", "Ada Quinn", "person").meant_by("place") == "Port Aldra"
    assert turn("Who won in May?", "Ada Quinn", "person").meant_by("place") is None


def test_they_are_the_many_of_the_answer_without_their_number() -> None:
    found = turn("What did divers find in the lake?", "43 striped mussels")
    assert found.meant_by("group") == "striped mussels"


def test_they_are_else_the_group_of_the_question() -> None:
    asked = turn("When did the Harbour Commission meet?", "Tuesday", "date")
    assert asked.meant_by("group") == "the Harbour Commission"


def test_many_are_what_the_answer_names() -> None:
    assert turn("Which airline carried it?", "Delta Air Lines", "organisation").meant_by(
        "many"
    ) == ("Delta Air Lines")
    assert turn("How much did it cost?", "$5 million", "money").meant_by("many") is None


def test_nobody_is_meant_by_he_where_nobody_was_spoken_of() -> None:
    assert turn("How much did it cost?", "$5 million", "money").meant_by("person") is None


def test_it_goes_on_standing_for_what_it_stood_for() -> None:
    asked = "When was it opened?"
    again = turn("When was the Calder Bridge opened?", "1986", "date", asked=asked)
    assert again.meant_by("thing") == "the Calder Bridge"
    assert again.meant_by("thing", beside="the Calder Bridge") is None


def test_a_long_answer_is_no_name() -> None:
    assert turn("Who came?", " ".join(["Ada"] * 12), "person").named_answer is None


@pytest.mark.parametrize(
    ("question", "last", "meant"),
    [
        ("Who won that year?", turn("When?", "last May", "date", resolution="2019"), "in 2019"),
        ("Who won that year?", turn("Who won in 2020?", None), "in 2020"),
        ("Who won that year?", turn("Who won?", None), "that year"),
        ("Who came that day?", turn("When?", "on June 10", "date"), "on June 10"),
        ("Who came that day?", turn("When?", "June 10.", "date"), "on June 10"),
        ("Who came that month?", turn("When?", "June", "date"), "in June"),
        ("Who came that day?", turn("When?", "soon", "date"), "that day"),
        ("Who came that day?", turn("Who?", "Ada Quinn", "person"), "that day"),
    ],
)
def test_a_time_that_is_pointed_at_is_the_answers(question: str, last: Spoken, meant: str) -> None:
    assert meant in referred(question, [last])


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("Who is the first?", "Ada Quinn"),
        ("Who is the latter?", "Bo Reed"),
        ("Who is the 3rd one?", "Cy Poe"),
        ("Who is the last one?", "Cy Poe"),
        ("Who is the fourth?", "the fourth"),
    ],
)
def test_a_counted_one_is_a_member_of_the_list(question: str, meant: str) -> None:
    listed = turn("Who coached the team?", "Ada Quinn, Bo Reed and Cy Poe", "person")
    assert meant in referred(question, [listed])


def test_a_counted_one_of_no_list_stays() -> None:
    for answer in (None, "Ada Quinn"):
        listed = turn("Who coached the team?", answer, "person")
        assert referred("Who is the second?", [listed]) == "Who is the second?"


def test_another_one_is_of_the_kind_that_was_spoken_of() -> None:
    assert referred("Who designed the new one?", [WARD]) == "Who designed the new bridge?"
    nothing = turn("Who won?", None)
    assert referred("Who designed the new one?", [nothing]) == "Who designed the new one?"


@pytest.mark.parametrize(
    ("question", "last", "meant"),
    [
        (
            "When did that agency begin?",
            turn("Which agency runs it?", "Harbour Board", "organisation"),
            "When did Harbour Board begin?",
        ),
        ("Where does that man live?", WARD, "Where does Piotr Valdane live?"),
        ("When did that comet pass?", WARD, "When did that comet pass?"),
    ],
)
def test_a_noun_that_is_pointed_at_is_what_was_called_so(
    question: str, last: Spoken, meant: str
) -> None:
    assert referred(question, [last]) == meant


def test_names_are_neither_months_nor_the_word_that_asks() -> None:
    assert names_in_order("Did Ada Quinn’s office open in May 2021? Where") == ["Ada Quinn"]
