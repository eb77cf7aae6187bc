"""The place that opens a news story's first paragraph."""

import re

_PARAGRAPHS = 4
_REACH = 140
"""Characters from the paragraph's start; a dash further on belongs to a sentence."""

_DASH = re.compile(r"\s*(?:—|–|--|(?<=\s)-(?=\s))")
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
    first dash, which may be an em or en dash, "--", or a hyphen between spaces. Release numbers,
    subheads and captions may stand above it, so the first four paragraphs are looked at.
    """
    found = map(_dateline, body.split("\n\n", _PARAGRAPHS)[:_PARAGRAPHS])
    return next(filter(None, found), None)


def _dateline(paragraph: str) -> str | None:
    dash = _DASH.search(paragraph[:_REACH])
    if not dash or _NUMBER.match(paragraph, dash.end()):
        return None
    place = " ".join(paragraph[: dash.start()].split()).rstrip(",:")
    return place if _PLACE.fullmatch(place) else None
