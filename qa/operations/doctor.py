"""`dateline doctor`: looks at everything that Dateline needs, and says what to do."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from corpus.errors import CorpusError
from embeddings.errors import SearchError
from qa.errors import QAError
from qa.settings import Settings

Verdict = Literal["ok", "warning", "fault"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was looked at, how it is, and what to *do* about it if it is not well."""

    what: str
    verdict: Verdict
    says: str
    do: str | None = None


def well(what: str, says: str) -> Finding:
    """Return a finding of something that is as it should be."""
    return Finding(what=what, verdict="ok", says=says)


def warning(what: str, says: str, do: str) -> Finding:
    """Return a finding of something that works, but may not go on so."""
    return Finding(what=what, verdict="warning", says=says, do=do)


def fault(what: str, says: str, do: str) -> Finding:
    """Return a finding of something that does not work."""
    return Finding(what=what, verdict="fault", says=says, do=do)


Check = Callable[[Settings], Iterator[Finding]]


def examine(settings: Settings, checks: dict[str, Check]) -> Iterator[Finding]:
    """Yield what each of *checks* finds; one that can't be made is a fault, and the others follow.

    What is logged meanwhile is told by the findings.
    """
    logging.disable(logging.WARNING)
    try:
        for what, check in checks.items():
            try:
                yield from check(settings)
            except (CorpusError, SearchError, QAError) as error:
                yield fault(what, str(error), "Do what the message says, then look again.")
            except OSError as error:
                says = f"{error.filename or what}: {error.strerror}"
                yield fault(what, says, "See who owns the file, and whether the disk works.")
    finally:
        logging.disable(logging.NOTSET)
