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
    rf"(?=[A-Z][A-Z.'’]){_CAPITALS}"
    rf"(?:(?:[ /]| - )(?:{_CAPITALS}|of|the|and|near|over|at|in|de|la))*"
    rf"(?:, ?{_NAME}(?:[ /]{_NAME})*)*"
    r"(?:,? \([A-Z][\w /.-]*\))?"
)
_TOWN_AND_STATE = re.compile(r"[A-Z][a-z]{2,20}(?: [A-Z][a-z]{2,20}){0,2}, [A-Z][\w.]{1,20}")
_CITIES = (
    "Atlanta|Baltimore|Boston|Chicago|Cincinnati|Cleveland|Dallas|Denver|Detroit|Honolulu|Houston"
    "|Indianapolis|Las Vegas|Los Angeles|Miami|Milwaukee|Minneapolis|New Orleans|New York"
    "|Oklahoma City|Philadelphia|Phoenix|Pittsburgh|St\\. Louis|Salt Lake City|San Antonio"
    "|San Diego|San Francisco|Seattle|Washington"
)
"""The cities of the United States that stand without their state in a dateline (AP style)."""

_CITY = re.compile(rf"(?:{_CITIES})(?:, D\.?C\.?)?")
_CITY_WITHOUT_DASH = re.compile(rf"({_CITIES.upper()})\s?(?=[A-Z][a-z]|A |U\.S\.)")


def dateline_of(body: str) -> str | None:
    """Return the dateline of *body*, or None.

    "LYON, France—Members of" gives "LYON, France": the place in capitals before a paragraph's
    dash, which may be an em or en dash, "--", or a hyphen after a space. A day and a byline
    between them are left out. Release numbers, subheads and captions may stand above it, so the
    first four paragraphs are looked at. Cities that every reader knows may also be written in
    small letters, or have lost their dash.
    """
    return place_and_credit(body)[0]


def place_and_credit(body: str) -> tuple[str | None, str | None]:
    """Return the dateline, and the byline that may follow it.

    "FORT STORY, Va., July 10, 2013, By Sgt. Jo Poe - The" gives "FORT STORY, Va." and
    "Sgt. Jo Poe".
    """
    paragraphs = body.split("\n\n", _PARAGRAPHS)[:_PARAGRAPHS]
    found = next(filter(None, map(_opening, paragraphs)), None)
    if found is None:
        city = next(filter(None, map(_CITY_WITHOUT_DASH.match, paragraphs)), None)
        return (city[1] if city else None), None
    return found


def _opening(paragraph: str) -> tuple[str, str | None] | None:
    """Return place and byline before the last dash that they may stand before."""
    for dash in reversed(list(_DASH.finditer(paragraph[:_REACH]))):
        found = None if _NUMBER.match(paragraph, dash.end()) else _place(paragraph[: dash.start()])
        if found:
            return found
    return None


def _place(words: str) -> tuple[str, str | None] | None:
    opening = " ".join(words.split())
    credit = _CREDIT.search(opening)
    if credit:
        opening = opening[: credit.start()]
    opening = opening.rstrip(",:")
    place = _DAY.sub("", opening).rstrip(",:")
    is_dated = place != opening
    if not (
        _PLACE.fullmatch(place)
        or _CITY.fullmatch(place)
        or (is_dated and _TOWN_AND_STATE.fullmatch(place))
    ):
        return None
    return place, credit[1].strip(" ,") if credit else None
