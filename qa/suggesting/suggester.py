"""Finds out what stories answer, by asking; in the background, or for `dateline suggest`."""

import logging
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from threading import Event, Thread, get_native_id
from time import monotonic

from corpus.errors import CorpusError
from corpus.story import Story
from embeddings.errors import SearchError
from qa.assistant import Assistant
from qa.suggesting.next_questions import NextQuestion, next_questions
from qa.suggesting.suggestion_store import Suggested, Suggestion, SuggestionStore
from qa.suggesting.suggestions import Suggestions, current, made_by
from qa.values.same import same_words

logger = logging.getLogger(__name__)

KEPT = 6
"""Suggestions of one story that are kept at most."""
KEPT_ABBREVIATIONS = 2
TRIED = 12
"""Questions that are asked of one story at most."""
QUIET_S = 1.0
"""The background asks when nobody else has asked for so long."""
NEWEST = 10
"""Stories that the background begins with."""
NICE = 10


def answered(assistant: Assistant, story: Story, asked: NextQuestion) -> Suggestion | None:
    """Return the suggestion that *asked* makes if it is answered out of *story*, and as expected.

    It is asked as anyone would ask it, of all stories; the answer must be given with high
    confidence, cite *story* first, hold the expected words or be among them, and leave nothing of
    the question to be understood otherwise.
    """
    answer = assistant.ask(asked.text)
    plain = answer.standalone == asked.text and not answer.inferred and not answer.did_you_mean
    sure = answer.status == "answered" and answer.confidence.band == "high"
    if not (answer.text and plain and sure and answer.citations[0].story_id == story.story_id):
        return None
    given, expected = same_words(answer.text), same_words(asked.expected)
    part = asked.part_will_do and given in expected and 2 * len(given) >= len(expected)
    held = given == expected if asked.alone else expected in given or part
    return Suggestion(question=asked.text, answer=answer.text) if given and held else None


class Suggester:
    """Asks *assistant* what stories answer, and keeps what it finds in *store*."""

    def __init__(self, assistant: Assistant, store: SuggestionStore) -> None:
        self._assistant = replace(assistant, suggestions=None)
        self._store = store

    def look_through(self, story: Story) -> Suggested:
        """Return what *story* answers, asking only if that isn't known of the index as it is now.

        After a change of other stories only what was suggested is asked again.
        """
        receipt = self._assistant.receipt()
        kept = self._store.kept([story.story_id]).get(story.story_id)
        known = kept if kept and kept.sha256 == story.sha256 else None
        if known and current(known, receipt):
            return known
        if known and known.made_by == made_by(receipt):
            found = self._still(story, known.suggestions)
        else:
            found = self._found(story)
        suggested = Suggested(
            story_id=story.story_id,
            sha256=story.sha256,
            made_by=made_by(receipt),
            change=receipt.change,
            suggestions=tuple(found),
        )
        self._store.keep(suggested)
        return suggested

    def _still(self, story: Story, suggestions: Sequence[Suggestion]) -> Iterator[Suggestion]:
        for known in suggestions:
            again = NextQuestion(text=known.question, expected=known.answer)
            if found := answered(self._assistant, story, again):
                yield found

    def _found(self, story: Story) -> Iterator[Suggestion]:
        kept = abbreviations = 0
        for _, asked in zip(range(TRIED), next_questions(story), strict=False):
            abbreviated = asked.text.endswith(" stand for?")
            if kept == KEPT or (abbreviated and abbreviations == KEPT_ABBREVIATIONS):
                return
            if found := answered(self._assistant, story, asked):
                kept, abbreviations = kept + 1, abbreviations + abbreviated
                yield found


class Background:
    """Looks through the stories that `Suggestions` notes, in a thread that gives way to others."""

    def __init__(self, assistant: Assistant, suggestions: Suggestions) -> None:
        self._assistant = assistant
        self._suggestions = suggestions
        self._suggester = Suggester(assistant, suggestions.store)
        self._stopped = Event()
        self._thread = Thread(target=self._run, name="suggestions", daemon=True)

    def start(self) -> None:
        """Begin, with the newest stories."""
        self._thread.start()

    def stop(self) -> None:
        """End after the story that is being looked through."""
        self._stopped.set()
        self._thread.join()

    def _run(self) -> None:
        if sys.platform == "linux":  # elsewhere the whole process would give way
            os.setpriority(os.PRIO_PROCESS, get_native_id(), NICE)
        try:
            self._note_newest()
            while not self._stopped.is_set():
                if (story_id := self._suggestions.noted(timeout_s=0.5)) and self._quiet():
                    self._look_through(story_id)
        finally:
            self._assistant.store.close()  # this thread's connection

    def _note_newest(self) -> None:
        try:
            for story in self._assistant.store.stories_page(NEWEST):
                self._suggestions.note(story.story_id)
        except CorpusError as error:
            logger.warning("no stories to begin with: %s", error)

    def _quiet(self) -> bool:
        """Wait until nobody asks; return False if that is to end meanwhile."""
        while (wait_s := self._suggestions.asked_at + QUIET_S - monotonic()) > 0:
            if self._stopped.wait(wait_s):
                return False
        return True

    def _look_through(self, story_id: str) -> None:
        try:
            suggested = self._suggester.look_through(self._assistant.store.story(story_id))
        except (CorpusError, SearchError) as error:
            logger.warning("story %s isn't asked of: %s", story_id, error)
        else:
            logger.info("story %s: %d suggestions", story_id, len(suggested.suggestions))
