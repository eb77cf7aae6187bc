"""Counted places in a text: the 17th, the seventeenth."""

import re

_ONES = "fourth fifth sixth seventh eighth ninth".split()
_TEENS = (
    "tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth "
    "nineteenth twentieth"
).split()
_SPELT = {word: number for number, word in enumerate([*_ONES, *_TEENS], start=4)} | {
    f"{tens}{joint}{one}": number + unit
    for number, tens in ((20, "twenty"), (30, "thirty"), (40, "forty"), (50, "fifty"))
    for joint in ("-", " ")
    for unit, one in enumerate(["first", "second", "third", *_ONES], start=1)
}
_SPELT |= {"thirtieth": 30, "fortieth": 40, "fiftieth": 50, "sixtieth": 60}
_SPELT |= {"seventieth": 70, "eightieth": 80, "ninetieth": 90, "hundredth": 100}

_ORDINAL = re.compile(
    rf"\b(?:(\d{{1,4}})(?:st|[nr]d|th)|({'|'.join(sorted(_SPELT, key=len, reverse=True))}))\b",
    re.IGNORECASE,
)


def ordinals(text: str) -> frozenset[int]:
    """Return the places that *text* counts in digits, or in words from the fourth on.

    `first`, `second` and `third` in words mean too much else.
    """
    return frozenset(
        int(digits) if digits else _SPELT[words.casefold()]
        for digits, words in _ORDINAL.findall(text)
    )
