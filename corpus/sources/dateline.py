"""The place that opens a news story's first paragraph."""

import re

_PARAGRAPHS = 4
_REACH = 140
"""Characters from the paragraph's start; a dash further on belongs to a sentence."""

_DASH = re.compile(r"\s*(?:—|–|--|(?<=\s)-(?=[\sA-Z“]))")
_CREDIT = re.compile(r",? [Bb]y ([A-Z0-9].{1,80})")
_DAY = re.compile(r",? [A-Z][a-z]{2,8}\.?,? ?\d{1,2}(?: ?[-–] ?\d{1,2})?(?:, ?\d{4}|,)?$")
_NUMBER = re.compile(r"\s*\d")
_CAPITALS = r"[A-Z][A-Z.'’-]*"
_NAME = r"\(?[A-Z0-9][\w.'’-]*\)?"
_PLACE = re.compile(
    rf"(?=[A-Z][A-Z.'’]){_CAPITALS}(?:[ /](?:{_CAPITALS}|of|the|and|near|over|at|in|de|la))*"
    rf"(?:, ?{_NAME}(?:[ /]{_NAME})*)*"
    r"(?:,? \([A-Z][\w /.-]*\))?"
)


def dateline_of(body: str) -> str | None:
    """Return the dateline of *body*, or None.

    "LYON, France—Members of" gives "LYON, France": the place in capitals before a paragraph's
    first dash, which may be an em or en dash, "--", or a hyphen after a space. A day and a byline
    between them are left out. Release numbers, subheads and captions may stand above it, so the
    first four paragraphs are looked at.
    """
    return place_and_credit(body)[0]


def place_and_credit(body: str) -> tuple[str | None, str | None]:
    """Return the dateline, and the byline that may follow it.

    "FORT STORY, Va., July 10, 2013, By Sgt. Jo Poe - The" gives "FORT STORY, Va." and
    "Sgt. Jo Poe".
    """
    openings = map(_opening, body.split("\n\n", _PARAGRAPHS)[:_PARAGRAPHS])
    return next(filter(None, openings), (None, None))


def _opening(paragraph: str) -> tuple[str, str | None] | None:
    dash = _DASH.search(paragraph[:_REACH])
    if not dash or _NUMBER.match(paragraph, dash.end()):
        return None
    opening = " ".join(paragraph[: dash.start()].split())
    credit = _CREDIT.search(opening)
    if credit:
        opening = opening[: credit.start()]
    place = _DAY.sub("", opening.rstrip(",:")).rstrip(",:")
    if not _PLACE.fullmatch(place):
        return None
    return place, credit[1].strip(" ,") if credit else None
