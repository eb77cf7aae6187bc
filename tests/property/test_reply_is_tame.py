"""Stories can place nothing of their own in the Markdown that chat clients show."""

import re
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from qa.answer import Answer
from tests.fakes import MAYOR_QUESTION, answer_with, cite, mayor_story
from tests.payloads import PAYLOADS
from web.reply import as_text, reply_to

HERE = "http://127.0.0.1:8000/"
MARKDOWN_PAYLOADS = (
    "[click](javascript:alert(1))",
    "![x](https://elsewhere.example/x.png)",
    "[1]: https://elsewhere.example/",
    "](https://elsewhere.example/)",
    "<https://elsewhere.example/>",
    "`code` **bold** ~~struck~~ <b>bold</b>",
    "\n\n# Heading\n\n- [ ] item\n\n```\nfence\n```\n\n---\n",
    "&lt;script&gt; &#60;b&#62; &amp;",
    "\\[escaped\\](https://elsewhere.example/) \\",
    "[2][1] [^1] [[1]]",
    "| a | b |\n|---|---|\n| c | d |",
)


def tokens(markdown: str) -> list[Token]:
    parsed = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    tops = parsed.parse(markdown)
    return [*tops, *(child for token in tops for child in token.children or ())]


def links(markdown: str) -> set[object]:
    return {token.attrs["href"] for token in tokens(markdown) if token.type == "link_open"}


def hostile(words: str) -> Answer:
    """Return an answer whose every text is, or holds, *words*."""
    story = mayor_story(
        title=words,
        publisher=words,
        body=f"Mayor {words} of Springfield.",
        url="https://news.example/(a) b<c>`\"'[1]",
    )
    return replace(
        answer_with(MAYOR_QUESTION, [cite(story, words, story.body)]),
        text=words,
    )


def assert_tame(made: Answer) -> None:
    reply = reply_to(made, HERE)
    [source] = reply.sources
    found = tokens(reply.content)
    page = f"{HERE}story/00aa11bb22cc33dd?h="
    assert {token.type for token in found} & {
        "image",
        "html_inline",
        "html_block",
        "code_inline",
        "fence",
        "code_block",
        "heading_open",
        "hr",
        "table_open",
        "s_open",
    } == set()
    assert "<" not in reply.content
    assert all(link == source.url or str(link).startswith(page) for link in links(reply.content))
    assert reply.content[source.start : source.end] == "[1]"
    assert reply.content[: source.start].count("\n") == 0


@pytest.mark.parametrize("words", MARKDOWN_PAYLOADS)
def test_story_can_place_no_markdown(words: str) -> None:
    assert_tame(hostile(words))


def test_story_can_place_no_html() -> None:
    for words in PAYLOADS:
        assert_tame(hostile(words))


def rendered(found: Sequence[Token]) -> str:
    return "".join(token.content for token in found if token.type in ("text", "text_special"))


@given(st.text(st.characters(exclude_categories=("Cc", "Cs"))))
def test_escaped_words_are_shown_as_they_were_written(words: str) -> None:
    shown = " ".join(rendered(tokens(f"x {as_text(words)} x")).split())

    unseen = r"[\u200e\u200f\u202a-\u202e\u2066-\u2069]"
    assert shown == " ".join(f"x {re.sub(unseen, '', words)} x".split())


@given(st.text("ab [](){}<>*_`~!#&;:/\\@.-\n1\u202e", min_size=1).filter(str.strip))
def test_story_of_any_signs_can_place_nothing(words: str) -> None:
    assert_tame(hostile(words))
