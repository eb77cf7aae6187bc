"""Which stories are the same words published again: MinHash to find them, the words to be sure.

A release with another month and other figures shares most of its words with the last one, and is
another story. So stories are alike only if at least `ALIKE` of their shingles are shared, and not
each of the two has a number, or each a name, that the other lacks: a cut or a longer version
passes, one with other facts in the same place does not. A few words that are published again
later, as over each week's photographs, are another story too.
"""

import re
import string
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]

ALIKE = 0.7
"""Least Jaccard similarity of the shingles of two stories that are alike."""
SHINGLE = 3
"""Words in a shingle."""
BANDS = 8
"""Runs of a signature by which likes are found."""
ROWS = 4
"""Minima that make a band: all but one of the shingles, one of the facts.

Stories of which s of the shingles and f of the facts are shared share one of the bands with
probability 1 - (1 - s³f)⁸: 89 % at s = f = 0.7, 98 % at 0.8. The facts keep the many issues of a
series out of each other's bands.
"""

BRIEF = 60
"""Words below which a body can be a form that is used again and again."""
DAYS = 3
"""Days within which brief stories with the same words are one story."""

_TYPOGRAPHY = re.compile("[\u00a0‘’“”–—…•]")
_MARKS = string.punctuation.encode()
_APART = bytes.maketrans(_MARKS, b" " * len(_MARKS))
_NUMBER = re.compile(r"[0-9](?:[0-9.,]*[0-9])?")
_NUMBER_WORDS = frozenset(
    b"zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    b" sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety"
    b" hundred thousand million billion trillion dozen first second third fourth fifth sixth"
    b" seventh eighth ninth tenth".split()
)
_CAPITALS = range(ord("A"), ord("Z") + 1)
_GLUED = 4
"""Least letters of a name that may stand inside another word, where a page lost a space."""

# Kept with every story: what changes one of these numbers has to link all stories again.
_WEIGHTS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What stories are compared by.

    *shingles* are the hashes of the body's shingles, distinct and sorted; *numbers* and *names*
    those of title and body, *words* all their words, in small letters; *text* is the words without
    spaces. *length* is the body's in words, *published_on* the day, where it is known.
    """

    shingles: Hashes
    numbers: frozenset[bytes]
    names: frozenset[bytes]
    words: frozenset[bytes]
    text: bytes
    length: int
    published_on: date | None


def bands_of(body: str) -> list[int]:
    """Return the `BANDS` hashes of which likely likes share some, as SQLite's signed integers."""
    text = _plain(body)
    facts = [word for word in text.split() if word[0] <= _CAPITALS[-1]]  # digits come before
    split = BANDS * (ROWS - 1)
    minima = np.empty((BANDS, ROWS), dtype=np.uint64)
    shingles = _shingles(text.lower().split())
    minima[:, :-1] = _minima(shingles, _MULTIPLY[:split], _ADD[:split]).reshape(BANDS, ROWS - 1)
    minima[:, -1] = _minima(_hashes(facts), _MULTIPLY[split:], _ADD[split:])
    bands = np.arange(BANDS, dtype=np.uint64)
    for row in range(ROWS):
        bands = _mixed(bands ^ minima[:, row])
    signed: list[int] = bands.view(np.int64).tolist()
    return signed


def wording_of(title: str, body: str, published_on: date | None) -> Wording:
    """Return what a story is compared by."""
    told = f"{title}\n{body}"
    text = _plain(told)
    words = text.lower().split()
    in_body = _plain(body).lower().split()
    return Wording(
        shingles=np.unique(_shingles(in_body)),
        numbers=frozenset(number.encode() for number in _NUMBER.findall(told))
        | _NUMBER_WORDS.intersection(words),
        names=frozenset(word.lower() for word in text.split() if word[0] in _CAPITALS),
        words=frozenset(words),
        text=b"".join(words),
        length=len(in_body),
        published_on=published_on,
    )


def alike(one: Wording, other: Wording) -> bool:
    """Say whether two stories are the same words published twice."""
    return (
        similarity(one, other) >= ALIKE
        and not differ(one, other)
        and not _apart_in_time(one, other)
    )


def similarity(one: Wording, other: Wording) -> float:
    """Return the Jaccard similarity of the shingles, 0 to 1."""
    shared = len(np.intersect1d(one.shingles, other.shingles, assume_unique=True))
    every = len(one.shingles) + len(other.shingles) - shared
    return shared / every if every else 1.0


def differ(one: Wording, other: Wording) -> bool:
    """Say whether each has a number, or each has a name, that the other lacks."""
    if one.numbers - other.numbers and other.numbers - one.numbers:
        return True
    return _has_own_name(one, other) and _has_own_name(other, one)


def _apart_in_time(one: Wording, other: Wording) -> bool:
    if min(one.length, other.length) >= BRIEF or not (one.published_on and other.published_on):
        return False
    return abs(one.published_on - other.published_on).days > DAYS


def _has_own_name(one: Wording, other: Wording) -> bool:
    return any(
        len(name) < _GLUED or name not in other.text
        for name in one.names
        if name not in other.words
    )


def _plain(text: str) -> bytes:
    """Return the words of *text* with white space between them."""
    return _TYPOGRAPHY.sub(" ", text).encode("utf-8", "replace").translate(_APART)


def _shingles(words: Sequence[bytes]) -> Hashes:
    """Return the hash of every run of `SHINGLE` words, or of all where there are fewer."""
    hashes = _hashes(words)
    count = max(len(hashes) - SHINGLE + 1, min(len(hashes), 1))
    runs = np.zeros(count, dtype=np.uint64)
    for offset, weight in enumerate(_WEIGHTS):
        part = hashes[offset : offset + count]
        runs[: len(part)] += part * np.uint64(weight)
    return _mixed(runs)


def _hashes(words: Sequence[bytes]) -> Hashes:
    # crc32 is the same in every process, as Python's own hash is not.
    return np.fromiter(map(zlib.crc32, words), dtype=np.uint64, count=len(words))


def _minima(hashes: Hashes, multiply: Hashes, add: Hashes) -> Hashes:
    """Return the least value under each of the hash functions; 0 where there is nothing."""
    if not len(hashes):
        return np.zeros(len(multiply), dtype=np.uint64)
    least: Hashes = ((hashes * multiply + add) >> np.uint64(32)).min(axis=1)
    return least


def _mixed(hashes: Hashes) -> Hashes:
    """Spread the bits of 64-bit hashes (the finalizer of MurmurHash3)."""
    mixed: Hashes = hashes ^ (hashes >> np.uint64(33))
    mixed = mixed * np.uint64(0xFF51AFD7ED558CCD)
    mixed = mixed ^ (mixed >> np.uint64(33))
    mixed = mixed * np.uint64(0xC4CEB9FE1A85EC53)
    return mixed ^ (mixed >> np.uint64(33))


# The hash functions: products with odd numbers, of which the upper half is kept.
_SEEDS = _mixed(np.arange(1, 2 * BANDS * ROWS + 1, dtype=np.uint64)).reshape(2, BANDS * ROWS, 1)
_MULTIPLY, _ADD = _SEEDS[0] | np.uint64(1), _SEEDS[1]
