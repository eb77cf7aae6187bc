"""Questions that the chat suggests: each was asked, and the stories answered it."""

import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from itertools import islice
from pathlib import Path
from threading import BoundedSemaphore, Lock

from flask import current_app

from corpus.errors import CorpusError
from corpus.story import Story
from embeddings.errors import SearchError
from qa.assistant import Assistant
from qa.conversation import Turn
from qa.deadline import time_left_s
from qa.suggesting.next_questions import NextQuestion, next_questions
from qa.suggesting.suggester import answered
from web.api import the_assistant

logger = logging.getLogger(__name__)

SHOWN = 5
STORIES_READ = 50
"""How many of the newest stories are looked through for questions that they answer."""
TRIED = 20
"""How many of them are asked at most to find those that are shown."""
OF_ONE_STORY = 3
WAITING = 2
"""Visitors who wait for questions to be tried out, at most: each takes a thread of the server."""


def the_examples() -> "Examples":
    """Return what this app's empty chat suggests."""
    examples: Examples = current_app.extensions["examples"]
    return examples


def fixed_questions() -> list[str]:
    """Return questions about the stories that ship with Dateline."""
    text = (Path(__file__).parent / "templates" / "examples.txt").read_text(encoding="utf-8")
    return text.splitlines()


class Examples:
    """Finds out once per change of the stories what they can be asked. Safe to use from threads."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._lock = Lock()
        self._may_wait = BoundedSemaphore(WAITING)
        self._change = -1
        self._finding: Future[list[str]] = Future()

    def known(self) -> list[str] | None:
        """Return the questions at once; None while they are being tried out."""
        finding = self._current()
        return self._found(finding) if finding.done() else None

    def questions(self) -> list[str]:
        """Return the questions once they are tried out.

        Returns none where time runs out meanwhile, or as many as may wait for them already do.
        """
        finding = self._current()
        if not finding.done() and self._may_wait.acquire(blocking=False):
            try:
                wait([finding], time_left_s())
            finally:
                self._may_wait.release()
        return self._found(finding) if finding.done() else []

    def _current(self) -> Future[list[str]]:
        change = self._assistant.store.change
        with self._lock:
            if change != self._change:
                self._change = change
                thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="examples")
                self._finding = thread.submit(self._find)
                thread.shutdown(wait=False)
            return self._finding

    def _found(self, finding: Future[list[str]]) -> list[str]:
        error = finding.exception()
        if error:
            logger.error("no examples: %s: %s", type(error).__name__, error)
            return []
        return finding.result()

    def _find(self) -> list[str]:
        try:
            return list(self._answered())
        finally:
            # The connection of this thread, which ends here.
            self._assistant.store.close()

    def _answered(self) -> Iterator[str]:
        """Yield up to `SHOWN` of the questions that the stories answer, and as expected."""
        shown: set[str] = set()
        for question in self._tried():
            if question not in shown:
                shown.add(question)
                yield question
            if len(shown) == SHOWN:
                return

    def _tried(self) -> Iterator[str]:
        for question in fixed_questions():
            if self._answer(question):
                yield question
        left = TRIED
        for story in self._assistant.store.stories_page(STORIES_READ):
            for asked in islice(next_questions(story), min(left, OF_ONE_STORY)):
                left -= 1
                if self._suggestion(story, asked):
                    yield asked.text

    def _suggestion(self, story: Story, asked: NextQuestion) -> bool:
        try:
            return answered(self._assistant, story, asked) is not None
        except (CorpusError, SearchError) as error:
            logger.warning("example not tried: %s: %s", type(error).__name__, error)
            return False

    def _answer(self, question: str) -> str | None:
        try:
            return self._assistant.ask(question).text
        except (CorpusError, SearchError) as error:
            logger.warning("example not tried: %s: %s", type(error).__name__, error)
            return None


def suggested_after(turns: Sequence[Turn]) -> tuple[str, ...]:
    """Return what is known by now that could be asked after *turns*, the last of them shown."""
    assistant = the_assistant()
    if not turns or assistant.suggestions is None:
        return ()
    return assistant.suggestions.after([turn.answer for turn in turns], assistant.receipt())
