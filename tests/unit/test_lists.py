"""Questions that ask for several things are answered with what a story lists, member by member."""

import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.passages import split_story
from corpus.store import StoryStore
from qa.answer import Answer
from qa.composing.lists import listing
from qa.understanding.several import asks_for_several
from tests.fakes import assistant_of_words, mayor_story


@pytest.mark.parametrize(
    "question",
    [
        "Which units took part?",
        "What countries sent soldiers?",
        "Which of the units left?",
        "Which US-Canada border crossings were blocked?",
        "To which airports did it fly?",
        "Which two Nordic leaders did he receive?",
        "Who attended the fair?",
        "Who co-organised the congress?",
        "With whom does the office work?",
        "What are the three goals of the plan?",
        "Who were the winners?",
        "Name the three goals",
        "List the agencies that took part",
        "which companies owned by Cartes were named",
        "How many units took part?",
    ],
)
def test_a_question_for_several_things_is_told(question: str) -> None:
    assert asks_for_several(question, "Alpha and Bravo")


@pytest.mark.parametrize(
    "question",
    [
        "Which unit took part?",
        "Which command supports the exercise?",
        "Which anniversary of John Adams was celebrated?",
        "Which bus crashed?",
        "What is the status of the bridge?",
        "What process is used?",
        "What does the mayor want?",
        "Who is mayor?",
        "Whose boats are closed out?",
        "Where is the fair?",
    ],
)
def test_a_question_for_one_thing_is_told(question: str) -> None:
    assert not asks_for_several(question, "Alpha and Bravo")


def test_a_number_that_is_said_answers_how_many() -> None:
    assert not asks_for_several("How many units took part?", "three units")


@pytest.mark.parametrize(
    ("body", "read", "members"),
    [
        (
            "Crews from Italy, Spain, and Greece won, and left.",
            "Italy",
            ["Italy", "Spain", "Greece"],
        ),
        ("Crews from Italy, Spain and Greece won.", "Spain", ["Italy", "Spain", "Greece"]),
        ("Crews from Italy, Spain and Greece won.", "Greece", ["Italy", "Spain", "Greece"]),
        ("She flies to Malta and Cyprus July 19.", "Malta", ["Malta", "Cyprus"]),
        (
            "The four—Italy, Spain, and the City of Lund—will meet.",
            "Spain",
            ["Italy", "Spain", "the City of Lund"],
        ),
        (
            "The 3rd Division, the 82nd Division as well as the 10th Division took part.",
            "3rd Division",
            ["The 3rd Division", "the 82nd Division", "the 10th Division"],
        ),
        (
            "It is Oak Inc., Elm Inc., Ash S.A., and Fir Ltd. of Bern.",
            "Oak Inc.",
            ["Oak Inc.", "Elm Inc.", "Ash S.A.", "Fir Ltd. of Bern"],
        ),
        (
            "They are the Harbour Police; the Port Guard; the Fire Corps of Lund.",
            "the Port Guard",
            ["the Harbour Police", "the Port Guard", "the Fire Corps of Lund"],
        ),
        (
            "The money is for signs, lights and free parking behind the station.",
            "signs",
            ["signs", "lights", "free parking behind the station"],
        ),
        (
            "Goals:\n\n- peace at sea\n- cheap fish\n- open piers\n\nThe end.",
            "cheap fish",
            ["peace at sea", "cheap fish", "open piers"],
        ),
        (
            "Goals:\n1. Peace at sea\n2. Cheap fish\nThe end.",
            "Peace at sea",
            ["Peace at sea", "Cheap fish"],
        ),
    ],
)
def test_a_member_that_was_read_is_grown_to_its_list(
    body: str, read: str, members: list[str]
) -> None:
    start = body.index(read)

    found = listing(body, start, start + len(read))

    assert found is not None
    assert [body[a:b] for a, b in found.members] == members
    assert (found.start, found.end) == (found.members[0][0], found.members[-1][1])


@pytest.mark.parametrize(
    ("body", "read"),
    [
        ("Ada Quinn, the mayor of Springfield, and Bo Lind won.", "Bo Lind won"),
        ("Ada Quinn, who won, left on Monday.", "Ada Quinn"),
        ("The ship sailed to Lyon, France.", "Lyon"),
        ("The Department of Health and Welfare met.", "Department of Health"),
        ("Ada Quinn won and the rain stopped.", "Ada Quinn"),
        ("- One line only\n\nThe end.", "One line"),
    ],
)
def test_words_that_stand_in_no_list_are_left_alone(body: str, read: str) -> None:
    start = body.index(read)

    assert listing(body, start, start + len(read)) is None


@given(st.text(alphabet="aB ,;.\n-and1", max_size=80), st.data())
def test_members_stand_in_order_within_their_list(body: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(body)))
    end = data.draw(st.integers(start, len(body)))

    found = listing(body, start, end) if start < end else None

    if found:
        places = [found.start, *(place for member in found.members for place in member), found.end]
        assert places == sorted(places)
        assert len(found.members) > 1
        assert all(a < b for a, b in found.members)


@pytest.mark.parametrize("words", ["a, ", "A and ", "- a\n", "and ", "A; ", "of ", "a"])
def test_lists_are_found_in_linear_time(words: str) -> None:
    body = words * (1_000_000 // len(words))
    began = time.process_time()
    listing(body, 500_000, 500_003)
    asks_for_several("Which " + body, "A")
    assert time.process_time() - began < 20


BODY = "The harbour is shared by Alpha Watch, Bravo Watch, and Delta Watch. It opened in 1921."


def asked(question: str, tmp_path: Path) -> Answer:
    story = mayor_story(body=BODY)
    store = StoryStore(tmp_path / "stories.sqlite")
    store.put([(story, split_story(story))])
    return assistant_of_words(store).ask(question)


def test_the_answer_is_one_run_of_the_story_and_each_member_stands_in_its_citation(
    tmp_path: Path,
) -> None:
    answer = asked("Which crews share the harbour?", tmp_path)

    assert answer.text == "Alpha Watch, Bravo Watch, and Delta Watch"
    assert [member.text for member in answer.members] == [
        "Alpha Watch",
        "Bravo Watch",
        "Delta Watch",
    ]
    citation_of = {citation.n: citation for citation in answer.citations}
    for member in answer.members:
        citation = citation_of[member.n]
        assert BODY[citation.start : citation.end] == citation.quote
        assert re.search(rf"\b{member.text}\b", citation.quote)


def test_a_question_for_one_thing_has_no_members(tmp_path: Path) -> None:
    answer = asked("Which crew shares the harbour?", tmp_path)

    assert answer.members == ()
    assert answer.text in ("Alpha Watch", "Bravo Watch", "Delta Watch")
