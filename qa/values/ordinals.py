"""Counted places in a text: the 17th, the seventeenth."""

import re

_ONES = "fourth fifth sixth seventh eighth ninth".split()
_TEENS = (
    "tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth "
    "nineteenth twentieth"
).split()
_UNITS = ("first", "second", "third", *_ONES)
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50}
_SPELT = {word: number for number, word in enumerate([*_ONES, *_TEENS], start=4)} | {
    f"{word} {unit}": tens + number
    for word, tens in _TENS.items()
    for number, unit in enumerate(_UNITS, start=1)
}
_ROUND = {"thirtieth": 30, "fortieth": 40, "fiftieth": 50, "sixtieth": 60}
_ROUND |= {"seventieth": 70, "eightieth": 80, "ninetieth": 90, "hundredth": 100}
_SPELT |= _ROUND

_ORDINAL = re.compile(
    rf"\b(?:(\d{{1,4}})(?:st|[nr]d|th)|((?:{'|'.join(_TENS)})[- ](?:{'|'.join(_UNITS)})"
    rf"|{'|'.join([*_ONES, *_TEENS, *_ROUND])}))\b",
    re.IGNORECASE,
)


def ordinals(text: str) -> frozenset[int]:
    """Return the places that *text* counts in digits, or in words from the fourth on.

    `first`, `second` and `third` in words mean too much else.
    """
    return frozenset(
        int(digits) if digits else _SPELT[words.casefold().replace("-", " ")]
        for digits, words in _ORDINAL.findall(text)
    )
