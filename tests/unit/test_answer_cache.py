"""What was answered is given again, at once, while nothing that it is made from has changed."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import pytest

from corpus.passages import split_story
from corpus.store import StoryStore
from embeddings.build import encode_pending
from embeddings.encoder import Vectors
from embeddings.index import Filters
from embeddings.retriever import Hit
from qa.answer import Answer
from qa.answer_cache import AnswerCache, AnswerKey, CacheCounts, bytes_of
from qa.assistant import Assistant
from qa.composing.compose import withdrawn
from qa.conversation import Turn
from qa.reader import Span
from qa.serialize import answer_json
from qa.steps import Step
from qa.suggesting.suggestion_store import Suggested, Suggestion, SuggestionStore
from qa.suggesting.suggestions import Suggestions, made_by
from qa.understanding.knowledge import Knowledge
from qa.understanding.understand import taken_literally
from tests.fakes import (
    MAYOR_SENTENCE,
    RECEIPT,
    HashingEncoder,
    WordReader,
    answer_with,
    assistant_of_words,
    cite,
    mayor_story,
)

WHO = "Who is mayor of Springfield?"
MAYOR = mayor_story()
BAKERY = mayor_story(story_id="bakery", title="A bakery", body="The bakery opened in 1987.")
OTHER_MAYOR = mayor_story(body=MAYOR.body.replace("Ada Quinn", "Bo Lindqvist"))


@dataclass
class CountingReader(WordReader):
    """Remembers which questions it was given."""

    asked: list[str] = field(default_factory=list)

    def read(self, question: str, hits: Sequence[Hit]) -> list[Span]:
        self.asked.append(question)
        return super().read(question, hits)


@pytest.fixture
def reader() -> CountingReader:
    return CountingReader()


@pytest.fixture
def assistant(tmp_path: Path, reader: CountingReader) -> Iterator[Assistant]:
    store = StoryStore(tmp_path / "stories.sqlite")
    store.put([(story, split_story(story)) for story in (MAYOR, BAKERY)])
    yield replace(assistant_of_words(store), reader=reader, cache=AnswerCache(1_000_000))
    store.close()


def without_moment(answer: Answer) -> dict[str, object]:
    return {**answer_json(answer), "timings_ms": None}


def key_of(question: str, change: int = RECEIPT.change) -> AnswerKey:
    return AnswerKey(
        meant=taken_literally(question, Filters()),
        receipt=replace(RECEIPT, change=change),
        threshold=0.5,
        passages_read=12,
        abbreviations=0,
    )


def answer_to(question: str) -> Answer:
    return answer_with(question, [cite(MAYOR, "Ada Quinn", MAYOR_SENTENCE)])


def kept(cache: AnswerCache, question: str) -> bool:
    """Whether *cache* gives the answer to *question* without making it."""
    _, made = cache.answer(key_of(question), lambda _: True, lambda: answer_to(question))
    return not made


# Given again


@pytest.mark.parametrize("question", [WHO, "Who is mayor of Ogdenville?"])
def test_a_question_asked_again_is_not_read_again(
    assistant: Assistant, reader: CountingReader, question: str
) -> None:
    first, second = assistant.ask(question), assistant.ask(f" {question}  ")

    assert reader.asked == [question]
    assert without_moment(first) == without_moment(second)
    assert set(first.timings_ms) == {"retrieve", "read", "compose", "total"}
    assert set(second.timings_ms) == {"recall", "total"}


def test_only_the_check_is_told_of_where_nothing_is_searched(assistant: Assistant) -> None:
    told: list[Step] = []
    assistant.ask(WHO)
    assistant.ask(WHO, on_step=told.append)

    assert [step.name for step in told] == ["check"]


def test_asking_for_what_is_meant_answers_anew(
    assistant: Assistant, reader: CountingReader
) -> None:
    meant = assistant.ask(WHO).meant
    assert meant is not None
    assistant.answer(meant)

    assert len(reader.asked) == 2


def test_an_assistant_without_a_cache_answers_anew(
    assistant: Assistant, reader: CountingReader
) -> None:
    uncached = replace(assistant, cache=None)
    uncached.ask(WHO)
    uncached.ask(WHO)

    assert len(reader.asked) == 2


# What makes a difference


@pytest.mark.parametrize(
    "differently",
    [
        lambda assistant: assistant.ask("Who is the mayor of Springfield?"),
        lambda assistant: assistant.ask(WHO.lower()),
        lambda assistant: assistant.ask(WHO, filters=Filters(publisher="Springfield Gazette")),
        lambda assistant: assistant.ask(WHO, filters=Filters(from_date=date(2021, 1, 1))),
        lambda assistant: assistant.at(0.0).ask(WHO),
        lambda assistant: replace(assistant, passages_read=1).ask(WHO),
        lambda assistant: replace(assistant, settings="1" * 16).ask(WHO),
    ],
)
def test_what_is_asked_or_set_otherwise_is_answered_anew(
    assistant: Assistant, reader: CountingReader, differently: Callable[[Assistant], Answer]
) -> None:
    assistant.ask(WHO)
    differently(assistant)

    assert len(reader.asked) == 2


def test_a_time_counted_from_today_is_counted_anew_the_next_day(
    assistant: Assistant, reader: CountingReader
) -> None:
    yesterday = "Who was elected mayor yesterday?"
    for today in (date(2021, 11, 4), date(2021, 11, 4), date(2021, 11, 5)):
        asked_then = replace(
            assistant, knowledge=Knowledge(today=partial(date.fromordinal, today.toordinal()))
        )
        asked_then.ask(yesterday)
        asked_then.ask(WHO)

    assert reader.asked == [yesterday, WHO, yesterday]


def test_the_same_words_after_other_turns_are_another_question(
    assistant: Assistant, reader: CountingReader
) -> None:
    first = assistant.ask(WHO)
    turn = Turn(n=1, asked_at=datetime.now(UTC), answer=answer_json(first))
    after, alone = assistant.ask("Who is he?", past=[turn]), assistant.ask("Who is he?")

    assert (after.standalone, alone.standalone) == ("Who is Ada Quinn?", "Who is he?")
    again = assistant.ask("Who is he?", past=[turn])
    assert without_moment(after) == without_moment(again)
    assert len(reader.asked) == 3


# Stories that change


def test_a_removed_story_stops_answering_at_once(assistant: Assistant) -> None:
    assert assistant.ask(WHO).text == "Ada Quinn"
    assistant.store.remove(MAYOR.story_id)

    assert assistant.ask(WHO).text is None


def test_a_changed_story_answers_in_its_new_words(assistant: Assistant) -> None:
    assert assistant.ask(WHO).text == "Ada Quinn"
    assistant.store.put([(OTHER_MAYOR, split_story(OTHER_MAYOR))])
    encode_pending(assistant.store, HashingEncoder())

    assert assistant.ask(WHO).text == "Bo Lindqvist"


def test_a_new_story_is_found_by_a_question_that_was_refused(assistant: Assistant) -> None:
    question = "Who is mayor of Ogdenville?"
    assert assistant.ask(question).text is None
    other = mayor_story(story_id="other", body="Bo Lindqvist is mayor of Ogdenville.")
    assistant.store.put([(other, split_story(other))])
    encode_pending(assistant.store, HashingEncoder())

    assert assistant.ask(question).text == "Bo Lindqvist"


def test_nothing_is_kept_while_the_index_lags_behind_the_stories(
    assistant: Assistant, reader: CountingReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    assistant.ask(WHO)
    monkeypatch.setattr("qa.assistant.follow", lambda store, index: None)
    assistant.store.remove(BAKERY.story_id)
    assistant.ask(WHO)
    assistant.ask(WHO)

    assert len(reader.asked) == 3


def test_citations_of_a_kept_answer_are_checked_again(
    assistant: Assistant, reader: CountingReader
) -> None:
    """Words that changed where no change was noted, as on a disk that errs, aren't shown."""
    assert assistant.cache is not None
    answer = assistant.ask(WHO)
    wrong = replace(answer, citations=(replace(answer.citations[0], quote="Lee Park"),))
    [key] = assistant.cache._answers
    assistant.cache._answers[key] = wrong, 1

    assert assistant.ask(WHO).citations == answer.citations
    assert len(reader.asked) == 2
    assistant.ask(WHO)
    assert len(reader.asked) == 2


def test_what_was_withdrawn_is_asked_again() -> None:
    cache = AnswerCache(1_000_000)
    cache.answer(key_of(WHO), lambda _: True, lambda: withdrawn(answer_to(WHO)))

    assert not kept(cache, WHO)


def test_an_answer_of_another_state_of_the_stories_than_was_asked_is_not_kept() -> None:
    cache = AnswerCache(1_000_000)
    later = replace(answer_to(WHO), receipt=replace(RECEIPT, change=8))
    cache.answer(key_of(WHO), lambda _: True, lambda: later)

    assert not kept(cache, WHO)


def test_answers_of_an_earlier_state_of_the_stories_are_forgotten() -> None:
    cache = AnswerCache(1_000_000)
    assert not kept(cache, WHO)
    cache.answer(key_of(WHO, change=8), lambda _: True, lambda: answer_to(WHO))

    assert cache.counts == CacheCounts(kept=0, made=2, outdated=1, answers=0, bytes=0)


# What depends on the moment


def test_a_kept_answer_comes_with_what_is_suggested_by_now(
    assistant: Assistant, tmp_path: Path
) -> None:
    suggestions = Suggestions(SuggestionStore(tmp_path / "suggestions.sqlite"))
    suggesting = replace(assistant, suggestions=suggestions)
    first = suggesting.ask(WHO)
    suggested = Suggestion(question="When does she take office?", answer="January 2022")
    suggestions.store.keep(
        Suggested(
            story_id=MAYOR.story_id,
            sha256=MAYOR.sha256,
            made_by=made_by(first.receipt),
            change=first.receipt.change,
            suggestions=(suggested,),
        )
    )

    assert (first.suggestions, suggesting.ask(WHO).suggestions) == ((), (suggested.question,))


# Bounds


def test_what_was_asked_for_longest_ago_is_forgotten_first() -> None:
    cache = AnswerCache(1_000_000, max_answers=2)
    for question in ("Who?", "When?", "Who?", "Where?"):
        kept(cache, question)

    assert [kept(cache, question) for question in ("Who?", "Where?", "When?")] == [
        True,
        True,
        False,
    ]


def test_never_more_bytes_are_held_than_allowed() -> None:
    size = bytes_of(key_of("Who are 10?")) + bytes_of(answer_to("Who are 10?"))
    cache = AnswerCache(3 * size + 100)
    for n in range(10, 30):
        kept(cache, f"Who are {n}?")

    assert cache.counts == CacheCounts(kept=0, made=20, dropped=17, answers=3, bytes=3 * size)
    assert [kept(cache, f"Who are {n}?") for n in (29, 28, 27, 26)] == [True] * 3 + [False]


def test_an_answer_that_alone_is_too_large_evicts_nothing() -> None:
    size = bytes_of(key_of(WHO)) + bytes_of(answer_to(WHO))
    cache = AnswerCache(2 * size)
    kept(cache, WHO)
    long = f"{WHO} {'please ' * 2 * size}"
    kept(cache, long)

    assert not kept(cache, long)
    assert kept(cache, WHO)


def test_bytes_are_those_of_all_that_is_held() -> None:
    answer = answer_to(WHO)
    text = "x" * 1000

    assert bytes_of(replace(answer, standalone=text)) - bytes_of(answer) == len(text) - len(WHO)


# Threads


def test_what_is_asked_at_once_is_made_once() -> None:
    cache, threads = AnswerCache(1_000_000), 8
    waiting, making = threading.Barrier(threads), threading.Event()
    made: list[str] = []

    def make() -> Answer:
        made.append(WHO)
        making.wait(5)
        return answer_to(WHO)

    def ask(_: int) -> Answer:
        waiting.wait(5)
        threading.Timer(0.05, making.set).start()
        return cache.answer(key_of(WHO), lambda _: True, make)[0]

    with ThreadPoolExecutor(threads) as pool:
        answers = list(pool.map(ask, range(threads)))

    assert made == [WHO]
    assert answers == [answer_to(WHO)] * threads
    assert (cache.counts.made, cache.counts.kept) == (1, threads - 1)


def test_who_waited_for_an_answer_that_failed_makes_its_own() -> None:
    cache, begun, goes_on = AnswerCache(1_000_000), threading.Event(), threading.Event()

    def fail() -> Answer:
        begun.set()
        goes_on.wait(5)
        raise ValueError("broken")

    def ask(make: Callable[[], Answer]) -> tuple[Answer, bool]:
        return cache.answer(key_of(WHO), lambda _: True, make)

    with ThreadPoolExecutor(2) as pool:
        failing = pool.submit(ask, fail)
        begun.wait(5)
        waiting = pool.submit(ask, lambda: answer_to(WHO))
        threading.Timer(0.05, goes_on.set).start()
        with pytest.raises(ValueError, match="broken"):
            failing.result()

        assert waiting.result() == (answer_to(WHO), True)
    assert not kept(cache, WHO)
    assert kept(cache, WHO)


def test_threads_that_ask_while_stories_change_hear_only_of_what_is_there(
    assistant: Assistant,
) -> None:
    """The mayor changes twenty times; an answer is never that of a mayor before the last."""
    said: list[tuple[str | None, int, int]] = []
    mayor, stopped = [0], threading.Event()

    def change() -> None:
        for n in range(1, 21):
            body = MAYOR.body.replace("Ada Quinn", f"Ada Quinn{'abcdefghijklmnopqrstu'[n]}")
            story = mayor_story(body=body)
            mayor[0] = n
            assistant.store.put([(story, split_story(story))])
            encode_pending(assistant.store, HashingEncoder())
        stopped.set()

    def ask() -> None:
        while not stopped.is_set():
            since = mayor[0]
            said.append((assistant.ask(WHO).text, since, mayor[0]))

    with ThreadPoolExecutor(4) as pool:
        running = [pool.submit(ask) for _ in range(3)] + [pool.submit(change)]
        for each in running:
            each.result()
    for text, since, until in said:
        if text is not None:
            n = "abcdefghijklmnopqrstu".find(text.removeprefix("Ada Quinn") or "a")
            assert max(0, since - 1) <= n <= until


# Vectors


@dataclass
class CountingEncoder(HashingEncoder):
    """Remembers which questions it was given."""

    asked: list[str] = field(default_factory=list)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        return super().encode_queries(texts)


def test_a_question_that_is_searched_for_twice_is_encoded_once(assistant: Assistant) -> None:
    encoder = CountingEncoder()
    retriever = replace(assistant.retriever, encoder=encoder)
    counting = replace(
        assistant, retriever=retriever, composer=replace(assistant.composer, retriever=retriever)
    )
    turn = Turn(n=1, asked_at=datetime.now(UTC), answer=answer_json(counting.ask(WHO)))
    counting.ask("When does she take office?", past=[turn])

    assert encoder.asked == [WHO, "When does Ada Quinn take office?"]
