"""Dateline itself, as `qa.assemble` puts it together."""

from collections.abc import Sequence
from contextlib import closing

from benchmarks.peers.protocol import Options, Reply, StoryRecord, serve
from corpus.rows import story_of
from qa.assemble import assemble, bring_up_to_date, open_store
from qa.assistant import Assistant
from qa.evaluate import words_of
from qa.settings import AnswerSettings, ReaderSettings, Settings, load_settings


class DatelinePeer:
    """An assistant over a data folder of its own."""

    _assistant: Assistant

    def __init__(self, options: Options) -> None:
        self._settings = settings_for(options)

    def index(self, stories: Sequence[StoryRecord]) -> int:
        """Store, encode and index *stories*."""
        with closing(open_store(self._settings)) as store:
            store.add([story_of(fields) for fields in stories])
            bring_up_to_date(self._settings, store)
            return store.passage_count()

    def open(self) -> None:
        """Load the models and the index."""
        self._assistant = assemble(self._settings)

    def ask(self, question: str) -> Reply:
        """Answer; the passage is the sentence that the first citation stands in."""
        answer = self._assistant.ask(question)
        cited = answer.citations[0] if answer.citations else None
        return Reply(
            text=words_of(answer) or None,
            source=cited.source if cited else None,
            passage=cited.sentence if cited else None,
        )


def settings_for(options: Options) -> Settings:
    """Return Dateline's settings as a benchmark wants them."""
    reader = ReaderSettings() if options.k is None else ReaderSettings(passages=options.k)
    # The same questions are asked again and again, and each time an answer is to be made.
    answer = AnswerSettings(cache_mb=0)
    return load_settings(data=options.folder, reader=reader, answer=answer)


if __name__ == "__main__":
    serve(DatelinePeer)
