"""The numbers in a few words: 1,017, twenty-five, half a million, $1.2B, dozens, the 17th."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from qa.values.ordinals import ordinals

Token = str

_TOKEN = re.compile(
    r"\d[\d,]*(?:\.\d+)?(?:st|[nr]d|th)\b|\d[\d,]*(?:\.\d+)?|[a-z]+(?:['’.][a-z]+)*|[$€£¥%~+]|[-–—]"
)
DASHES = frozenset("-–—")
_UNITS = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen".split()
    )
}
_TENS = {
    word: number
    for number, word in zip(
        range(20, 100, 10),
        "twenty thirty forty fifty sixty seventy eighty ninety".split(),
        strict=True,
    )
}
_SCALES = {
    "dozen": 12,
    "hundred": 10**2,
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
    "k": 10**3,
    "mn": 10**6,
    "bn": 10**9,
    "b": 10**9,
    "tn": 10**12,
}
_MANY = {f"{word}s": size for word, size in _SCALES.items() if len(word) > 2}
_MANY_HIGHEST = 10
"""Dozens, hundreds and thousands are two to ten of them."""

_PARTS = {
    word: Decimal(100) / parts
    for parts, words in ((2, "half"), (3, "third"), (4, "quarter"), (5, "fifth"), (10, "tenth"))
    for word in (words, f"{words}s")
}
_SMALL = frozenset(("a", "an", "and"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number that the tokens from *first* to *last* (exclusive) say.

    *low* and *high* differ where the words say no single number ("dozens"). *scale* is what its
    scale words multiply by. *kind* tells a count from a place ("17th") and a part ("a third",
    in percent).
    """

    low: Decimal
    high: Decimal
    first: int
    last: int
    scale: int = 1
    kind: str = "count"


def tokens_of(text: str) -> list[Token]:
    """Return the words, numbers, signs and dashes of *text*, in lower case."""
    return _TOKEN.findall(text.casefold())


def figures_in(tokens: Sequence[Token]) -> Iterator[Figure]:
    """Yield the numbers that *tokens* say, in order."""
    at = 0
    while at < len(tokens):
        figure = _part(tokens, at) or _place(tokens, at) or _count(tokens, at)
        if figure:
            yield figure
        at = figure.last if figure else at + 1


def _place(tokens: Sequence[Token], at: int) -> Figure | None:
    for length in (3, 1):
        words = "".join(tokens[at : at + length])
        if (length == 1 or tokens[at] in _TENS) and (places := ordinals(words)):
            place = Decimal(max(places))
            return Figure(low=place, high=place, first=at, last=at + length, kind="place")
    return None


def _part(tokens: Sequence[Token], at: int) -> Figure | None:
    """Return the share that is said as "half", "a third", "two-thirds", in percent."""
    times, end = 1, at
    if tokens[at] in _UNITS or tokens[at] in _SMALL:
        times, end = _UNITS.get(tokens[at], 1), at + 1
        end += end < len(tokens) and tokens[end] in DASHES
    if end >= len(tokens) or tokens[end] not in _PARTS:
        return None
    share, end = times * _PARTS[tokens[end]], end + 1
    following = tokens[end] if end < len(tokens) else ""
    if following in _SMALL and end + 1 < len(tokens):
        following = tokens[end + 1]
    if following in _SCALES:
        scale = _SCALES[following]
        value, end = share * scale / 100, tokens.index(following, end) + 1
        return Figure(low=value, high=value, first=at, last=end, scale=scale)
    return Figure(low=share, high=share, first=at, last=end, kind="part")


def _count(tokens: Sequence[Token], at: int) -> Figure | None:
    if tokens[at] in _MANY:
        scale = _MANY[tokens[at]]
        low, high = Decimal(2 * scale), Decimal(_MANY_HIGHEST * scale)
        return Figure(low=low, high=high, first=at, last=at + 1, scale=scale)
    if tokens[at] in ("a", "an") and _begins_scale(tokens, at + 1):
        return _scaled(tokens, at, Decimal(1), at + 1)
    if tokens[at][0].isdigit():
        return _scaled(tokens, at, Decimal(tokens[at].replace(",", "")), at + 1)
    spelt = _spelt(tokens, at)
    return _scaled(tokens, at, *spelt) if spelt else None


def _scaled(tokens: Sequence[Token], first: int, value: Decimal, end: int) -> Figure:
    """Return *value* times the scale words from *end* on, and what is added below them."""
    if tokens[end : end + 3] == ["and", "a", "half"]:
        value, end = value + Decimal("0.5"), end + 3
    if _begins_scale(tokens, end) and _SCALES[_word(tokens, end)] == 100:
        value, end = _with_rest(tokens, value * 100, _after_word(tokens, end))
    scale = 1
    while _begins_scale(tokens, end):
        scale *= _SCALES[_word(tokens, end)]
        end = _after_word(tokens, end)
    value *= scale
    if scale >= 10**3:
        value, end = _with_rest(tokens, value, end)
    return Figure(low=value, high=value, first=first, last=end, scale=scale)


def _with_rest(tokens: Sequence[Token], value: Decimal, end: int) -> tuple[Decimal, int]:
    """Return *value* and what words add to it below a hundred, with where they end."""
    at = end + (end < len(tokens) and tokens[end] == "and")
    rest = _spelt(tokens, at) if at < len(tokens) else None
    return (value + rest[0], rest[1]) if rest else (value, end)


def _word(tokens: Sequence[Token], at: int) -> Token:
    return tokens[_after_word(tokens, at) - 1]


def _after_word(tokens: Sequence[Token], at: int) -> int:
    return at + 1 + (tokens[at] in DASHES)


def _begins_scale(tokens: Sequence[Token], at: int) -> bool:
    at += at < len(tokens) and tokens[at] in DASHES
    return at < len(tokens) and tokens[at] in _SCALES


def _spelt(tokens: Sequence[Token], at: int) -> tuple[Decimal, int] | None:
    """Return the number below a hundred that words spell from *at* on, and where they end."""
    if tokens[at] in _UNITS:
        return Decimal(_UNITS[tokens[at]]), at + 1
    if tokens[at] not in _TENS:
        return None
    value, end = _TENS[tokens[at]], at + 1
    unit = end + (end < len(tokens) and tokens[end] in DASHES)
    if unit < len(tokens) and 0 < _UNITS.get(tokens[unit], 0) < 10:
        return Decimal(value + _UNITS[tokens[unit]]), unit + 1
    return Decimal(value), end
