from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import CorpusError
from corpus.sources import read_stories

PIECES = st.sampled_from(
    [
        *[
            "<html>",
            "<p>",
            "</p>",
            "<br>",
            "<li>",
            "<td>",
            "<script>",
            "<meta name='date' content='",
        ],
        *["<rss>", "<item>", "<title>", "</title>", "<description>", "</description>", "</item>"],
        *[
            "</rss>",
            "<![CDATA[",
            "]]>",
            "<!DOCTYPE html>",
            "<!--",
            "-->",
            "&amp;",
            "&#1;",
            "&",
            "'>",
        ],
        *[
            "---\n",
            "title: ",
            "date: ",
            "draft: ",
            "2024-01-01",
            "[",
            "{",
            "- ",
            "*",
            "`",
            "| a |\n",
        ],
        *["Story by A\n", "Story ID: 1\n", "Photo By A | b\n", "News | May 3, 2022\n", "ABOUT X\n"],
        *[
            "<text sourceURL='x' title=\"",
            "word\tNN\n",
            "Words of a story. ",
            "\n",
            "\n\n",
            "\0",
            "é",
        ],
    ]
)
CONTENTS = st.one_of(
    st.binary(),
    st.text().map(str.encode),
    st.lists(PIECES, max_size=40).map(lambda pieces: "".join(pieces).encode()),
)


@given(CONTENTS)
def test_any_bytes_are_stories_with_words_or_refused(content: bytes) -> None:
    try:
        stories = read_stories(content, "fuzz")
    except CorpusError:
        return
    assert stories
    for story in stories:
        assert story.source == "fuzz"
        assert story.title.strip()
        assert story.body == story.body.strip()
        assert story.body
