"""Plain text: a title line and what follows it."""

from corpus.errors import NotAStory
from corpus.sources.dateline import dateline_of
from corpus.sources.text_lines import lines_of, slice_of
from corpus.story import Story, story_id_of

_TITLE_LIMIT = 250
_LEAST_WORDS = 5


def read_plain_text(text: str, source: str) -> list[Story]:
    """Return the text as a story: its first line is the title, the rest the body.

    Where the first line is too long for a title, or stands alone, it is body too. Raises
    `NotAStory` for fewer than five words.
    """
    lines = lines_of(text)
    if sum(len(line.words.split()) for line in lines) < _LEAST_WORDS:
        raise NotAStory("the text is too short to be a story")
    first = lines[0].words
    has_title = len(lines) > 1 and len(first) <= _TITLE_LIMIT
    body_lines = lines[1:] if has_title else lines
    title = first if has_title else _shortened(first)
    body = slice_of(text, body_lines)
    return [
        Story(
            story_id=story_id_of(f"{title}\n{body}"),
            source=source,
            title=title,
            body=body,
            dateline=dateline_of(body),
        )
    ]


def _shortened(words: str) -> str:
    """Return the first words, at most 80 characters of them."""
    if len(words) <= 80:
        return words
    return words[:79].rsplit(maxsplit=1)[0] + "…"
