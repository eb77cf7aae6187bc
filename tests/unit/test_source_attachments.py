import pytest

from corpus.sources.attachments import drop_attachments
from corpus.sources.html_text import parse_html, text_of

TEXT = "<p>The elm stands. <a href='elm.pdf'>Its plan</a> is public.</p>"


def text_without_attachments(markup: str) -> str:
    article = parse_html(f"<div>{markup}</div>")
    drop_attachments(article)
    return text_of(article)


@pytest.mark.parametrize(
    "closing",
    [
        "<p><img src='pdf.png'><a href='/sites/plan.pdf'>Plan</a></p>",
        "<p><a href='/opa/file/852101/download'>Indictment</a></p><p></p>",
        "<h3>Reports</h3><ul><li><a href='a.pdf'>One</a></li><li><a href='b.XLS'>Two</a></li></ul>",
        "<p>Related Materials:</p><p><em>Elm v. Oak</em><br><a href='/speech'>Speech</a></p>",
    ],
)
def test_links_to_files_below_the_text_are_left_out(closing: str) -> None:
    assert text_without_attachments(TEXT + closing) == "The elm stands. Its plan is public."


@pytest.mark.parametrize(
    ("closing", "kept"),
    [
        ("<p><a href='/news/oak'>Oaks in the news</a></p>", "Oaks in the news"),
        ("<p>Read <a href='plan.pdf'>the plan</a>.</p>", "Read the plan."),
        ("<h3>Reports</h3><p>None came.</p>", "Reports\n\nNone came."),
        ("<p>Reports</p>", "Reports"),
        ("<p>They signed:</p><p><a href='a.pdf'>The act</a></p>", "They signed:\n\nThe act"),
    ],
)
def test_other_closing_words_stay(closing: str, kept: str) -> None:
    expected = f"The elm stands. Its plan is public.\n\n{kept}"
    assert text_without_attachments(TEXT + closing) == expected


def test_page_that_is_only_links_keeps_them() -> None:
    assert text_without_attachments("<p><a href='a.pdf'>One</a></p>") == "One"
