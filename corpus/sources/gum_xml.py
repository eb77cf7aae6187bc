"""Wikinews stories of the GUM corpus: XML with a token on each line."""

import html
import re
from collections.abc import Iterator
from itertools import takewhile

from corpus.dates import any_date, iso_date
from corpus.errors import NotAStory
from corpus.sources.xml_root import root_name
from corpus.story import Story, story_id_of

_ATTRIBUTE = re.compile(r'([A-Za-z]{1,40})="([^"]*)"')
_BLOCK = re.compile(r"<(p|head|item|caption|dateline|sp|list|figure)\b")
_CLOSERS = frozenset(",.;:!?%)]}…") | {"..."}
_CLITIC = re.compile(r"['’](?:s|re|ve|ll|m|d)|n['’]t", re.I)
_OPENERS = frozenset("([{$£€#")


def is_gum_xml(text: str) -> bool:
    """Say whether *text* is a GUM document that names its web source."""
    return root_name(text) == "text" and 'sourceURL="' in text[:8192]


def read_gum_xml(text: str, source: str) -> list[Story]:
    """Return the story, its tokens joined as they are usually written.

    The corpus keeps no record of spaces, so quotes and hyphens follow the part-of-speech tags.
    Raises `NotAStory` where no words are left.
    """
    attributes = {
        name: html.unescape(words)
        for name, words in _ATTRIBUTE.findall(text[: text.find("\n") + 1])
    }
    blocks = [(kind, joined) for kind, block in _blocks(text) if (joined := _join(block))]
    paragraphs = [
        joined
        for kind, joined in takewhile(lambda block: block[1] != "Sources", blocks)
        if kind not in ("caption", "dateline")
    ]
    title = attributes.get("title", "").strip()
    if paragraphs and _letters(paragraphs[0]) == _letters(title):
        del paragraphs[0]
    if not title or not paragraphs:
        raise NotAStory("the GUM file has no title or no text")
    if len(paragraphs) > 1 and any_date(paragraphs[0]):
        del paragraphs[0]
    body = "\n\n".join(paragraphs)
    url = attributes.get("sourceURL", "")
    return [
        Story(
            story_id=story_id_of(url or f"{title}\n{body}"),
            source=source,
            url=url if url.startswith(("http://", "https://")) else None,
            title=title,
            body=body,
            publisher=attributes.get("author") or None,
            published_at=iso_date(attributes.get("dateCreated", "")),
            caption=next((joined for kind, joined in blocks if kind == "caption"), None),
        )
    ]


def _blocks(text: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield each paragraph's kind and its (token, part of speech) pairs.

    The tags "<w>" and "</w>" stand between the tokens that they glue together.
    """
    kind, block = "", list[tuple[str, str]]()
    for line in text.splitlines():
        opening = _BLOCK.match(line)
        if opening:
            yield kind, block
            kind, block = opening[1], []
        elif line in ("<w>", "</w>"):
            block.append((line, ""))
        elif "\t" in line:
            token, part_of_speech = line.split("\t")[:2]
            block.append((html.unescape(token), part_of_speech))
    yield kind, block


def _join(block: list[tuple[str, str]]) -> str:
    """Write the tokens as a line of text."""
    line: list[str] = []
    glued, in_word = True, False
    for words, part_of_speech in block:
        if words in ("<w>", "</w>"):
            in_word = not words.startswith("</")
            glued = glued and in_word
            continue
        line.append(words if glued or _closes(words, part_of_speech) else f" {words}")
        glued = in_word or words in _OPENERS or part_of_speech == "``"
    return "".join(line).strip()


def _closes(words: str, part_of_speech: str) -> bool:
    """Say whether the token is written without a space before it."""
    return (
        words in _CLOSERS or part_of_speech in ("''", "POS") or _CLITIC.fullmatch(words) is not None
    )


def _letters(words: str) -> str:
    return "".join(filter(str.isalnum, words)).casefold()
