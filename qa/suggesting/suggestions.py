"""What could be asked next: questions that the cited stories were found to answer."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from queue import Empty, Full, Queue
from threading import Lock
from time import monotonic

from qa.answer import Answer, Receipt
from qa.conversation import AnswerJson, Turn
from qa.kept_answer import KeptAnswer
from qa.suggesting.suggestion_store import Suggested, Suggestion, SuggestionStore
from qa.values.same import same_words

SHOWN = 3
WAITING = 64
"""Stories that may wait to be looked through; while so many do, others are passed over."""


class Suggestions:
    """Suggests what was asked and answered before, and notes the stories that nobody asked of yet.

    A suggestion is shown only if its story has the same words, and the models, the settings and
    the index generation are those that answered it. Otherwise its story is noted: whoever takes
    the noted stories asks again (`qa/suggesting/suggester.py`). Safe to use from several threads.
    """

    def __init__(self, store: SuggestionStore) -> None:
        self.store = store
        self.asked_at = -float("inf")
        self._noted: Queue[str] = Queue(WAITING)
        self._waiting: set[str] = set()
        self._lock = Lock()

    def added(self, answer: Answer, past: Sequence[Turn]) -> Answer:
        """Return *answer* with what could be asked after it and the turns before it."""
        self.asked_at = monotonic()
        if not answer.citations:
            return answer
        cited = {citation.story_id: citation.snapshot_sha256 for citation in answer.citations}
        turns = [KeptAnswer.model_validate(turn.answer) for turn in past]
        asked = {answer.question, answer.standalone, *_questions(turns)}
        told = {answer.text or "", *_answers(turns)}
        found = self._next(cited, answer.receipt, asked, told)
        return replace(answer, suggestions=found)

    def after(self, answers: Sequence[AnswerJson], receipt: Receipt) -> tuple[str, ...]:
        """Return what could be asked after the last of *answers*, kept ones of a conversation."""
        cited = {str(one["story_id"]): str(one["snapshot_sha256"]) for one in _cited(answers[-1])}
        if not cited:
            return ()
        turns = [KeptAnswer.model_validate(answer) for answer in answers]
        return self._next(cited, receipt, {*_questions(turns)}, {*_answers(turns)})

    def note(self, story_id: str) -> None:
        """Note that a story should be looked through, unless it is or too many are noted."""
        with self._lock:
            if story_id in self._waiting:
                return
            try:
                self._noted.put_nowait(story_id)
            except Full:
                return
            self._waiting.add(story_id)

    def noted(self, timeout_s: float) -> str | None:
        """Take the story that was noted first; wait for one, and return None if none comes."""
        try:
            story_id = self._noted.get(timeout=timeout_s)
        except Empty:
            return None
        with self._lock:
            self._waiting.discard(story_id)
        return story_id

    def _next(
        self,
        cited: Mapping[str, str],
        receipt: Receipt,
        asked: Collection[str],
        told: Collection[str],
    ) -> tuple[str, ...]:
        kept = self.store.kept([*cited])
        found: list[Suggestion] = []
        for story_id, sha256 in cited.items():
            suggested = kept.get(story_id)
            if suggested and suggested.sha256 == sha256 and current(suggested, receipt):
                found += suggested.suggestions
            else:
                self.note(story_id)
        passed_over = {*map(same_words, asked)}, {*map(same_words, told)}
        return tuple(_new(found, *passed_over))[:SHOWN]


def made_by(receipt: Receipt) -> str:
    """Return a hash of all that answers are made from but the stories."""
    return hashlib.blake2b(str(replace(receipt, change=0)).encode(), digest_size=8).hexdigest()


def current(suggested: Suggested, receipt: Receipt) -> bool:
    """Say whether *suggested* was asked of what *receipt* names."""
    return suggested.change == receipt.change and suggested.made_by == made_by(receipt)


def _new(
    found: Iterable[Suggestion], asked: Collection[str], told: Collection[str]
) -> Iterable[str]:
    """Yield each question that is new, and whose answer is: nobody asks for what was just said."""
    seen = set(asked)
    for suggestion in found:
        question = same_words(suggestion.question)
        if question not in seen and same_words(suggestion.answer) not in told:
            seen.add(question)
            yield suggestion.question


def _questions(turns: Iterable[KeptAnswer]) -> Iterable[str]:
    return (text for turn in turns for text in (turn.question.raw, turn.question.standalone))


def _answers(turns: Iterable[KeptAnswer]) -> Iterable[str]:
    return (turn.answer.text or "" for turn in turns)


def _cited(answer: AnswerJson) -> Iterable[Mapping[str, object]]:
    citations = answer["citations"]
    return citations if isinstance(citations, list) else ()
