"""What helps to understand a question: the stories' abbreviations, their spelling, and the day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from embeddings.glossary import Glossary
from qa.understanding.spelling import Speller


def today() -> date:
    """Return the day it is, in UTC."""
    return datetime.now(UTC).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """Abbreviations and spelling, either of which may be unknown, and a clock."""

    glossary: Glossary | None = None
    speller: Speller | None = None
    today: Callable[[], date] = today

    @property
    def change(self) -> int:
        """The stories' change up to which the abbreviations are known; 0 if they never are."""
        return self.glossary.change if self.glossary else 0


NO_KNOWLEDGE = Knowledge()
