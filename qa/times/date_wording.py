"""A time as people read it, and what it was counted from."""

import re
from datetime import date, datetime

from qa.answer import Resolution

_DASHED = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")
_JOINTS = {"to", "since"}


def time_in_words(value: str) -> str:
    """Return an ISO 8601 day, month, year or interval written out, as 28 to 31 October 2019.

    What is none of them comes back as it is.
    """
    first, _, last = value.partition("/")
    if last == "..":
        return f"since {_written(first)}"
    if not last:
        return _written(first)
    opens, closes = _written(first).split(), _written(last).split()
    shared = 0
    # The year, and the month, that both ends share are told once.
    while len(opens) - shared > 1 and opens[-1 - shared] == closes[-1 - shared]:
        shared += 1
    return f"{' '.join(opens[: len(opens) - shared])} to {' '.join(closes)}"


def resolution_in_words(resolution: Resolution, text: str, published: date | None) -> str:
    """Return what the answer's *text* comes to and from what; nothing if it says so itself.

    *published* is the day of publication of the story that says so.
    """
    written = time_in_words(resolution.value)
    if _words(written) - _JOINTS <= _words(text):
        return ""
    day = resolution.relative_to
    if day is None:
        return written
    own = "the story’s date of publication" if day == published else "the date in its dateline"
    if resolution.value == day.isoformat():
        return f"{written}, {own}"
    return f"{written}, counted from {own}, {_written(day.isoformat())}"


def day_of(moment: date | datetime | None) -> date | None:
    """Return the day of *moment*, in the zone that it is written in."""
    return moment.date() if isinstance(moment, datetime) else moment


def _written(value: str) -> str:
    found = _DASHED.fullmatch(value)
    if not found:
        return value
    year, month, day = found.groups()
    if month is None:
        return str(year)
    first = date(int(year), int(month), 1)
    return f"{int(day)} {first:%B} {year}" if day else f"{first:%B} {year}"


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))
