"""No reader takes more than linear time: eight times the input, not many times eight the time."""

import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from corpus.errors import CorpusError
from corpus.sources import read_stories
from tests.packed import pdf_of

SMALL, LARGE = 1 << 14, 1 << 17
SLACK = 4
"""How many times linear the larger input may take: quadratic time would be eight."""

FLOOR = 0.02
"""Seconds below which a ratio says nothing."""

HEAD = b"<html><head><title>T</title><meta name='date' content='2024-05-07'></head><body>"
WORDS = b"The ferry came in late on Sunday. " * 10
MARKDOWN = b"---\ntitle: T\n---\n"
ITEM = b"<rss><channel><item><title>T</title><description>"
KILLERS: dict[str, tuple[bytes, bytes, bytes]] = {
    # What stands before, what is repeated, what stands after.
    "one word": (b"", b"x", b""),
    "spaces": (b"a b c d e f", b" ", b"\nx"),
    "blank lines": (b"a b c d e f\n", b"\n \t", b"x"),
    "nested tags": (HEAD, b"<div>", WORDS),
    "open inline tags": (HEAD, b"<p><b><i>", WORDS),
    "open comments": (HEAD + WORDS, b"<!--", b""),
    "angle brackets": (HEAD + WORDS, b"<", b""),
    "attributes": (HEAD + b"<p ", b"a='b' ", b">" + WORDS),
    "quotes left open": (HEAD, b"<a b=\"<c d='", WORDS),
    "json-ld": (HEAD + b"<script type='application/ld+json'>", b"[", b"</script>" + WORDS),
    "classes": (HEAD + b"<div class='field--name-", b"a-", b"'>" + WORDS),
    "processing instructions": (b"", b"<?a?>", b"<rss/>"),
    "declarations": (b"", b"<![x", b""),
    "ampersands": (ITEM, b"&", b"</description></item></channel></rss>"),
    "blank lines in an item": (ITEM + b"a", b"\n \t", b"</description></item></channel></rss>"),
    "items": (b"<rss><channel>", b"<item><title>T</title></item>", b"</channel></rss>"),
    "emphasis": (MARKDOWN, b"*a **b ", b""),
    "brackets": (MARKDOWN, b"[a](", b""),
    "rows of a table": (MARKDOWN + b"| a |\n| - |\n", b"| b | c |\n", b""),
    "dashes of a table": (MARKDOWN + b"| a |\n| ", b"-", b" |\n| b |\n"),
    "captions": (MARKDOWN + b"![](a.jpg)\n\n", b"*photo by A*\n\n", b""),
    "credits in a line": (MARKDOWN + b"![](a.jpg)\n\n", b"photo by A ", b""),
    "links to files": (MARKDOWN, b"[a](a.pdf)\n\n", b""),
    "lists in lists of links": (HEAD + b"<article>", b"<ul><li><a href=a.pdf>a</a>", b""),
    "release numbers": (MARKDOWN, b"JS-12\n\n", b""),
    "places": (MARKDOWN + b"AA", b" - AA", b" - The words of it"),
    "quotes": (MARKDOWN, b"> ", b"a b c"),
    "shortcodes": (MARKDOWN, b'[abc a="" b="', b""),
    "front matter": (b"---\ntitle: T\n", b"--- x\n", b"---\nwords of it"),
    "labels": (b"T\nStory by A\nU\nwords\n", b"Story ID: 1\n", b""),
    "welcomes": (b"News | May 3, 2022\nT\nBy X\n", b"Welcome to the ", b""),
    "heads": (b"", b"News | May 3, 2022\n", WORDS),
    "lines of JSON": (b"", b'{"title"\n', b""),
    "nested JSON": (b"", b'{"a":', b""),
    "names in JSON": (b'{"title":"T","body":"a b c d e","byline":"By A', b", Jr", b'"}'),
    "markup in JSON": (b'{"title":"T","body":"a b c d e', b"<a ", b'"}'),
    "datelines": (b"T\n", b"AA, ", b"- The words of it"),
    "charsets": (b"\xe9 a b c d ", b"charset=", b""),
    "tokens": (b'<text title="T" sourceURL="http://x">\n<p>\n', b"word\tNN\n", b""),
}


def least_time(content: bytes, runs: int) -> float:
    """Return the seconds of processor time that the quickest of *runs* readings takes."""
    times = []
    for _ in range(runs):
        start = time.process_time()
        with suppress(CorpusError):
            read_stories(content, "x")
        times.append(time.process_time() - start)
    return min(times)


def killer(name: str, size: int) -> bytes:
    before, unit, after = KILLERS[name]
    return before + unit * (size // len(unit)) + after


def assert_linear(of_size: Callable[[int], bytes]) -> None:
    small = max(least_time(of_size(SMALL), 3), FLOOR)
    assert least_time(of_size(LARGE), 2) <= SLACK * (LARGE / SMALL) * small


@pytest.mark.parametrize("name", KILLERS)
def test_text_is_read_in_linear_time(name: str) -> None:
    assert_linear(lambda size: killer(name, size))


def test_pdf_is_read_in_linear_time() -> None:
    assert_linear(lambda size: pdf_of([["Words of a story."] * 40] * (size // 1024)))
