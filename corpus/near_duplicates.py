"""Which stories are the same words published again: MinHash to find them, the words to be sure.

A release with another month and other figures shares most of its words with the last one, and is
another story. So stories are alike only if at least `ALIKE` of their shingles are shared, and not
each of the two has a number or a name that the other lacks: a cut or a longer version passes, one
with other facts in the same place does not.
"""

import string
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ALIKE = 0.8
"""Least Jaccard similarity of the shingles of two stories that are alike."""
SHINGLE = 3
"""Words in a shingle."""
BANDS = 8
"""Runs of a signature by which likes are found."""
ROWS = 4
"""Minima that make a band: all but one of the shingles, one of the facts.

Stories of which s of the shingles and f of the facts are shared share one of the bands with
probability 1 - (1 - s³f)⁸: 98 % at s = f = 0.8. The facts keep the many issues of a series out of
each other's bands.
"""

_MARKS = ",."
_APART = str.maketrans(
    dict.fromkeys((set(string.punctuation) - set(_MARKS)) | set("‘’“”–—…•\u00a0"), " ")
)
_NUMBER_WORDS = frozenset(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety"
    " hundred thousand million billion trillion dozen first second third fourth fifth sixth seventh"
    " eighth ninth tenth".split()
)
_GLUED = 4
"""Least letters of a name that may stand inside another word, where a page lost a space."""

# Kept with every story: what changes one of these numbers has to link all stories again.
_MULTIPLY, _ADD = (
    np.random.Generator(np.random.PCG64(20_240_507))
    .integers(1, 2**63, size=(2, BANDS * ROWS, 1), dtype=np.uint64)
    .astype(np.uint64)
)
_SHINGLE_WEIGHTS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)

Hashes = NDArray[np.uint64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What stories are compared by.

    *shingles* are the hashes of the body's shingles, distinct and sorted; *numbers* and *names*
    those of title and body, *words* all their words, in small letters; *text* is the words without
    spaces.
    """

    shingles: Hashes
    numbers: frozenset[str]
    names: frozenset[str]
    words: frozenset[str]
    text: str


def bands_of(body: str) -> list[int]:
    """Return the `BANDS` hashes of which likely likes share some, as SQLite's signed integers."""
    tokens = _tokens(body)
    shingles = _shingles(tokens)
    facts = _hashes([token.casefold() for token in tokens if _is_number(token) or _is_name(token)])
    split = BANDS * (ROWS - 1)
    minima = np.empty((BANDS, ROWS), dtype=np.uint64)
    minima[:, :-1] = _minima(shingles, _MULTIPLY[:split], _ADD[:split]).reshape(BANDS, ROWS - 1)
    minima[:, -1] = _minima(facts, _MULTIPLY[split:], _ADD[split:])
    bands = np.arange(BANDS, dtype=np.uint64)
    for row in range(ROWS):
        bands = _mixed(bands ^ minima[:, row])
    signed: list[int] = bands.view(np.int64).tolist()
    return signed


def wording_of(title: str, body: str) -> Wording:
    """Return what a story is compared by."""
    tokens = _tokens(body)
    told = [*_tokens(title), *tokens]
    folded = [token.casefold() for token in told]
    return Wording(
        shingles=np.unique(_shingles(tokens)),
        numbers=frozenset(word for word in folded if _is_number(word)),
        names=frozenset(token.casefold() for token in told if _is_name(token)),
        words=frozenset(folded),
        text="".join(folded),
    )


def alike(one: Wording, other: Wording) -> bool:
    """Say whether two stories are the same words published twice."""
    return similarity(one, other) >= ALIKE and not differ(one, other)


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


def _has_own_name(one: Wording, other: Wording) -> bool:
    return any(
        len(name) < _GLUED or name not in other.text
        for name in one.names
        if name not in other.words
    )


def _tokens(text: str) -> list[str]:
    words = (word.strip(_MARKS) for word in text.translate(_APART).split())
    return [word for word in words if word]


def _is_number(token: str) -> bool:
    return token[0].isdigit() or token in _NUMBER_WORDS


def _is_name(token: str) -> bool:
    return token[0].isupper()


def _shingles(tokens: Sequence[str]) -> Hashes:
    """Return the hash of every run of `SHINGLE` words, or of all where there are fewer."""
    words = _hashes([token.casefold() for token in tokens])
    count = max(len(words) - SHINGLE + 1, min(len(words), 1))
    runs = np.zeros(count, dtype=np.uint64)
    for offset, weight in enumerate(_SHINGLE_WEIGHTS):
        part = words[offset : offset + count]
        runs[: len(part)] += part * np.uint64(weight)
    return _mixed(runs)


def _hashes(words: Sequence[str]) -> Hashes:
    # crc32 is the same in every process, as Python's own hash is not.
    coded = (zlib.crc32(word.encode()) for word in words)
    return np.fromiter(coded, dtype=np.uint64, count=len(words))


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
