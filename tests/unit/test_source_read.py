import io

import pytest

from corpus.errors import CorpusError, NotAStory, UnknownFormat, UnreadableSource
from corpus.refusal import Refusal
from corpus.sources import read_each, read_stories


def test_first_line_of_plain_text_is_the_title() -> None:
    [story] = read_stories(b"Ferry comes in\r\n\r\nThe ferry came in late.\r\n", "notes/ferry.txt")
    assert (story.title, story.body) == ("Ferry comes in", "The ferry came in late.")
    assert story.source == "notes/ferry.txt"


def test_single_line_is_body_and_title() -> None:
    line = "The ferry came in late on Sunday " + "and it rained " * 20
    [story] = read_stories(line.encode(), "x")
    assert story.body == line.strip()
    assert story.title.endswith("…")
    assert len(story.title) <= 80


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("\ufeffThe café is open today".encode(), "café"),
        ("The café is “open” today".encode("cp1252"), "“open”"),
        ("The café is open today".encode("utf-16"), "café"),
        (
            b"<html><meta charset='windows-1251'><meta name='date' content='2024-01-01'>"
            b"<title>T</title><div class='article-body'>"
            + "дом ".encode("cp1251") * 40
            + b"</div>",
            "дом",
        ),
    ],
)
def test_bytes_are_decoded_as_they_say_or_as_they_must_be(content: bytes, word: str) -> None:
    [story] = read_stories(content, "x")
    assert word in story.body


def test_wikinews_tokens_are_joined_as_they_are_written() -> None:
    rows = [
        ("The", "DT"), ("<w>", ""), ("all", "DT"), ("-", "HYPH"), ("girl", "NN"), ("</w>", ""),
        ("team", "NN"), ("'s", "POS"), ("aim", "NN"), (":", ":"), ('"', "``"), ("win", "VV"),
        ("(", "("), ("A", "NN"), ("&amp;", "CC"), ("B", "NN"), (")", ")"),
        ('"', "''"), (".", "SENT"),
    ]  # fmt: skip
    tokens = "\n".join(f"{word}\t{tag}\t_" if tag else word for word, tag in rows)
    text = (
        '<text id="x" author="Wikinews" title="Team&apos;s aim" dateCreated="2017-07-18" '
        'sourceURL="https://wiki.example/x">\n<head>\nTeam\tNN\n\'s\tPOS\naim\tNN\n</head>\n'
        "<p>\nTuesday\tNP\n,\t,\nJuly\tNP\n18\tCD\n,\t,\n2017\tCD\n</p>\n"
        f"<figure>\n<caption>\nThe\tDT\nteam\tNN\n</caption>\n</figure>\n<p>\n{tokens}\n</p>\n</text>"
    )
    [story] = read_stories(text.encode(), "x.xml")
    assert story.body == 'The all-girl team\'s aim: "win (A & B)".'
    assert (story.title, story.caption, story.publisher) == ("Team's aim", "The team", "Wikinews")


@pytest.mark.parametrize(
    ("content", "error", "reason"),
    [
        (b"", UnreadableSource, "empty"),
        (b" \n ", UnreadableSource, "empty"),
        (b"x" * (20 * 1024 * 1024 + 1), UnreadableSource, "larger than 20 MiB"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", UnknownFormat, "binary"),
        (b"%PDF-1.7 and so on and on", UnreadableSource, "PDF"),
        (b"{\\rtf1 A story in rich text}", UnknownFormat, "RTF"),
        (b'{"title": "A story in JSON"}', NotAStory, "no text"),
        (b"<svg><text>Not a story at all</text></svg>", UnknownFormat, "<svg>"),
        (b"\xff\xfe\x00\xd8\x00", UnreadableSource, "UTF-8"),
        (b"Too short", NotAStory, "too short"),
    ],
)
def test_what_is_no_story_is_refused_with_a_reason(
    content: bytes, error: type[CorpusError], reason: str
) -> None:
    with pytest.raises(error, match=reason):
        read_stories(content, "x")


def test_a_text_of_which_nothing_but_a_heading_is_a_story_is_refused() -> None:
    content = b'# The \xcf\xcf read this) re\nStory by Cform1"brrea= more\nStory by Cform1"bro2\n'
    [outcome] = read_each(io.BytesIO(content), "a.txt")
    assert isinstance(outcome, Refusal)
