"""Links that open a publisher's page at the cited words (WICG Scroll to Text Fragment).

A browser looks for the first place that matches, whatever its case and accents, each term within
one block of the page, whitespace counting as one space. So each term here stands on one line of the
body, and a link is given only for words that the story's whole known text holds once: where they
alone are not unique, their neighbours on the line are named too.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from corpus.story import Story

WHOLE_WORDS = 12
"""Up to so many words are named in full; of more, the first and the last few."""
END_WORDS = (5, 8, 12, 20)
CONTEXT_WORDS = 8
MOST_CHARS = 400
"""The most that a link holds of a story: pages cut off longer addresses, or refuse them."""

_SURROGATE = re.compile(r"[\ud800-\udfff]")


class _Folds(dict[int, str]):
    """What becomes of a decomposed character, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        unseen = char.isspace() or unicodedata.category(char) in ("Mn", "Me", "Mc", "Cf")
        return self.setdefault(code, "" if unseen else char)


# The rest is what browsers take for equal although it doesn't decompose into it.
_FOLDS = _Folds(
    str.maketrans(
        {"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "‚": "'", "þ": "th", "æ": "ae"}
        | {"œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ı": "i"}
    )
)


@dataclass(frozen=True, slots=True)
class Directive:
    """A text directive: `[prefix-,]start[,end][,-suffix]`."""

    start: str
    end: str = ""
    prefix: str = ""
    suffix: str = ""

    @property
    def words(self) -> str:
        """All the words that it names."""
        return f"{self.prefix}{self.start}{self.end}{self.suffix}"

    def __str__(self) -> str:
        terms = (
            f"{_encoded(self.prefix)}-" if self.prefix else "",
            _encoded(self.start),
            _encoded(self.end),
            f"-{_encoded(self.suffix)}" if self.suffix else "",
        )
        return "text=" + ",".join(filter(None, terms))


def deep_link(story: Story, start: int, end: int) -> str | None:
    """Return the address of *story* with a fragment that finds `body[start:end]` first.

    The address alone is returned if no fragment is sure to; None for a story without a web address.
    """
    if story.url is None or not story.url.lower().startswith(("http://", "https://")):
        return None
    page, _, fragment = story.url.partition("#")
    element = fragment.partition(":~:")[0]
    directive = directive_for(story, start, end)
    named = f"{element}:~:{directive}" if directive else element
    return f"{page}#{named}" if named else page


def directive_for(story: Story, start: int, end: int) -> Directive | None:
    """Return the directive whose first match in *story* is `body[start:end]`, if there is one.

    Space around the words counts for nothing.
    """
    sentence = story.body[start:end]
    words = sentence.strip()
    start += len(sentence) - len(sentence.lstrip())
    end = start + len(words)
    if not words or _splits_a_word(story.body, start) or _splits_a_word(story.body, end):
        return None
    named = _Named(story, start, end)
    directive = named.whole() or named.ends()
    if directive is None or len(directive.words) > MOST_CHARS:
        return None
    return None if _SURROGATE.search(directive.words) else directive


class _Named:
    """Ways to name `body[start:end]`, each tried on the page."""

    def __init__(self, story: Story, start: int, end: int) -> None:
        before, sentence, after = story.body[:start], story.body[start:end], story.body[end:]
        lines = sentence.split("\n")
        self._one_line = len(lines) == 1
        self._first, self._last = lines[0].split(), lines[-1].split()
        self._before = before.rpartition("\n")[2].split()[-CONTEXT_WORDS:]
        self._after = after.partition("\n")[0].split()[:CONTEXT_WORDS]
        beside = "".join(f"\n{folded(text)}" for text in _beside_the_body(story)) + "\n"
        self._start = len(beside) + len(folded(before))
        self._end = self._start + len(folded(sentence))
        self._page = _Page(f"{beside}{folded(before)}{folded(sentence)}{folded(after)}\n")

    def whole(self) -> Directive | None:
        """Return the directive that names every word, if they are few and on one line."""
        if not self._one_line or len(self._first) > WHOLE_WORDS:
            return None
        term = " ".join(self._first)
        for prefix, suffix in self._contexts():
            if list(self._page.matches(term, prefix, suffix)) == [self._start]:
                return Directive(term, prefix=prefix, suffix=suffix)
        return None

    def ends(self) -> Directive | None:
        """Return the directive that names the first and the last words."""
        for size in _sizes(len(self._first) - self._one_line):
            start = " ".join(self._first[:size])
            for prefix in self._prefixes():
                if list(self._page.matches(start, prefix, "")) == [self._start]:
                    end, suffix = self._end_after(size)
                    return Directive(start, end, prefix, suffix) if end else None
        return None

    def _end_after(self, size: int) -> tuple[str, str]:
        """Return the last words, with what follows where they alone come earlier too.

        *size* of the first words are named already.
        """
        opened = self._start + len(folded(" ".join(self._first[:size])))
        for most in _sizes(len(self._last) - size * self._one_line):
            end = " ".join(self._last[-most:])
            place = self._end - len(folded(end))
            # After a match that lacks the suffix a browser goes on behind it: none may overlap.
            touching = self._page.matches(end, "", "", max(opened, place - len(folded(end)) + 1))
            if next(touching, -1) != place:
                continue
            for suffix in self._suffixes():
                if next(self._page.matches(end, "", suffix, opened), -1) == place:
                    return end, suffix
        return "", ""

    def _prefixes(self) -> Iterator[str]:
        for count in range(len(self._before) + 1):
            yield " ".join(self._before[len(self._before) - count :])

    def _suffixes(self) -> Iterator[str]:
        for count in range(len(self._after) + 1):
            yield " ".join(self._after[:count])

    def _contexts(self) -> Iterator[tuple[str, str]]:
        """Yield prefixes and suffixes: none, either, then both, shorter ones first."""
        prefixes, suffixes = list(self._prefixes()), list(self._suffixes())
        yield from ((prefix, "") for prefix in prefixes)
        yield from (("", suffix) for suffix in suffixes[1:])
        if suffixes[-1]:
            yield from ((prefix, suffixes[-1]) for prefix in prefixes[1:])


class _Page:
    """All that is known of a page, folded, a block a line; the order of blocks is not known."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._blocks = text.split("\n")

    def matches(self, term: str, prefix: str, suffix: str, start: int = 0) -> Iterator[int]:
        """Yield from *start* on the places of *term* that may stand between *prefix* and *suffix*.

        Either may also stand at the edge of any other block, since that may be the next one.
        """
        term, prefix, suffix = folded(term), folded(prefix), folded(suffix)
        closes = any(block.endswith(prefix) for block in self._blocks)
        opens = any(block.startswith(suffix) for block in self._blocks)
        place = self._text.find(term, start)
        while term and place >= 0:
            end = place + len(term)
            after = self._text.startswith(suffix, end) or (
                opens and self._text.startswith("\n", end)
            )
            before = self._text.endswith(prefix, 0, place) or (
                closes and self._text.endswith("\n", 0, place)
            )
            if before and after:
                yield place
            place = self._text.find(term, place + 1)


def folded(text: str) -> str:
    """Return *text* without what makes no difference to a browser's search, and without spaces.

    What is equal to a browser is equal here; the reverse need not hold. Lines stay lines.
    """
    return "\n".join(map(_folded_line, text.split("\n")))


def _folded_line(line: str) -> str:
    if line.isascii():
        return "".join(line.lower().split())
    return unicodedata.normalize("NFKD", line.casefold()).casefold().translate(_FOLDS)


def _beside_the_body(story: Story) -> Iterator[str]:
    """Yield what a page of *story* shows besides its body."""
    yield story.title
    yield from filter(None, (story.caption, story.about, story.photo_title, story.photo_credit))
    yield from filter(None, (story.byline, story.unit, story.section, story.location))
    yield from story.tags


def _sizes(most: int) -> list[int]:
    """Return the numbers of words to try at an end that has *most*."""
    return sorted({min(size, most) for size in END_WORDS}) if most > 0 else []


def _splits_a_word(body: str, place: int) -> bool:
    return 0 < place < len(body) and body[place - 1].isalnum() and body[place].isalnum()


def _encoded(term: str) -> str:
    # A hyphen is syntax in a text directive, and quote() leaves it as it is.
    return quote(term, safe="").replace("-", "%2D")
