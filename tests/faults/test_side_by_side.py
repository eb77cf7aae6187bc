"""Two processes ask while a third adds, updates, removes and rebuilds."""

import logging
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from corpus.store import StoryStore
from qa.answer import Answer
from tests.fakes import assistant_of_words
from tests.faults.lengths import LENGTHS
from tests.faults.newsroom import (
    Edition,
    Step,
    id_of,
    name_of,
    open_index,
    perform,
    plan,
    question_of,
    story_of,
)
from tests.faults.processes import Running, Tell

logger = logging.getLogger(__name__)

LASTING = dict.fromkeys(range(1000, 1004), 0)
"""Stories that nobody touches: what they say can be asked at any moment."""
NUMBERS = 60
READERS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """An answer: what was asked of which story, from when to when, what was said and shown."""

    number: int
    began: float
    ended: float
    status: str
    text: str | None
    shown: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """What there was from when on at the earliest, and until when at the latest."""

    stories: frozenset[tuple[str, str]]
    first: float
    last: float


def write(tell: Tell, folder: Path, until: float) -> None:
    """Work by the plan; tell of each step when it begins, and when it is stored."""
    for step in plan(1, {}):
        if time.monotonic() > until:
            return
        tell(time.monotonic())
        perform(folder, step, stored=lambda: tell(time.monotonic()))


def read(tell: Tell, folder: Path, until: float, seed: int) -> None:
    """Ask, as a server does, and tell of each answer."""
    drawn = random.Random(seed)
    with closing(StoryStore(folder / "stories.sqlite")) as store:
        assistant = assistant_of_words(store, open_index(folder))
        while time.monotonic() < until:
            number = drawn.choice([*range(NUMBERS), *LASTING])
            began = time.monotonic()
            answer = assistant.ask(question_of(number))
            tell(heard(number, began, answer))


def heard(number: int, began: float, answer: Answer) -> Heard:
    nearest = answer.abstention.nearest if answer.abstention else ()
    cited = chain(answer.citations, answer.also_read, nearest)
    return Heard(
        number=number,
        began=began,
        ended=time.monotonic(),
        status=answer.abstention.reason if answer.abstention else answer.status,
        text=answer.text,
        shown=frozenset((each.story_id, each.snapshot_sha256) for each in cited),
    )


def presents(began: float, told: Sequence[float]) -> Iterator[Present]:
    """Yield what there was at any moment, from when the writer began and stored its steps."""
    edition: Edition = LASTING
    first, steps = began, plan(1, {})
    for begins, stored in zip(told[::2], told[1::2], strict=False):
        yield Present(stories=shas_of(edition), first=first, last=stored)
        edition, first = next(steps).after(edition), begins
    if len(told) % 2:
        yield Present(stories=shas_of(edition), first=first, last=float("inf"))
        edition, first = next(steps).after(edition), told[-1]
    yield Present(stories=shas_of(edition), first=first, last=float("inf"))


def shas_of(edition: Edition) -> frozenset[tuple[str, str]]:
    return frozenset((id_of(number), story_of(number, v).sha256) for number, v in edition.items())


def test_every_answer_is_of_one_moment_while_stories_come_and_go(tmp_path: Path) -> None:
    for story in LASTING.items():
        perform(tmp_path, Step(put=(story,)))
    began = time.monotonic()
    until = began + LENGTHS.seconds
    writer = Running(write, tmp_path, until)
    readers = [Running(read, tmp_path, until, seed) for seed in range(READERS)]
    worked, *asked = [each.ended() for each in (writer, *readers)]
    for each in (worked, *asked):
        assert (each.code, each.raised) == (0, None), each.raised
    there = list(presents(began, [float(str(moment)) for moment in worked.told]))
    answers = [one for each in asked for one in each.told if isinstance(one, Heard)]
    for answer in answers:
        possible = [p for p in there if p.first <= answer.ended and p.last >= answer.began]
        assert any(answer.shown <= present.stories for present in possible), answer
        if answer.number in LASTING:
            assert answer.text == name_of(answer.number, 0), answer
    statuses = Counter(answer.status for answer in answers)
    logger.info("%d steps beside %d answers: %s", len(there), len(answers), dict(statuses))
    assert len(there) > LENGTHS.seconds
    assert statuses["answered"] + statuses["conflict"] > LENGTHS.seconds
