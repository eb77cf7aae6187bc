"""The place that opens a news story's first paragraph."""

import re

_REACH = 140
_DASH = re.compile(r"\s*(?:—|–|--|(?<=\s)-(?=\s))")
_CAPITALS = r"[A-Z][A-Z.'’-]*"
_NAME = r"\(?[A-Z0-9][\w.'’-]*\)?"
_PLACE = re.compile(
    rf"(?=[A-Z][A-Z.'’]){_CAPITALS}(?:[ /](?:{_CAPITALS}|of|the|and|near|over|at|in|de|la))*"
    rf"(?:, ?{_NAME}(?:[ /]{_NAME})*)*"
    r"(?:,? \([A-Z][\w /.-]*\))?"
)


def dateline_of(paragraph: str) -> str | None:
    """Return what stands before the first dash of *paragraph*, if it is a place in capitals.

    "LYON, France—Members of" gives "LYON, France". The dash may be an em or en dash, "--", or a
    hyphen between spaces; it must stand within the first 140 characters.
    """
    dash = _DASH.search(paragraph[:_REACH])
    if not dash:
        return None
    place = " ".join(paragraph[: dash.start()].split()).rstrip(",:")
    return place if _PLACE.fullmatch(place) else None
