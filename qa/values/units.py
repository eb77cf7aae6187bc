"""What an amount is an amount of: dollars, percent, miles, days, people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import pairwise

from qa.values.figures import DASHES, Token

CURRENCY_SIGNS = "$€£¥"
_CURRENCIES = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "usd": "USD", "eur": "EUR"}
_NAMED = {"dollar": "USD", "euro": "EUR", "yen": "JPY", "ruble": "RUB", "rupee": "INR"}
_NAMED |= {"won": "KRW", "peso": "MXN", "sterling": "GBP"}


def _sizes(dimension: str, sizes: Mapping[str, str]) -> dict[str, tuple[str, Decimal]]:
    return {
        name: (dimension, Decimal(size))
        for size, names in ((size, names.split()) for names, size in sizes.items())
        for name in names
    }


_MEASURES = {
    **_sizes(
        "days",
        {
            "second": "0.000011574",
            "minute": "0.00069444",
            "hour hr": "0.0416667",
            "day night": "1",
            "week": "7",
            "fortnight": "14",
            "month": "30.4375",
            "year": "365.25",
            "decade": "3652.5",
            "century centurie": "36525",
        },
    ),
    **_sizes(
        "meters",
        {
            "meter metre": "1",
            "kilometer kilometre km": "1000",
            "centimeter centimetre cm": "0.01",
            "millimeter millimetre mm": "0.001",
            "mile mi": "1609.344",
            "foot feet ft": "0.3048",
            "inche inch": "0.0254",
            "yard": "0.9144",
        },
    ),
    **_sizes(
        "grams",
        {
            "gram": "1",
            "kilogram kg kilo": "1000",
            "ton tonne": "1000000",
            "pound lb": "453.592",
            "ounce oz": "28.3495",
        },
    ),
    **_sizes("liters", {"liter litre": "1", "gallon": "3.78541", "barrel": "158.987"}),
    **_sizes("square meters", {"acre": "4046.86", "hectare": "10000"}),
    **_sizes("per hour", {"mph": "1.609344", "kph": "1", "knot": "1.852"}),
    **_sizes("degrees", {"degree": "1"}),
    **_sizes("bytes", {"megabyte": "1", "gigabyte": "1000", "terabyte": "1000000"}),
}
_PER = {"daily": "day", "weekly": "week", "monthly": "month", "yearly": "year", "annually": "year"}
_PERIODS = frozenset("minute hour day night week month quarter year person head".split())
_ENDS = frozenset(
    "of in for from to at on by per with who that which were was is are have had and or during "
    "over under into as than".split()
)
_PLURAL = {"people": "person", "men": "man", "women": "woman", "children": "child"}
_ANYTHING = frozenset("person individual other item case".split())
"""Nouns that say nothing of what is counted."""

_NEAR = 2
"""Four working days are days; of 12 words about school days, something else is counted."""

ROUGHLY_EQUAL = Decimal("0.05")
"""How far amounts in different measures may differ that one was turned into the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A *dimension* (a currency, "%", "days", …), and the *size* in it of what was named.

    Things that are only counted have no dimension but a *noun*, if any is named. *per* is the
    period or person that it is counted for.
    """

    dimension: str | None = None
    size: Decimal = Decimal(1)
    noun: str | None = None
    per: str | None = None

    @property
    def is_measure(self) -> bool:
        """Whether a measure was named that has parts and multiples, such as feet or weeks."""
        return any(self.dimension == dimension for dimension, _ in _MEASURES.values())

    def counts_like(self, other: "Unit") -> bool:
        """Whether amounts in both can be amounts of the same thing."""
        if self.per != other.per or self.dimension != other.dimension:
            return False
        nouns = {self.noun, other.noun} - _ANYTHING - {None}
        return len(nouns) < 2


def unit_around(before: Sequence[Token], after: Sequence[Token]) -> Unit:
    """Return the unit that the words *before* and *after* a number name."""
    per = _per(after)
    for token in reversed(before[-2:]):
        if token in _CURRENCIES:
            size = Decimal(10**6 if after[:1] == ["m"] else 1)
            return Unit(dimension=_CURRENCIES[token], size=size, per=per)
    words = [token for token in after if token not in DASHES]
    if words[:1] in (["%"], ["percent"], ["pct"]) or words[:2] == ["per", "cent"]:
        return Unit(dimension="%", per=per)
    if words[:1] == ["percentage"]:
        return Unit(dimension="% points", per=per)
    measure = next(filter(None, map(partial(_measure, words), _named(words))), None)
    if measure:
        return Unit(dimension=measure[0], size=measure[1], per=per)
    return Unit(noun=_noun(words), per=per)


def _measure(words: Sequence[Token], word: Token) -> tuple[str, Decimal] | None:
    """Return the dimension and size that *word* names, one of the *words* after a number."""
    stem = _singular(word)
    if stem in _NAMED or word in _CURRENCIES:
        return _NAMED.get(stem) or _CURRENCIES[word], Decimal(1)
    if word == "cents":
        return "USD", Decimal("0.01")
    if stem not in _MEASURES or words.index(word) >= _NEAR:
        return None
    dimension, size = _MEASURES[stem]
    return (f"{words[0]} {stem}" if words[0] in ("square", "cubic") else dimension), size


def _named(words: Sequence[Token]) -> list[Token]:
    """Return the words up to the first that begins something else."""
    end = next((n for n, word in enumerate(words) if word in _ENDS or word == "a"), len(words))
    return list(words[:end])


def _noun(words: Sequence[Token]) -> str | None:
    named = [word for word in _named(words) if word.isalpha() and word not in ("more", "or", "so")]
    plural = next((w for w in named if w in _PLURAL or w.endswith("s")), None)
    return _singular(plural) if plural else None


def _per(after: Sequence[Token]) -> str | None:
    for token, following in pairwise((*after, "")):
        if token in _PER:
            return _PER[token]
        if token in ("a", "an", "per", "each", "every") and following in _PERIODS:
            return following
    return None


def _singular(word: Token) -> str:
    return _PLURAL.get(word) or (word[:-1] if word.endswith("s") and len(word) > 2 else word)
