"""Which stories a list holds, and the SQL that says so."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What the stories of a list must satisfy; an empty field allows every story.

    Each of the *words*, set apart by white space, stands in the title or in the body, maybe inside
    a longer word. *from_date* and *to_date* are both inclusive; a story without a date passes
    neither. Words and *publisher* are compared without regard to case.
    """

    words: str = ""
    from_date: date | None = None
    to_date: date | None = None
    publisher: str | None = None


EVERY_STORY = Listing()


def condition(listing: Listing) -> tuple[str, list[str]]:
    """Return a WHERE clause, empty where every story is listed, and its values in order.

    The clause calls the function `casefold` that `Connections` gives to SQLite.
    """
    tests: list[str] = []
    values: list[str] = []
    for word in listing.words.casefold().split():
        tests.append("instr(casefold(title || char(10) || body), ?) > 0")
        values.append(word)
    if listing.from_date:
        tests.append("substr(published_at, 1, 10) >= ?")
        values.append(listing.from_date.isoformat())
    if listing.to_date:
        tests.append("substr(published_at, 1, 10) <= ?")
        values.append(listing.to_date.isoformat())
    if listing.publisher:
        tests.append("casefold(coalesce(publisher, '')) = ?")
        values.append(listing.publisher.casefold())
    return (f"WHERE {' AND '.join(tests)}" if tests else ""), values
