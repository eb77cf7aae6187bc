"""Questions that words of a story can't answer are told from those that they can."""

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from corpus.passages import split_story
from corpus.store import StoryStore
from embeddings.index import Filters
from qa.assistant import Assistant
from qa.conversation import Turn
from qa.serialize import answer_json
from qa.understanding.reach import beyond_reach, plainly
from tests.fakes import assistant_of_words, mayor_story
from web.reply import reply_to

BEYOND = {
    "yes_no": """
        Did Quinn win the election?
        Is the bridge open?
        Are the schools closed today?
        Was the driver hurt?
        Were any firefighters injured?
        Does the council support the plan?
        Do the traders want compensation?
        Has the library reopened?
        Have the workers come back?
        Had the pumps been tested?
        Will the bridge be finished in 2026?
        Will Congress pass the bill?
        Can trucks cross the old bridge?
        Could the fire have been prevented?
        May boats be launched on Mirror Tarn?
        Must households boil their water?
        Isn't the mayor from Springfield?
        Didn’t the director resign?
        Is it true that the cannery burned down?
        In 2021, did the exercise take place in Panama?
        According to the mayor, is the water safe?
        And did he resign?
        Please, is the road open again?
        Can you tell me if the bridge is open?
        Do you know whether the road is closed?
        Tell me whether anyone died.
        I wonder if they won
        The bridge is open, isn't it?
        He was hurt, right?
        True or false: the dam broke.
        Is there a library in Port Ellery?
        Are there any survivors?
        Is Ada Quinn the mayor or the treasurer?
        Do the stories mention a second fire?
    """,
    "comparison": """
        Which is larger, the old bridge or the new one?
        Who is older, Quinn or Park?
        Which costs more, the library or the bridge?
        Which city has fewer people, Lyon or Panama City?
        Who was elected first, Quinn or Park?
        Compare the two bids.
        How does the new bridge compare with the old one?
        How do the two exercises differ?
        What is the difference between the two estimates?
        What are the main differences between Alpha and Bravo?
        How is the new plan different from the old one?
        Can you tell me which is cheaper, steel or concrete?
    """,
    "arithmetic": """
        How many more votes did Quinn get than Park?
        How much larger is the new bridge than the old one?
        By how much is the bridge longer than the tunnel?
        How many times larger is A than B?
        How many years are there between the two floods?
        How many days between the vote and the inauguration?
        What is the sum of both grants?
        What is the total of the fine and the costs?
        What is the average of the three bids and the estimate?
        What is the average across all wards?
        What's 5 plus 7?
        12 * 12
        Add up the damages of both fires
        Calculate the cost for each household.
        How old would Josiah Carrow be today?
        How many soldiers do the two units have put together?
    """,
    "counting": """
        How many stories mention the mayor?
        How many articles are about Panama?
        How many of the stories say that the road is closed?
    """,
    "opinion": """
        What do you think of the mayor?
        Do you think that the bridge is safe?
        Should I boil my water?
        What should I do with my boat?
        Should the council build the bridge?
        Who do you think will be mayor?
        What is your opinion on the plan?
        Would you recommend the fair?
        Is the new bridge a good idea?
        In your opinion, who was right?
    """,
    "prediction": """
        Who will win the next election?
        Who is going to win the cup?
        What will happen next?
        What would happen if the dam broke?
        What if the levee fails?
        Predict the turnout.
    """,
    "writing": """
        Summarize the story about the bridge.
        Can you summarise this?
        Write a poem about the mayor
        Translate the headline into French
        Give me a short summary of the news
        Tell me a joke
    """,
}
WITHIN = """
    Who won the election?
    When does the bridge open?
    Can you tell me who won?
    Could you please tell me when the fair is held?
    Do you know when the builders start?
    Did you know who was elected?
    Does anyone know where the books are?
    Please tell me what the fire cost.
    I'd like to know how many people came
    I wonder who runs the program
    Is there a date for the reopening?
    Is there a name for the exercise?
    Is there any information on who led the inquiry?
    Are the names of the victims known?
    Is it known who forgot the charger?
    Do the stories say why the pumps failed?
    May I ask what CSCEP stands for?
    Can you name the units that took part?
    Would you list the partner nations?
    Could you define scour?
    Did the mayor resign, and if so, when?
    Has the bridge opened, and when?
    Did you know that the bridge was built in 1958?
    How many more soldiers were sent?
    How much more did Washington say it would give?
    How many additional visas were released?
    What was the total cost of the project?
    What were total reserve assets as of October?
    What was the average age of the volunteers?
    What will it cost altogether to repair the library?
    How long did it take?
    How much larger did the crowd get?
    What is the most expensive house in town?
    Which company made the first offer?
    Who was the first to cross, or to try?
    Which unit or agency led the exercise?
    When or where was he born?
    What should people take along on the ice?
    What should we know about the levee?
    What do we need to counter dispersed threats?
    What does the mayor think of the bridge?
    What did the mayor recommend?
    Who should people call about a leak?
    What will happen to the old bridge?
    What happens if a boat is launched?
    Who won the cup?
    Who is going to build the bridge?
    When will the tower fall?
    Will Rogers Air National Guard Base location
    May 2021 exercise in Panama
    Will Smith age
    mayor of springfield
    TOCRP full form
    size of the grant to California
    What is the difference in price?
    Name the three goals
    List the agencies that took part
    What did Park say about whether the bridge is safe?
    What question did the court have to decide?
    On which ship was the gas destroyed?
    In what year did the tsunami strike?
    By how much were the payments reduced?
    Since when has the plant been closed?
    To whom was the letter sent?
    Why is the US moving a missile system?
    Whose boats can't be launched?
    What is the CNCC in Panama?
    How often has the story been viewed?
    How many reports were filed last year?
    What story did the pilot tell?
    Who wrote the report?
    What did he write about?
    What was the summary of the report called?
    Tell me about the bridge
    How old is Josiah Carrow?
    According to the mayor, who paid?
    In 2021, who led the exercise?
"""


def lines(block: str) -> list[str]:
    return [line.strip() for line in block.strip().splitlines()]


@pytest.mark.parametrize(
    ("question", "kind"), [(each, kind) for kind, block in BEYOND.items() for each in lines(block)]
)
def test_what_no_words_of_a_story_can_answer_is_out_of_reach(question: str, kind: str) -> None:
    assert beyond_reach(question) == kind


@pytest.mark.parametrize("question", lines(WITHIN))
def test_what_words_of_a_story_can_answer_is_within_reach(question: str) -> None:
    assert beyond_reach(question) is None


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("Can you tell me who won?", "Who won?"),
        ("Hi, do you know when the fair is held?", "When the fair is held?"),
        ("Please could you tell me what CSE means", "What CSE means"),
        ("Can you name the three goals?", "Name the three goals?"),
        ("Is there a date for the reopening?", "What is the date for the reopening?"),
        ("Are the names of the victims known?", "What are the names of the victims?"),
        ("Do you know Ada Quinn?", "Do you know Ada Quinn?"),
        ("And in 2021?", "And in 2021?"),
        ("So who won?", "Who won?"),
        ("Who won?", "Who won?"),
    ],
)
def test_a_polite_opening_makes_no_difference_to_what_is_asked(asked: str, meant: str) -> None:
    assert plainly(asked) == meant
    assert plainly(meant) == meant


@pytest.fixture
def assistant(tmp_path: Path) -> Assistant:
    story = mayor_story()
    store = StoryStore(tmp_path / "stories.sqlite")
    store.put([(story, split_story(story))])
    return assistant_of_words(store)


def test_a_question_out_of_reach_is_told_so_with_the_sentences_that_come_nearest(
    assistant: Assistant,
) -> None:
    answer = assistant.ask("Was Ada Quinn elected mayor of Springfield?")

    assert (answer.status, answer.text, answer.citations) == ("abstained", None, ())
    assert answer.confidence.p == 0
    assert answer.abstention is not None
    assert answer.abstention.reason == "out_of_reach"
    assert "yes or no" in answer.abstention.message
    [nearest] = answer.abstention.nearest
    assert nearest.verified


def test_no_confidence_is_enough_for_a_question_out_of_reach(assistant: Assistant) -> None:
    assert assistant.at(0.0).ask("Is Ada Quinn mayor?").status == "abstained"


def test_a_polite_question_is_answered_as_the_plain_one(assistant: Assistant) -> None:
    answer = assistant.ask("Can you tell me who was elected mayor of Springfield?")

    assert answer.standalone == "Who was elected mayor of Springfield?"
    assert answer.text == assistant.ask(answer.standalone).text
    assert answer.status == "answered"


def test_a_follow_up_is_judged_by_what_it_means(assistant: Assistant) -> None:
    first = assistant.ask("Who was elected mayor of Springfield?")
    past = [Turn(n=1, asked_at=datetime(2026, 1, 1, tzinfo=UTC), answer=answer_json(first))]

    answer = assistant.ask("Did she resign?", past=past)

    assert answer.standalone == "Did Ada Quinn resign?"
    assert answer.abstention is not None
    assert answer.abstention.reason == "out_of_reach"


def test_a_chat_client_is_shown_the_sentences_that_come_nearest(assistant: Assistant) -> None:
    answer = assistant.ask("Was Ada Quinn elected mayor of Springfield?")
    assert answer.abstention is not None
    [nearest] = answer.abstention.nearest

    content = reply_to(answer, "http://localhost").content

    assert content.startswith("This can’t be quoted from a story.")
    assert f"> “{nearest.sentence}”" in content


def test_filters_that_leave_no_story_are_told_first(assistant: Assistant) -> None:
    answer = assistant.ask("Was Quinn elected?", filters=Filters(publisher="Nobody"))

    assert answer.abstention is not None
    assert answer.abstention.reason == "no_relevant_story"


@pytest.mark.parametrize(
    "words",
    ["is ", "please ", "how many more ", ", who ", "compare the ", "is the the the ", "1 + ", "a,"],
)
def test_the_gate_takes_linear_time(words: str) -> None:
    for opening in ("", "Is the ", "How do ", "Do you think ", "In "):
        text = opening + words * (1_000_000 // len(words))
        began = time.process_time()
        beyond_reach(text)
        assert time.process_time() - began < 20
