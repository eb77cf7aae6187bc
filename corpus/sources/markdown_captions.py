"""Captions in Markdown, which has no mark for them."""

import re
from itertools import pairwise

from corpus.sources.bylines import credit_in
from corpus.sources.dateline import dateline_of
from corpus.sources.html_limits import Element
from corpus.sources.html_text import CAPTION_CLASS, words_of

_BY = r"\b[Pp]hotos?(?: by:?| courtesy of){1,2} [A-Z0-9][^!?]{2,60}"
_CREDIT = re.compile(rf"[^.!?]{{0,60}}{_BY}")
_ENDING_CREDIT = re.compile(_BY)
_TEXT = re.compile(r"[\"“]|(?:story|article|by)\b", re.I)
"""What opens a quotation or a byline, and no caption."""

_CREDIT_REACH = 100
"""Characters from a caption's end in which its credit stands."""

_LONGEST = 800
"""Characters; what is longer is no caption."""


def mark_captions(page: Element, *, image_above: bool) -> None:
    """Give the paragraphs of *page* that tell what is in a picture the class of captions.

    A caption is a paragraph beside a picture that is all in italics or ends with a photo's
    credit, or one anywhere that is a credit and nothing else; never the story's byline or
    the paragraph that its dateline opens. *image_above* says that a picture stands above the first
    paragraph.
    """
    after_picture = image_above
    captions, told, kept = [], 0, 0
    blocks = [block for block in page.iter("p", "img") if block.tag == "img" or words_of(block)]
    for block, following in pairwise([*blocks, None]):
        words = words_of(block)
        before_picture = following is not None and following.tag == "img"
        if block.tag == "img":
            after_picture = True
        elif _is_caption(block, words, beside=after_picture or before_picture):
            captions.append(block)
            told += len(words)
        else:
            after_picture = False
            kept += len(words)
    if told < kept:
        for caption in captions:
            caption.set("class", CAPTION_CLASS)


def _is_caption(paragraph: Element, words: str, *, beside: bool) -> bool:
    if len(words) > _LONGEST or _TEXT.match(words) or credit_in(words) or dateline_of(words):
        return False
    if _CREDIT.fullmatch(words.strip("*()")):
        return True
    credited = _ENDING_CREDIT.search(words[-_CREDIT_REACH:]) is not None
    return beside and (credited or _is_in_italics(paragraph, words))


def _is_in_italics(paragraph: Element, words: str) -> bool:
    return words == " ".join(filter(None, map(words_of, paragraph.iter("em"))))
