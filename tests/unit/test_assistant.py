"""The assistant answers from its stories, or says why it doesn't."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from corpus.passages import split_story
from corpus.store import StoryStore
from corpus.story import Story
from embeddings.build import catch_up, encode_pending
from embeddings.index import Filters
from embeddings.retriever import Hit
from qa.answer import Agreement, Answer, Member, Receipt, Resolution
from qa.assistant import Assistant
from qa.composing.compose import Composer, Findings, withdrawn
from qa.conversation import Turn
from qa.errors import EmptyQuestion, QuestionTooLong
from qa.reader import Reader, Span
from qa.serialize import answer_json
from qa.steps import Step
from qa.understanding.knowledge import Knowledge
from tests.fakes import (
    DictIndex,
    HashingEncoder,
    WordReader,
    assistant_of_words,
    mayor_story,
)


@pytest.fixture
def stories() -> list[Story]:
    mayor = mayor_story(
        body="Ada Quinn was elected mayor of Springfield.\n\nThe mayor of Springfield is Ada Quinn."
    )
    return [
        mayor,
        replace(mayor, story_id="bakery", title="A bakery", body="The bakery opened in 1987."),
    ]


@pytest.fixture
def assistant(tmp_path: Path, stories: list[Story]) -> Assistant:
    store = StoryStore(tmp_path / "stories.sqlite")
    store.put([(story, split_story(story)) for story in stories])
    return assistant_of_words(store, max_question_chars=100)


def test_answer_cites_the_words_it_was_found_in(assistant: Assistant, stories: list[Story]) -> None:
    answer = assistant.ask("Who is mayor of Springfield?")

    assert (answer.status, answer.text) == ("answered", "Ada Quinn")
    primary = answer.citations[0]
    assert primary.role == "primary"
    assert stories[0].body[primary.start : primary.end] == "Ada Quinn"


def test_another_sentence_that_says_the_same_is_listed_as_support(assistant: Assistant) -> None:
    primary, support = assistant.ask("Who is mayor of Springfield?").citations

    assert support.role == "supports"
    assert {primary.sentence, support.sentence} == {
        "Ada Quinn was elected mayor of Springfield.",
        "The mayor of Springfield is Ada Quinn.",
    }


def test_the_same_question_gets_the_same_answer(assistant: Assistant) -> None:
    first, second = (answer_json(assistant.ask("Who is mayor of Springfield?")) for _ in range(2))

    assert {**first, "timings_ms": None} == {**second, "timings_ms": None}


def test_time_that_a_story_names_is_counted_from_the_day_of_that_story(tmp_path: Path) -> None:
    bakery = mayor_story(body="Last Tuesday the bakery opened.", published_at=date(2021, 11, 3))
    store = StoryStore(tmp_path / "stories.sqlite")
    store.put([(bakery, split_story(bakery))])
    words = assistant_of_words(store)

    answer = words.ask("When did the bakery open?")

    assert (answer.text, answer.normalized) == ("Last Tuesday", None)
    assert answer.resolution == Resolution(
        value="2021-11-02", words="Last Tuesday", relative_to=date(2021, 11, 3)
    )
    assert words.ask("Who opened the bakery?").resolution is None


def test_white_space_makes_no_difference(assistant: Assistant) -> None:
    answer = assistant.ask("  Who is\n mayor   of Springfield? ")

    assert answer.question == "Who is mayor of Springfield?"
    assert answer.text == "Ada Quinn"


def test_a_year_that_no_story_mentions_is_named_as_missing(assistant: Assistant) -> None:
    answer = assistant.ask("Who was mayor of Springfield in 1950?")

    assert (answer.status, answer.text) == ("abstained", None)
    assert answer.abstention is not None
    assert answer.abstention.reason == "missing_slot"
    assert answer.abstention.missing == ("1950",)
    assert answer.abstention.message == "No story mentions 1950."


def test_a_year_that_only_other_stories_mention_is_said_to_be_theirs(assistant: Assistant) -> None:
    answer = replace(assistant, passages_read=1).ask("Who was mayor of Springfield in 1987?")

    assert answer.abstention is not None
    assert answer.abstention.message == (
        "The stories nearest to this question don't mention 1987, though others do."
    )


def test_filters_are_part_of_what_no_story_mentions(assistant: Assistant) -> None:
    filters = Filters(publisher="Springfield Gazette")

    answer = assistant.ask("Who was mayor of Springfield in 1950?", filters=filters)

    assert answer.abstention is not None
    assert answer.abstention.message == "No story that satisfies the filters mentions 1950."


def test_an_abstention_shows_the_nearest_sentences(assistant: Assistant) -> None:
    answer = assistant.ask("Who was mayor of Springfield in 1950?")

    assert answer.abstention is not None
    nearest = answer.abstention.nearest[0]
    assert nearest.role == "nearest"
    assert nearest.quote == nearest.sentence
    assert nearest.verified


def test_an_unsure_answer_is_not_given(assistant: Assistant) -> None:
    answer = assistant.at(0.999).ask("Who is mayor of Springfield?")

    assert answer.status == "abstained"
    assert answer.citations == ()
    assert answer.abstention is not None
    assert answer.abstention.reason == "low_confidence"
    assert answer.abstention.missing == ("the person",)
    assert answer.confidence.p < answer.confidence.threshold == 0.999
    assert answer.abstention.message == (
        "Stories mention Springfield, but don't say who clearly enough to be sure."
    )


def test_filters_narrow_the_stories(assistant: Assistant) -> None:
    answer = assistant.ask("Who is mayor of Springfield?", filters=Filters(story_ids=("bakery",)))

    assert answer.text != "Ada Quinn"


def test_filters_that_no_story_satisfies_are_the_reason(assistant: Assistant) -> None:
    answer = assistant.ask("Who is mayor?", filters=Filters(from_date=date(2030, 1, 1)))

    assert answer.abstention is not None
    assert answer.abstention.reason == "no_relevant_story"
    assert answer.abstention.message == "No story satisfies the filters; widen or remove them."


def test_without_stories_the_answer_says_how_to_add_some(assistant: Assistant) -> None:
    for story_id in ("00aa11bb22cc33dd", "bakery"):
        assistant.store.remove(story_id)

    answer = assistant.ask("Who is mayor of Springfield?")

    assert answer.abstention is not None
    assert answer.abstention.reason == "no_stories"
    assert "dateline add" in (assistant.ready() or "")


@pytest.mark.parametrize("question", ["", "  \n\t", "?!", "…"])
def test_a_question_without_words_is_refused(assistant: Assistant, question: str) -> None:
    with pytest.raises(EmptyQuestion):
        assistant.ask(question)


def test_a_question_that_is_too_long_is_refused_with_its_length(assistant: Assistant) -> None:
    with pytest.raises(QuestionTooLong, match="121 characters; ask it in at most 100"):
        assistant.ask("mayor " * 20 + "x")


def test_an_answer_whose_story_changes_while_it_is_read_is_withdrawn(
    assistant: Assistant, stories: list[Story], caplog: pytest.LogCaptureFixture
) -> None:
    class SlowReader(WordReader):
        def read(self, question: str, hits: Sequence[Hit]) -> list[Span]:
            changed = replace(stories[0], body="Nobody was elected.")
            assistant.store.put([(changed, split_story(changed))])
            return super().read(question, hits)

    answer = replace(assistant, reader=SlowReader()).ask("Who is mayor of Springfield?")

    assert (answer.status, answer.text, answer.citations) == ("abstained", None, ())
    assert answer.abstention is not None
    assert answer.abstention.reason == "unverified"
    assert "are not in story" in caplog.text


@pytest.mark.parametrize(("changes", "status"), [(1, "answered"), (9, "abstained")])
def test_an_answer_is_made_again_if_what_it_shows_changed_before_it_was_whole(
    assistant: Assistant, stories: list[Story], changes: int, status: str
) -> None:
    composed: list[Answer] = []

    class OvertakenComposer(Composer):
        def answer(self, findings: Findings, receipt: Receipt) -> Answer:
            composed.append(super().answer(findings, receipt))
            if len(composed) <= changes:
                longer = f"{stories[0].body}\n\nVersion {len(composed)}."
                self.store.add([replace(stories[0], body=longer)])
                encode_pending(self.store, HashingEncoder())
            return composed[-1]

    composer = assistant.composer
    overtaken = OvertakenComposer(
        store=composer.store,
        retriever=composer.retriever,
        confidence=composer.confidence,
        threshold=composer.threshold,
    )
    answer = replace(assistant, composer=overtaken).ask("Who is mayor of Springfield?")

    assert answer.status == status
    assert composed[0].status == "answered"
    story = assistant.store.story(stories[0].story_id)
    assert {citation.snapshot_sha256 for citation in answer.citations} <= {story.sha256}


def test_a_story_removed_meanwhile_is_not_cited(assistant: Assistant) -> None:
    assistant.store.remove("00aa11bb22cc33dd")

    answer = assistant.ask("Who is mayor of Springfield?")

    assert all(citation.story_id != "00aa11bb22cc33dd" for citation in answer.citations)


def test_a_story_added_by_another_process_is_found_at_the_next_question(
    assistant: Assistant, tmp_path: Path
) -> None:
    store = StoryStore(tmp_path / "stories.sqlite")
    story = mayor_story(
        story_id="fire", title="Fire", body="Lee Park leads the Ogdenville brigade."
    )
    store.put([(story, split_story(story))])
    catch_up(store, DictIndex(), HashingEncoder())

    answer = assistant.ask("Who leads the Ogdenville brigade?")

    assert answer.text == "Lee Park"


def test_it_is_ready_as_soon_as_another_process_has_added_a_story(
    assistant: Assistant, tmp_path: Path
) -> None:
    store = StoryStore(tmp_path / "stories.sqlite")
    story = mayor_story(story_id="fire", title="Fire", body="Lee Park leads the brigade.")
    store.put([(story, split_story(story))])
    catch_up(store, DictIndex(), HashingEncoder())

    assert assistant.ready() is None


def test_timings_tell_the_stages_apart(assistant: Assistant) -> None:
    timings = assistant.ask("Who is mayor of Springfield?").timings_ms

    assert set(timings) == {"retrieve", "read", "compose", "total"}
    assert timings["total"] == pytest.approx(sum(timings.values()) - timings["total"], abs=0.05)


def test_a_follow_up_is_answered_as_it_is_meant(assistant: Assistant) -> None:
    first = assistant.ask("Which bakery opened in Springfield?")
    past = [Turn(n=1, asked_at=datetime.now(UTC), answer=answer_json(first))]
    follow_up = assistant.ask("Who is mayor there?", past=past)

    assert follow_up.question == "Who is mayor there?"
    assert follow_up.standalone == "Who is mayor in Springfield?"
    assert follow_up.text == "Ada Quinn"
    literal = assistant.ask("Who is mayor there?", past=past, as_asked=True)
    assert literal.standalone == "Who is mayor there?"


@dataclass
class ListeningReader:
    """Reads like another, and keeps the hits that it was given."""

    reader: Reader
    hits: list[Hit] = field(default_factory=list)
    name: str = "listening"

    def read(self, question: str, hits: Sequence[Hit]) -> list[Span]:
        self.hits = list(hits)
        return self.reader.read(question, hits)


def test_the_stories_just_cited_are_read_first_and_weigh_more(assistant: Assistant) -> None:
    first = assistant.ask("Who is mayor of Springfield?")
    cited = {citation.story_id for citation in first.citations}
    past = [Turn(n=1, asked_at=datetime.now(UTC), answer=answer_json(first))]
    reader = ListeningReader(assistant.reader)
    listening = replace(assistant, reader=reader)

    follow_up = listening.ask("Which bakery did she open?", past=past)
    found = listening.search(follow_up.standalone, k=listening.passages_read)
    score_of = {hit.passage.passage_id: hit.score for hit in found}
    in_view = [hit.story.story_id in cited for hit in reader.hits]
    others = [hit for hit in reader.hits if hit.story.story_id not in cited]
    assert in_view[0]
    assert others
    assert all(hit.score < score_of[hit.passage.passage_id] for hit in others)


def test_stories_of_another_time_than_a_follow_up_names_weigh_no_more(
    assistant: Assistant,
) -> None:
    first = assistant.ask("Who is mayor of Springfield?")
    past = [Turn(n=1, asked_at=datetime.now(UTC), answer=answer_json(first))]
    reader = ListeningReader(assistant.reader)
    listening = replace(assistant, reader=reader)

    follow_up = listening.ask("And in 2035?", past=past)
    assert follow_up.meant is not None
    assert follow_up.meant.story_ids
    found = listening.found(follow_up.meant, listening.passages_read)
    assert [hit.score for hit in reader.hits] == [hit.score for hit in found]


def test_a_change_of_topic_leaves_the_stories_just_cited_as_any_other(assistant: Assistant) -> None:
    first = assistant.ask("Who is mayor of Springfield?")
    past = [Turn(n=1, asked_at=datetime.now(UTC), answer=answer_json(first))]
    reader = ListeningReader(assistant.reader)
    listening = replace(assistant, reader=reader)

    listening.ask("Which bakery opened in Shelbyville?", past=past)
    after = [(hit.passage.passage_id, hit.score) for hit in reader.hits]
    listening.ask("Which bakery opened in Shelbyville?")
    assert after == [(hit.passage.passage_id, hit.score) for hit in reader.hits]


def test_that_story_is_a_filter_that_was_read_out_of_the_question(assistant: Assistant) -> None:
    first = assistant.ask("Who is mayor of Springfield?")
    past = [Turn(n=1, asked_at=datetime.now(UTC), answer=answer_json(first))]
    follow_up = assistant.ask("In that story, who is mayor?", past=past)

    assert follow_up.standalone == "Who is mayor?"
    assert follow_up.filters.story_ids == (first.citations[0].story_id,)
    assert follow_up.inferred == ("story_ids",)
    assert follow_up.text == first.text


def test_what_the_question_says_of_its_stories_narrows_them(assistant: Assistant) -> None:
    question = "Who is mayor of Springfield, in stories from 2020?"
    narrowed = assistant.ask(question)
    assert narrowed.standalone == "Who is mayor of Springfield?"
    assert narrowed.inferred == ("from", "to")
    assert narrowed.abstention is not None
    assert narrowed.abstention.reason == "no_relevant_story"

    widened = assistant.ask(question, as_asked=True)
    assert (widened.inferred, widened.filters) == ((), Filters())


def test_stories_that_were_read_and_not_cited_are_listed(assistant: Assistant) -> None:
    answer = assistant.ask("Who is mayor of Springfield?")

    assert [(read.story_id, read.role) for read in answer.also_read] == [("bakery", "read")]
    assert all(read.verified for read in answer.also_read)


def test_steps_are_told_in_order(assistant: Assistant) -> None:
    told: list[Step] = []
    assistant.ask("Who is mayor of Springfield?", on_step=told.append)

    assert [step.name for step in told] == ["search", "read", "check"]
    assert told[1].message == "Reading 2 passages of 2 stories"


def test_stories_that_give_different_values_are_shown_to_disagree(tmp_path: Path) -> None:
    store = StoryStore(tmp_path / "stories.sqlite")
    told = {"Ada Quinn": date(2021, 11, 3), "Bo Lind": date(2021, 11, 5)}
    stories = [
        mayor_story(
            story_id=name,
            title="Springfield votes",
            body=f"The elected mayor of Springfield was {name}.",
            published_at=day,
        )
        for name, day in told.items()
    ]
    store.put([(story, split_story(story)) for story in stories])

    answer = assistant_of_words(store).ask("Who was elected mayor of Springfield?")

    assert answer.status == "conflict"
    assert answer.text == answer.citations[0].quote
    assert [c.role for c in answer.citations] == ["primary", "conflicts"]
    assert {c.quote for c in answer.citations} == set(told)
    assert answer.agreement == Agreement(supporting_stories=1, independent=1, conflicting=1)


def test_what_is_not_believed_is_refused_whatever_contradicts_it(tmp_path: Path) -> None:
    store = StoryStore(tmp_path / "stories.sqlite")
    stories = [
        mayor_story(story_id=name, title="Votes", body=f"The new mayor of Springfield is {name}.")
        for name in ("Ada Quinn", "Bo Lind")
    ]
    store.put([(story, split_story(story)) for story in stories])

    answer = assistant_of_words(store).at(0.999).ask("Who is the new mayor of Springfield?")

    assert (answer.status, answer.agreement.conflicting) == ("abstained", 0)


def test_a_time_without_stories_is_told_with_the_time_of_those_there_are(tmp_path: Path) -> None:
    store = StoryStore(tmp_path / "stories.sqlite")
    story = mayor_story()
    store.put([(story, split_story(story))])
    knowledge = Knowledge(today=lambda: date(2026, 11, 24))
    assistant = replace(assistant_of_words(store), knowledge=knowledge)

    answer = assistant.ask("Who was elected mayor of Springfield last year?")
    store.close()
    assert answer.inferred == ("from", "to")
    assert answer.abstention is not None
    assert answer.abstention.message == (
        "No story from 2025-01-01 until 2026-01-31 has to do with this. The stories here are from "
        "2021-11-03 to 2021-11-03; take that time off to search them all."
    )


def test_adjectives_are_not_said_to_be_mentioned(tmp_path: Path) -> None:
    store = StoryStore(tmp_path / "stories.sqlite")
    story = mayor_story(body="The Panamanian police trained.")
    store.put([(story, split_story(story))])
    answer = assistant_of_words(store).ask("Who trained the Panamanian police?")
    store.close()
    assert answer.abstention is not None
    assert answer.abstention.message.startswith("The stories don't say who")


def test_nothing_that_an_answer_said_is_left_once_it_is_withdrawn(assistant: Assistant) -> None:
    answer = assistant.ask("Who is mayor of Springfield?")
    said = replace(
        answer,
        speaker="Ada Quinn",
        members=(Member(text="Ada Quinn", n=1),),
        as_of=date(2021, 11, 3),
        resolution=Resolution(value="2021", words="2021"),
    )
    left = withdrawn(said)
    assert left.status == "abstained"
    assert {left.text, left.speaker, left.normalized, left.resolution, left.as_of} == {None}
    assert (*left.members, *left.citations, *left.also_read) == ()


def test_answers_that_prefer_other_stories_have_other_ids(assistant: Assistant) -> None:
    question = "Who was mayor of Springfield in 2021?"
    understood, literal = assistant.ask(question), assistant.ask(question, as_asked=True)
    assert understood.prefers is not None
    assert literal.prefers is None
    assert understood.answer_id != literal.answer_id


def test_a_name_of_several_words_is_said_as_one(tmp_path: Path) -> None:
    store = StoryStore(tmp_path / "stories.sqlite")
    story = mayor_story(body="Bo Lind met the mayor at the Ogden Valley Fair.")
    store.put([(story, split_story(story))])
    told = {
        question: assistant_of_words(store).at(0.999).ask(question).abstention
        for question in ("When did Bo Lind come?", "When did Lind Ogden come?")
    }
    store.close()
    assert [each.message.partition(",")[0] for each in told.values() if each] == [
        "Stories mention Bo Lind",
        "Stories mention Lind and Ogden",
    ]
