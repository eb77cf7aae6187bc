"""How a browser looks for a text directive: the algorithm of WICG Scroll to Text Fragment.

https://wicg.github.io/scroll-to-text-fragment/, "find a range from a text directive", over a page
that is a list of blocks. A place is the number of a block and a code point in it.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from urllib.parse import unquote

Place = tuple[int, int]


class Terms(NamedTuple):
    """What a directive names; empty where it names nothing."""

    prefix: str
    start: str
    end: str
    suffix: str


def terms_of(directive: str) -> Terms:
    """Return what `text=[prefix-,]start[,end][,-suffix]` names."""
    parts = directive.removeprefix("text=").split(",")
    prefix = parts.pop(0)[:-1] if parts[0].endswith("-") else ""
    suffix = parts.pop()[1:] if parts[-1].startswith("-") else ""
    start, end = parts if len(parts) == 2 else (parts[0], "")
    return Terms(*map(unquote, (prefix, start, end, suffix)))


def first_match(blocks: Sequence[str], terms: Terms) -> tuple[Place, Place] | None:
    """Return from where to where a browser would mark the page."""
    page = _Page([re.sub(r"\s", " ", block) for block in blocks])
    for start, end in _opened(page, terms):
        closed, exhausted = _closed(page, terms, end)
        if closed:
            return start, closed
        if exhausted:
            return None
    return None


def _opened(page: "_Page", terms: Terms) -> Iterator[tuple[Place, Place]]:
    """Yield where the prefix, if there is one, and the start match."""
    closes = bool(terms.end or not terms.suffix)
    place: Place = (0, 0)
    while not terms.prefix:
        found = page.find(terms.start, place, opens=True, closes=closes)
        if found is None:
            return
        yield found
        place = found[0][0], found[0][1] + 1
    while prefix := page.find(terms.prefix, place, opens=True, closes=False):
        place = prefix[0][0], prefix[0][1] + 1
        expected = page.after_space(prefix[1])
        found = page.find(terms.start, expected, opens=False, closes=closes)
        if found is None:
            return
        if found[0] == expected:
            yield found


def _closed(page: "_Page", terms: Terms, opened: Place) -> tuple[Place | None, bool]:
    """Return where the match that has its start ends, or whether no other can."""
    while True:
        if terms.end:
            end = page.find(terms.end, opened, opens=True, closes=not terms.suffix)
            if end is None:
                return None, True
            opened = end[1]
        if not terms.suffix:
            return opened, False
        expected = page.after_space(opened)
        suffix = page.find(terms.suffix, expected, opens=False, closes=True)
        if suffix is None:
            return None, True
        if suffix[0] == expected:
            return opened, False
        if not terms.end:
            return None, False


class _Page:
    def __init__(self, blocks: list[str]) -> None:
        self._blocks = blocks

    def find(
        self, term: str, place: Place, *, opens: bool, closes: bool
    ) -> tuple[Place, Place] | None:
        """Return where *term* stands first from *place* on, within one block."""
        pattern = re.compile(re.escape(term).replace(r"\ ", " +"), re.IGNORECASE)
        for number in range(place[0], len(self._blocks)):
            block = self._blocks[number]
            start = place[1] if number == place[0] else 0
            while match := pattern.search(block, start):
                if (not opens or _bounded(block, match.start())) and (
                    not closes or _bounded(block, match.end())
                ):
                    return (number, match.start()), (number, match.end())
                start = match.start() + 1
        return None

    def after_space(self, place: Place) -> Place:
        """Return the first place from *place* on that holds no space."""
        number, start = place
        while number < len(self._blocks):
            if match := re.compile(r"\S").search(self._blocks[number], start):
                return number, match.start()
            number, start = number + 1, 0
        return number, 0


def _bounded(block: str, place: int) -> bool:
    return not (
        0 < place < len(block)
        and re.match(r"\w", block[place - 1])
        and re.match(r"\w", block[place])
    )
