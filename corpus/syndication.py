"""Whose copy a story is, where its publisher took it over from a news agency."""

import re

_AGENCIES = {
    "Associated Press": ("associated press", "the associated press", "ap"),
    "Reuters": ("reuters", "thomson reuters", "reuters news agency"),
    "Agence France-Presse": ("agence france-presse", "agence france presse", "afp"),
    "Bloomberg": ("bloomberg", "bloomberg news"),
    "United Press International": ("united press international", "upi"),
    "Xinhua": ("xinhua", "xinhua news agency"),
    "TASS": ("tass", "itar-tass"),
    "Kyodo News": ("kyodo", "kyodo news"),
    "Yonhap": ("yonhap", "yonhap news agency"),
    "Deutsche Presse-Agentur": ("dpa", "deutsche presse-agentur"),
    "EFE": ("efe", "agencia efe"),
    "ANSA": ("ansa",),
    "PA Media": ("press association", "pa media"),
}
_AGENCY_BY_NAME = {name: agency for agency, names in _AGENCIES.items() for name in names}

_PARTS = re.compile(r"[,;/|•]|\s[-–—]\s|\b(?:for|of|via)\b", re.IGNORECASE)
"""What sets the agency apart from the person: "JANE ROE, Associated Press", "Jane Roe for AP"."""
_POSTS = (" writer", " reporter", " correspondent", " staff")
_IN_BRACKETS = re.compile(r"\(([A-Za-z][A-Za-z .-]{1,30})\)")
_OPENING = 200
"""Characters within which the agency's mark opens a story."""
_CLOSING = re.compile(
    r"(?:©|\(c\)|copyright|source:|—|--|–)\s*(?:[12][0-9]{3},? )?(?:by )?"
    r"([A-Za-z][A-Za-z .-]{1,30})$",
    re.IGNORECASE,
)
_REACH = 80
"""Characters of the last line that can hold a credit; a longer one is a paragraph."""


def agency_of(body: str, *, byline: str | None = None, dateline: str | None = None) -> str | None:
    """Return the agency that the byline, the dateline or the credit line of a story names.

    "By JANE ROE, Associated Press", "WASHINGTON (AP) — " and a last line "© 2024 Reuters" or
    "— Reuters" are such; a story that only speaks of an agency isn't its copy.
    """
    return _of_byline(byline or "") or _of_dateline(dateline, body) or _of_last_line(body)


def _named(words: str) -> str | None:
    named = " ".join(words.split()).strip(" .()").casefold()
    for post in _POSTS:
        named = named.removesuffix(post)
    return _AGENCY_BY_NAME.get(named)


def _of_byline(byline: str) -> str | None:
    parts = _PARTS.split(byline.removeprefix("By ").removeprefix("by "))
    bracketed = _IN_BRACKETS.findall(byline)
    return next(filter(None, map(_named, [*parts, *bracketed])), None)


def _of_dateline(dateline: str | None, body: str) -> str | None:
    opening = body[:_OPENING] if dateline is None else dateline
    for mark in _IN_BRACKETS.finditer(opening):
        follows = opening[mark.end() :].lstrip()
        # In the middle of a sentence, "(AP)" only explains the name before it.
        if (agency := _named(mark[1])) and (
            dateline is not None or follows.startswith(("—", "–", "-"))
        ):
            return agency
    return None


def _of_last_line(body: str) -> str | None:
    last = body[-_REACH - 1 :].rstrip().rpartition("\n")
    credit = _CLOSING.search(last[2]) if last[1] or len(body) <= _REACH else None
    return _named(credit[1]) if credit else None
