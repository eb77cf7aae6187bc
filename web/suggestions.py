"""Questions that the empty chat suggests: each was asked, and the stories answered it."""

import logging
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Lock

from flask import current_app

from corpus.acronyms import acronyms_in
from corpus.errors import CorpusError
from embeddings.errors import SearchError
from qa.assistant import Assistant

logger = logging.getLogger(__name__)

SHOWN = 5
STORIES_READ = 50
"""How many of the newest stories are looked through for abbreviations that they spell out."""
TRIED = 20
"""How many questions are asked at most to find those that are shown."""


def the_suggestions() -> "Suggestions":
    """Return what this app's empty chat suggests."""
    suggestions: Suggestions = current_app.extensions["suggestions"]
    return suggestions


def fixed_questions() -> list[str]:
    """Return questions about the stories that ship with Dateline."""
    text = (Path(__file__).parent / "templates" / "examples.txt").read_text(encoding="utf-8")
    return text.splitlines()


class Suggestions:
    """Finds out once per change of the stories what they can be asked. Safe to use from threads."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._lock = Lock()
        self._change = -1
        self._finding: Future[list[str]] = Future()

    def known(self) -> list[str] | None:
        """Return the questions at once; None while they are being tried out."""
        finding = self._current()
        return self._found(finding) if finding.done() else None

    def questions(self) -> list[str]:
        """Return the questions, however long it takes to try them out."""
        return self._found(self._current())

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
        shown = 0
        for _, (question, expected) in zip(range(TRIED), self._candidates(), strict=False):
            text = self._answer(question)
            if text and expected.casefold() in text.casefold():
                yield question
                shown += 1
            if shown == SHOWN:
                return

    def _candidates(self) -> Iterator[tuple[str, str]]:
        """Yield questions, each with words that its answer must have."""
        yield from ((question, "") for question in fixed_questions())
        seen = set()
        for story in self._assistant.store.stories_page(STORIES_READ):
            for found in acronyms_in(story.body):
                if found.short.isupper() and found.short not in seen:
                    seen.add(found.short)
                    words = story.body[found.start : found.end]
                    yield f"What does {found.short} stand for?", words

    def _answer(self, question: str) -> str | None:
        try:
            return self._assistant.ask(question).text
        except (CorpusError, SearchError) as error:
            logger.warning("example not tried: %s: %s", type(error).__name__, error)
            return None
