"""AnswerCache: answers that were just given, for whoever asks the same while they stay right."""

import logging
import sys
from collections import OrderedDict
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass, fields, is_dataclass, replace
from itertools import chain
from threading import Lock

from qa.answer import Answer, Receipt
from qa.clock import Clock
from qa.deadline import check_time, time_left_s
from qa.understanding.understand import Meaning

logger = logging.getLogger(__name__)

MAX_ANSWERS = 10_000
"""Answers that are kept at most, however small they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerKey:
    """All that makes an answer: what is meant, and what it is made from.

    *abbreviations* is the change of the stories up to which their abbreviations are known.
    """

    meant: Meaning
    receipt: Receipt
    threshold: float
    passages_read: int
    abbreviations: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheCounts:
    """How often an answer was *kept* or had to be *made*, and what is held just now.

    *dropped* counts answers that had to make room, *outdated* those that the stories outran.
    """

    kept: int
    made: int
    dropped: int = 0
    outdated: int = 0
    answers: int
    bytes: int


class AnswerCache:
    """Answers of one state of the stories, those asked for longest ago forgotten first.

    Holds at most *max_bytes*, counted roughly, and *max_answers*. What is asked by several threads
    at once is made by one of them. Safe to use from several threads.
    """

    def __init__(self, max_bytes: int, max_answers: int = MAX_ANSWERS) -> None:
        self._max_bytes = max_bytes
        self._max_answers = max_answers
        self._lock = Lock()
        self._answers: OrderedDict[AnswerKey, tuple[Answer, int]] = OrderedDict()
        self._making: dict[AnswerKey, Future[Answer]] = {}
        self._bytes = 0
        self._change = -1
        self._kept = self._made = self._dropped = self._outdated = 0

    @property
    def counts(self) -> CacheCounts:
        """What the cache did so far, and what it holds."""
        with self._lock:
            return CacheCounts(
                kept=self._kept,
                made=self._made,
                dropped=self._dropped,
                outdated=self._outdated,
                answers=len(self._answers),
                bytes=self._bytes,
            )

    def answer(
        self, key: AnswerKey, holds: Callable[[Answer], bool], make: Callable[[], Answer]
    ) -> tuple[Answer, bool]:
        """Return the answer to *key*, and whether *make* made it for this caller.

        A kept one is given only if it *holds*. Waits where another thread is making it; if that
        fails, so does nobody else: each makes its own. Raises what *make* raises, and `OutOfTime`
        where a deadline that is in force ends the wait.
        """
        kept = self._get(key)
        if kept is not None and holds(kept):
            return self._counted(kept), False
        with self._lock:
            just_made = self._answers.get(key, (kept, 0))[0]
            making = self._making.get(key)
            mine = making is None and just_made is kept
            if mine:
                making = self._making[key] = Future()
        if making is None:
            return self.answer(key, holds, make)
        if mine:
            return self._made_by_one(key, making, make), True
        if _came(making):
            return self._counted(making.result()), False
        return make(), True

    def _made_by_one(
        self, key: AnswerKey, making: Future[Answer], make: Callable[[], Answer]
    ) -> Answer:
        try:
            answer = make()
            self._put(key, answer)
        except BaseException as error:  # those who wait must hear of any end
            self._end(key)
            making.set_exception(error)
            raise
        self._end(key)
        making.set_result(answer)
        return answer

    def _end(self, key: AnswerKey) -> None:
        with self._lock:
            self._made += 1
            del self._making[key]

    def _counted(self, answer: Answer) -> Answer:
        with self._lock:
            self._kept += 1
        return answer

    def _get(self, key: AnswerKey) -> Answer | None:
        with self._lock:
            if key.receipt.change != self._change:
                self._outdated += len(self._answers)
                self._answers.clear()
                self._bytes = 0
                self._change = key.receipt.change
            if key not in self._answers:
                return None
            self._answers.move_to_end(key)
            return self._answers[key][0]

    def _put(self, key: AnswerKey, answer: Answer) -> None:
        """Keep *answer*, unless the stories changed while it was made, or it takes too much."""
        size = bytes_of(key) + bytes_of(answer)
        if not worth_keeping(answer) or answer.receipt != key.receipt or size > self._max_bytes:
            return
        with self._lock:
            if key.receipt.change != self._change:
                return
            _, before = self._answers.pop(key, (answer, 0))
            self._answers[key] = answer, size
            self._bytes += size - before
            while self._bytes > self._max_bytes or len(self._answers) > self._max_answers:
                _, (_, oldest) = self._answers.popitem(last=False)
                self._bytes -= oldest
                self._dropped += 1


def _came(making: Future[Answer]) -> bool:
    """Wait for an answer that another thread makes, and say whether there is one in time."""
    try:
        return making.exception(time_left_s()) is None
    except TimeoutError:
        check_time()
        return False


def recalled(answer: Answer, clock: Clock) -> Answer:
    """Return a kept *answer* with the time that it took to be found and checked."""
    clock.stop("recall")
    times_ms = clock.times_ms()
    logger.info("%s: %s, kept, %s", answer.answer_id, answer.status, times_ms)
    return replace(answer, timings_ms=times_ms)


def worth_keeping(answer: Answer) -> bool:
    """Say whether *answer* may be given again: one that was withdrawn is of its moment alone."""
    return answer.abstention is None or answer.abstention.reason != "unverified"


def bytes_of(value: object) -> int:
    """Return about how many bytes *value* takes with all that it holds.

    What is held twice counts twice.
    """
    parts: Iterable[object] = ()
    if is_dataclass(value):
        parts = (getattr(value, field.name) for field in fields(value))
    elif isinstance(value, dict):
        parts = chain(value, value.values())
    elif isinstance(value, (tuple, frozenset)):
        parts = value
    return sys.getsizeof(value) + sum(map(bytes_of, parts))
