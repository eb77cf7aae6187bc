"""Text copied from a DVIDS news page (dvidshub.net/news/<id>)."""

import re
from dataclasses import dataclass

from corpus.dates import dotted_date
from corpus.errors import NotAStory
from corpus.sources.dateline import dateline_of
from corpus.sources.text_lines import Line, lines_of, slice_of
from corpus.story import Story, story_id_of

_LABEL = re.compile(
    r"(Date Taken|Date Posted|Story ID|Location|Web Views|Downloads|Podcast Hits)\s*:\s*(.*)"
)
_BYLINE = re.compile(r"(?:Story by\s+(.+)|Courtesy Story)", re.I)
_PHOTO = re.compile(r"Photo By |Courtesy Photo", re.I)
_UNIT_LIMIT = 120
"""Characters; a longer line after the byline is the first paragraph, not the unit's name."""


@dataclass(frozen=True, slots=True)
class _Head:
    """What stands above the byline."""

    title: str
    photo_title: str | None = None
    photo_credit: str | None = None
    caption: str | None = None
    caption_truncated: bool = False


def is_dvids_text(text: str) -> bool:
    """Say whether *text* has the block of labels that ends a DVIDS news page."""
    if "Story ID:" not in text:
        return False
    lines = lines_of(text)
    return any(line.words.startswith("Story ID:") for line in lines) and any(
        _BYLINE.fullmatch(line.words) for line in lines
    )


def read_dvids_text(text: str, source: str) -> list[Story]:
    """Return the story of a DVIDS news page.

    The publisher is the unit, which wrote and released the story; DVIDS only distributes it. Times
    are kept without a zone, as the page names none. Raises `NotAStory` where the body is missing.
    """
    lines = lines_of(text)
    byline_at = next(at for at, line in enumerate(lines) if _BYLINE.fullmatch(line.words))
    body_end = _labels_start(lines, byline_at)
    labels = _labels(lines[body_end:])
    unit, body_lines = _unit_and_body(lines[byline_at + 1 : body_end])
    head = _head(lines[:byline_at])
    byline = _BYLINE.fullmatch(lines[byline_at].words)
    number = labels.get("Story ID", "")
    body = slice_of(text, body_lines)
    return [
        Story(
            story_id=number or story_id_of(f"{head.title}\n{body}"),
            source=source,
            url=f"https://www.dvidshub.net/news/{number}" if number else None,
            title=head.title,
            body=body,
            byline=byline[1] if byline else None,
            unit=unit,
            publisher=unit or "DVIDS",
            dateline=dateline_of(body),
            location=labels.get("Location"),
            published_at=dotted_date(labels.get("Date Posted", "")),
            taken_at=dotted_date(labels.get("Date Taken", "")),
            photo_title=head.photo_title,
            photo_credit=head.photo_credit,
            caption=head.caption,
            caption_truncated=head.caption_truncated,
        )
    ]


def _labels_start(lines: list[Line], byline_at: int) -> int:
    """Return the index of the first line of the label block that holds the story's number."""
    at = max(at for at, line in enumerate(lines) if line.words.startswith("Story ID:"))
    while at - 1 > byline_at and _LABEL.fullmatch(lines[at - 1].words):
        at -= 1
    return at


def _labels(lines: list[Line]) -> dict[str, str]:
    """Return the filled labels by name."""
    found = (_LABEL.fullmatch(line.words) for line in lines)
    return {label[1]: label[2] for label in found if label and label[2]}


def _unit_and_body(lines: list[Line]) -> tuple[str | None, list[Line]]:
    """Split what stands between the byline and the labels."""
    if not lines:
        raise NotAStory("the DVIDS page has no text between its byline and its dates")
    if len(lines) == 1 or len(lines[0].words) > _UNIT_LIMIT:
        return None, lines
    return lines[0].words, lines[1:]


def _head(lines: list[Line]) -> _Head:
    """Read titles and caption from the lines above the byline.

    The page's own furniture ends with the alternative text of the DVIDS logo. Where that line is
    missing, the title and the photo's title are the last two lines before the photo's.
    """
    photo_at = next((at for at, line in enumerate(lines) if _is_photo(line.words)), None)
    titles = [line.words for line in lines[:photo_at] if not dotted_date(line.words)]
    logo_at = max((at for at, words in enumerate(titles) if words.endswith("Logo")), default=None)
    expected = 1 if photo_at is None else 2
    titles = titles[-expected:] if logo_at is None else titles[logo_at + 1 :]
    if not titles:
        raise NotAStory("the DVIDS page has no title above its byline")
    if photo_at is None:
        return _Head(titles[0])
    photo, _, words = lines[photo_at].words.partition("|")
    caption, truncated = _caption(words.strip())
    return _Head(
        title=titles[0],
        photo_title=titles[1] if len(titles) > 1 else None,
        photo_credit=photo.strip() if photo[:5].lower() != "photo" else photo[9:].strip(),
        caption=caption,
        caption_truncated=truncated,
    )


def _is_photo(words: str) -> bool:
    return "|" in words and _PHOTO.match(words) is not None


def _caption(words: str) -> tuple[str | None, bool]:
    """Return the caption without the page's "... read more read more", and if it was cut there."""
    truncated = words.endswith("read more")
    for _ in range(2):
        words = words.removesuffix("read more").rstrip()
    if truncated:
        words = words.removesuffix("...")
    return words or None, truncated
