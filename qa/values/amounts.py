"""Amounts: how much a few words say, of what, and how roughly."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from qa.values.figures import DASHES, Figure, Token, figures_in, tokens_of
from qa.values.units import CURRENCY_SIGNS, Unit, unit_around

LONGEST = 160
"""Longer words are no value: code points."""

ROUGH = Decimal("0.1")
"""How far from the number "about" reaches, as a share of it."""

BEYOND = Decimal("1.5")
"""How many times the number "more than" reaches: who means more says a higher number."""

_ROUGHLY = frozenset(
    "about around some approximately approx roughly nearly almost circa estimated ~ just slightly "
    "close under over".split()
)
_ABOVE = frozenset(
    ("more than", "over", "at least", "above", "exceeding", "upwards of", "no fewer than")
)
_ABOVE |= {"no less than", "not less than", "greater than", "a minimum of", "topped", "+"}
_BELOW = frozenset(("up to", "under", "fewer than", "less than", "below", "at most", "as many as"))
_BELOW |= {"no more than", "as much as", "not more than", "a maximum of", "nearly", "almost"}
_EXTRA = frozenset("additional another extra further more other others remaining rest".split())
_FEWEST_DIGITS_ROUNDED = 3
"""Numbers of fewer digits are counted, not rounded, as a rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """What some words say how much there is of something.

    *said* is the number they name, None for a range or for "dozens"; what they mean lies from
    *low* to *high*. *extra* marks what is counted beside something else ("an additional 500").
    """

    said: Decimal | None
    low: Decimal
    high: Decimal
    unit: Unit
    kind: str = "count"
    extra: bool = False


def amount_of(text: str) -> Amount | None:
    """Return the amount that *text* says; None if it says none, or several."""
    if len(text) > LONGEST:
        return None
    tokens = tokens_of(text)
    found = [figure for figure in figures_in(tokens) if not _is_year(tokens, figure)]
    if not found:
        return _nothing(tokens) or _single(tokens)
    if len(found) == 1:
        return _amount(tokens, found[0])
    if len(found) == 2 and _is_range(tokens, *found):
        return _range(tokens, *found)
    return _sum(tokens, found)


def _amount(tokens: Sequence[Token], figure: Figure) -> Amount:
    before, after = tokens[: figure.first], tokens[figure.last :]
    unit = unit_around(before, after)
    if figure.kind == "part":
        unit = Unit(dimension="%")
    said = figure.low if figure.low == figure.high else None
    low, high = _bounds(figure, before, after)
    return Amount(
        said=said * unit.size if said is not None else None,
        low=low * unit.size,
        high=high * unit.size,
        unit=unit,
        kind="place" if figure.kind == "place" else "count",
        extra=_is_extra(before, after),
    )


def _is_extra(before: Sequence[Token], after: Sequence[Token]) -> bool:
    led = [] if before[-1:] == ["than"] else before[-3:]
    return not _EXTRA.isdisjoint(led) or after[:1] == ["more"]


def _bounds(figure: Figure, before: Sequence[Token], after: Sequence[Token]) -> tuple[Decimal, ...]:
    """Return from where to where a number may lie that is said like this."""
    if figure.low != figure.high or figure.kind == "place":
        return figure.low, figure.high
    # What stands between the sign of a currency and the words before it says nothing.
    said = [token for token in before if token not in CURRENCY_SIGNS]
    leads = {" ".join(said[-length:]) for length in (1, 2, 3)}
    rough = not _ROUGHLY.isdisjoint(said[-3:]) or figure.kind == "part"
    low, high = _rounded(figure)
    if leads & _ABOVE or after[:2] == ["or", "more"] or after[:1] in (["+"], ["plus"]):
        high = max(high, figure.low * BEYOND)
    if leads & _BELOW or after[:2] in (["or", "less"], ["or", "fewer"]):
        low = Decimal(0) if leads & {"up to", "as many as", "as much as"} else figure.low / BEYOND
    if rough:
        low, high = min(low, figure.low * (1 - ROUGH)), max(high, figure.low * (1 + ROUGH))
    return low, high


def _rounded(figure: Figure) -> tuple[Decimal, Decimal]:
    """Return what rounds to the number: it may have been rounded to its last digit but zeros."""
    _, digits, exponent = figure.low.normalize().as_tuple()
    size = len(digits) + int(exponent)
    if figure.scale == 1 and (size < _FEWEST_DIGITS_ROUNDED or exponent == 0):
        return figure.low, figure.low
    half = Decimal(10) ** int(exponent) / 2
    if figure.low == figure.low.to_integral_value():
        # One hundred is not fifty to a hundred and fifty, though it has one digit.
        half = min(half, figure.low * ROUGH / 2)
    return figure.low - half, figure.low + half


def _is_range(tokens: Sequence[Token], low: Figure, high: Figure) -> bool:
    between = [token for token in tokens[low.last : high.first] if token not in CURRENCY_SIGNS]
    if between == ["and"]:
        return "between" in tokens[: low.first]
    if between == ["to"]:
        # From 14 to 17 is a change as often as a range.
        return "from" not in tokens[: low.first]
    return between == ["or"] or (len(between) == 1 and between[0] in DASHES)


def _range(tokens: Sequence[Token], low: Figure, high: Figure) -> Amount | None:
    unit = unit_around(tokens[: low.first], tokens[high.last :])
    scale = high.scale if low.scale == 1 and low.low < high.low / high.scale else 1
    least, most = low.low * scale * unit.size, high.high * unit.size
    if least > most:
        return None
    return Amount(said=None, low=least, high=most, unit=unit)


def _sum(tokens: Sequence[Token], found: Sequence[Figure]) -> Amount | None:
    """Return what parts of a measure make together, as in 5 feet 11 inches."""
    ends = [*(figure.first for figure in found[1:]), len(tokens)]
    parts = [
        Amount(said=f.low, low=f.low, high=f.high, unit=unit_around([], tokens[f.last : end]))
        for f, end in zip(found, ends, strict=True)
    ]
    first = parts[0].unit
    sizes = [part.unit.size for part in parts]
    alike = all(part.unit.dimension == first.dimension for part in parts)
    if not (first.is_measure and alike and sizes == sorted(set(sizes), reverse=True)):
        return None
    total = sum((part.low * part.unit.size for part in parts), Decimal(0))
    return Amount(said=total, low=total, high=total, unit=first)


def _nothing(tokens: Sequence[Token]) -> Amount | None:
    if tokens[:1] not in (["no"], ["none"]):
        return None
    unit = unit_around([], tokens[1:])
    return Amount(said=Decimal(0), low=Decimal(0), high=Decimal(0), unit=unit)


def _single(tokens: Sequence[Token]) -> Amount | None:
    """Return the one of "a year", "an hour": a measure that an article counts."""
    article = next((n for n, token in enumerate(tokens) if token in ("a", "an")), None)
    if article is None or not unit_around([], tokens[article + 1 : article + 2]).is_measure:
        return None
    one = Figure(low=Decimal(1), high=Decimal(1), first=article, last=article + 1)
    return _amount(tokens, one)


def _is_year(tokens: Sequence[Token], figure: Figure) -> bool:
    """Whether the number is the year in "800 in 2021"."""
    led = figure.first > 0 and tokens[figure.first - 1] in ("in", "since", "during", "of")
    return led and "," not in tokens[figure.first] and 1500 <= figure.low <= 2100
