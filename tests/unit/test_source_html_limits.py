"""Markup that no page of news has is refused before it takes long."""

import pytest

from corpus.errors import UnreadableSource
from corpus.sources import read_stories
from tests.packed import PAGE

END = b"</body>"


@pytest.mark.parametrize(
    ("added", "reason"),
    [
        (b"<b>" * 250_000, "200,000 tags"),
        (b"<p>a</p>" * 30_000, "20,000 elements"),
        (b"<p " + b" ".join(b"a%d=1" % n for n in range(100_000)) + b">", "attributes"),
        (b"<p " + b" ".join(b"a%d" % n for n in range(100_000)) + b">", "attributes"),
        (b"<p " + b"".join(b"a%d='<'" % n for n in range(100_000)) + b">", "attributes"),
        (b'<p a"' + b" ".join(b"a%d=1" % n for n in range(100_000)) + b'">', "attributes"),
    ],
    ids=["tags", "elements", "attributes", "bare names", "brackets in quotes", "stray quote"],
)
def test_far_too_much_markup_is_refused(added: bytes, reason: str) -> None:
    with pytest.raises(UnreadableSource, match=reason):
        read_stories(PAGE.replace(END, added + END), "x.html")


@pytest.mark.parametrize(
    "added",
    [
        b"<div>" * 5_000 + b"</div>" * 5_000,
        b"<img alt='" + b"many words = here " * 20_000 + b"' src='data:image/png;base64,"
        + b"A" * 500_000 + b"'>",
        b"<script>if (a<b && c) {" + b"d = 'e' + 1; " * 3_000 + b"}</script>",
        b"<p a=\"" + b"<b c='" * 50_000,
    ],
    ids=["depth", "picture", "script", "open quotes"],
)  # fmt: skip
def test_pages_that_are_only_large_are_read(added: bytes) -> None:
    [story] = read_stories(PAGE.replace(END, added + END), "x.html")
    assert story.title == "Ferry comes in"


def test_a_hundred_thousand_nested_tags_are_cut() -> None:
    [story] = read_stories(PAGE.replace(END, b"<div>" * 100_000 + END), "x.html")
    assert story.body.startswith("OGDENVILLE")
