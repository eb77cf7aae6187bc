from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from selectolax.lexbor import LexborHTMLParser

from tests.payloads import PAYLOADS
from web.export import plain

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
TEXT = st.text(st.sampled_from("ab1 .:/\\*_`[]()<>!#|~&;@-+=\n\"'h"), max_size=30) | st.text()


def shown(markdown: str) -> LexborHTMLParser:
    return LexborHTMLParser(MARKDOWN.render(f"x {markdown}"))


@given(TEXT)
@example("[x](javascript:alert(1))")
@example("<https://a.example>")
@example("&lt;script&gt;")
def test_words_of_stories_are_shown_as_they_are(text: str) -> None:
    page = shown(plain(text))

    words = " ".join(text.split()).replace("\0", "\N{REPLACEMENT CHARACTER}")
    assert page.body is not None
    assert " ".join(page.body.text().split()) == f"x {words}".strip()
    assert {node.tag for node in page.css("body *")} == {"p"}


def test_no_attack_becomes_markup() -> None:
    for payload in PAYLOADS:
        assert {node.tag for node in shown(plain(payload)).css("body *")} == {"p"}, payload


def test_bare_address_is_no_link_on_github_either() -> None:
    assert plain("See https://a.example and www.a.example") == (
        "See https\\://a.example and www\\.a.example"
    )
