"""A source that gave no story, and why."""

from dataclasses import dataclass

from corpus.errors import CorpusError


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """What was refused: a file, a member of an archive, a line of JSONL or a feed's item."""

    source: str
    error: CorpusError

    @property
    def reason(self) -> str:
        """What is wrong, as a sentence for the person who can act on it."""
        return str(self.error)
