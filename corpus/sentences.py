"""Sentence boundaries in linear time."""

import re
from collections.abc import Iterator
from itertools import pairwise

from corpus.abbreviations import (
    ABBREVIATIONS,
    COURTESY_TITLES,
    NUMBERED,
    SPEECH_VERBS,
    STARTERS,
    TITLES,
)

_WRAPPED_FROM = 60
"""Lines of a paragraph narrower than this were broken on purpose, not to fit a page."""

_STOP = re.compile(r"""[.!?…]++(?:\[\d{1,3}\])?["”’')\]»*_]*+|[。！？]++[」』”]*+""")
_LIST_MARKER = re.compile(r"(?:[•·▪●◦‣*–-]|\d{1,2}[.)]|\([0-9a-zA-Z]{1,3}\))\s")
_ENUMERATOR = re.compile(r"\(?(?:\d{1,2}|[a-zA-Z]|[ivxIVX]{1,4})\)?")
_DOTTED = re.compile(r"(?:[A-Za-z]{1,2}\.)*(?:[A-Z]-)?(?:[A-Za-z]{1,2}\.)+[A-Za-z]{1,2}")
_TOKEN_REACH = 24
_OPENERS = "\"“‘'([«*_"
_QUOTES = "\"”’'»"
_DASHES = "-–—"


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Return the half-open span of each sentence of *text*, in order.

    Spans don't overlap, carry no white space at either end and together cover every other
    character. A blank line and the end of a list line always end a sentence. The work is linear
    in the length of *text*, whatever stands in it.
    """
    spans: list[tuple[int, int]] = []
    for start, end in _blocks(text):
        spans.extend(_split_block(text, start, end))
    return spans


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Yield runs of lines that no sentence crosses."""
    for paragraph in _paragraphs(text):
        width = max(end - start for start, end in paragraph)
        block_start = paragraph[0][0]
        for line, following in pairwise(paragraph):
            if _line_ends_block(text, line, following, width):
                yield block_start, line[1]
                block_start = following[0]
        yield block_start, paragraph[-1][1]


def _paragraphs(text: str) -> Iterator[list[tuple[int, int]]]:
    """Yield the stripped lines between blank lines."""
    lines: list[tuple[int, int]] = []
    offset = 0
    for line in text.splitlines(keepends=True):
        stripped = line.strip()
        if stripped:
            start = offset + len(line) - len(line.lstrip())
            lines.append((start, start + len(stripped)))
        elif lines:
            yield lines
            lines = []
        offset += len(line)
    if lines:
        yield lines


def _line_ends_block(
    text: str, line: tuple[int, int], following: tuple[int, int], width: int
) -> bool:
    """Say whether the break after *line* is meant, not forced by the *width* of the page."""
    if _stands_alone(text, *line) or _stands_alone(text, *following):
        return True
    if width < _WRAPPED_FROM:
        return True
    word_end = _word_end(text, *following)
    return (line[1] - line[0]) + 1 + (word_end - following[0]) <= width


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Say whether the line is part of a list or a row of a table."""
    return bool(_LIST_MARKER.match(text, start, end)) or text.find(" | ", start, end) >= 0


def _split_block(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for stop in _STOP.finditer(text, start, end):
        if stop.end() >= end or not _ends_sentence(text, stop, start, end):
            continue
        yield start, stop.end()
        start = stop.end()
        while text[start].isspace():
            start += 1
    yield start, end


def _ends_sentence(text: str, stop: re.Match[str], start: int, end: int) -> bool:
    """Say whether the sentence from *start* ends with *stop*, which stands before *end*."""
    if stop[0][0] in "。！？":
        return True
    following = stop.end()
    if not text[following].isspace():
        return _lost_space(text, stop, end)
    while text[following].isspace():
        following += 1
    if not _may_open_sentence(text, following, end, quoted=stop[0][-1] in _QUOTES):
        return False
    if stop[0][0] in "!?":
        return not _is_attribution(text, stop, following, end)
    if stop[0].startswith(("...", "…")):
        return not text[max(stop.start() - 1, 0)].isspace()
    return stop[0].startswith("..") or not _is_abbreviation(text, stop.start(), start, following)


def _lost_space(text: str, stop: re.Match[str], end: int) -> bool:
    """Say whether two sentences were run together, as in "the end.The next"."""
    word = _token_before(text, stop.start(), 0)
    after = text[stop.end() : min(stop.end() + 2, end)]
    return len(word) >= 3 and word.isalpha() and word[-3:].islower() and _opens_word(after)


def _opens_word(letters: str) -> bool:
    return (
        len(letters) == 2 and letters[0].isupper() and (letters[1].islower() or letters[1] == " ")
    )


def _may_open_sentence(text: str, following: int, end: int, *, quoted: bool) -> bool:
    """Say whether a sentence may begin at *following*, just after a stop and white space."""
    first = text[following]
    if first in _OPENERS and following + 1 < end and not quoted:
        return text[following + 1] not in ".,;:" and not (
            first in "([" and text[following + 1].islower()
        )
    if first in _OPENERS and following + 1 < end:
        first = text[following + 1]
    return not (first.islower() or first in _DASHES or first in ".,;:!?%&/)")


def _is_attribution(text: str, stop: re.Match[str], following: int, end: int) -> bool:
    """Say whether a quoted question goes on with its speaker, as in "“Why?” Ms. Poe asked."."""
    if stop[0][-1] not in _QUOTES:
        return False
    for word in text[following : min(following + 80, end)].split()[:5]:
        if word.rstrip(".,:") in SPEECH_VERBS:
            return True
        if not word[0].isupper():
            return False
    return False


def _is_abbreviation(text: str, dot: int, start: int, following: int) -> bool:
    """Say whether the full stop at *dot* abbreviates a word and the sentence goes on."""
    token = _token_before(text, dot, start)
    word = token.capitalize() if token.isupper() else token
    first = text[following]
    if dot - len(token) <= start and _ENUMERATOR.fullmatch(token):
        return True
    if word in TITLES and word not in ABBREVIATIONS:
        return True
    if word in NUMBERED and (first.isdigit() or _is_letter_alone(text, following)):
        return True
    if word in ABBREVIATIONS or _is_initial(token) or _DOTTED.fullmatch(token):
        return not (_is_starter(text, following) or _is_courtesy(text, following, token))
    return False


def _token_before(text: str, dot: int, start: int) -> str:
    """Return the word that ends at *dot*, without what opens it; long words are cut."""
    run = text[max(start, dot - _TOKEN_REACH) : dot].split()
    return run[-1].lstrip(_OPENERS + _DASHES) if run and not text[dot - 1].isspace() else ""


def _is_initial(token: str) -> bool:
    return len(token) == 1 and token.isupper() and token.isalpha()


def _is_letter_alone(text: str, following: int) -> bool:
    return text[following].isupper() and not text[following + 1 : following + 2].isalpha()


def _is_starter(text: str, following: int) -> bool:
    """Say whether the word at *following* opens a sentence rather than going on with a name."""
    if text[following] in _OPENERS:
        return text[following] in '"“' or _is_starter(text, following + 1)
    word = text[following : _word_end(text, following, following + _TOKEN_REACH)]
    word = re.split(r"[’'.,:;]", word, maxsplit=1)[0]
    if len(word) == 1:
        after = text[following + 1 : following + 3]
        return word in STARTERS and (after[1:].islower() or after[:1] in ("’", "'"))
    return word in STARTERS


def _is_courtesy(text: str, following: int, token: str) -> bool:
    """Say whether "Ms." opens a sentence after *token*, as in "D.C. Ms." but not in "vs. Ms."."""
    word = text[following : _word_end(text, following, following + _TOKEN_REACH)]
    return len(token) > 1 and token[0].isupper() and word.rstrip(".") in COURTESY_TITLES


def _word_end(text: str, start: int, end: int) -> int:
    end = min(end, len(text))
    while start < end and not text[start].isspace():
        start += 1
    return start
